"""Relief's orders that the records no longer fit, as far as the console's page asks them."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.http.problems import problem

PLACE = "/v1/counties/{county}/differing-orders"


def a_differing_order(number: int, **facts: Any) -> dict[str, Any]:
    """An order as relief shows it, whose conviction is determined otherwise now."""
    conviction = {
        "section": "HS 11358",
        "case_number": f"BA-{number}",
        "conviction_date": "1999-04-02",
        "court": "Van Nuys",
        "city": None,
    }
    return {
        "relief_id": str(uuid5(UUID(int=8), str(number))), "version": 1, "differs": "not_eligible",
        "since": "2026-11-03T10:00:00+00:00", "owner": "district_attorney", "conviction": conviction,
        "kind": "dismissal", "redesignated_to": None,
        "order": {"number": "SO-1", "judge": "A. Reyes", "on": "2026-11-01", "standing": True},
        "now": [{"outcome": "not_eligible", "reason": "super_strike_prior"}], "other_orders": [],
        **facts,
    }  # fmt: skip


def ordered_twice(number: int) -> dict[str, Any]:
    """Two orders on one conviction."""
    first = a_differing_order(number + 1)
    return a_differing_order(number, differs="ordered_twice", owner="clerk", other_orders=[first])


@dataclass
class FakeDifferingOrders:
    """What waits, and what was settled with which words."""

    orders: list[dict[str, Any]] = field(default_factory=list)
    settled: list[dict[str, Any]] = field(default_factory=list)

    def relief(self) -> list[Route]:
        return [Route(PLACE, self.listed), Route(f"{PLACE}/{{relief}}/settle", self.settle, methods=["POST"])]

    async def listed(self, _: Request) -> Response:
        return JSONResponse({"number": len(self.orders), "orders": self.orders, "next": None})

    async def settle(self, request: Request) -> Response:
        body = json.loads(await request.body())
        found = [one for one in self.orders if one["relief_id"] == request.path_params["relief"]]
        if found and found[0]["version"] != body["version"]:
            return problem(412, "changed", "It changed", "What is determined changed since it was shown.")
        self.settled.append(body)
        self.orders = [one for one in self.orders if one not in found]
        return JSONResponse({"done": bool(found)})
