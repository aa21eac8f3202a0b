"""What the public defender does about a challenge, and a client who asks, as far as the console's pages ask it."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.http.problems import problem

AT = "2026-11-04T10:00:00+00:00"


@dataclass
class FakeDefence:
    """``cases``: what is shown of each challenged relief, by its id. ``refuse``: answers instead, by verb."""

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: list[tuple[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    refuse: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    convictions: list[dict[str, Any]] = field(default_factory=list)

    def add(self, relief: dict[str, Any]) -> None:
        self.cases[relief["relief_id"]] = {
            "relief": relief, "answers": [], "handed_over": None, "contacts": [],
        }  # fmt: skip

    def relief(self) -> list[Route]:
        one = "/v1/counties/{county}/challenges/{relief}"
        return [Route(one, self.shown), Route(f"{one}/{{verb}}", self.act, methods=["POST"])]

    def reconciliation(self) -> list[Route]:
        return [Route("/v1/counties/{county}/clients", self.look_up, methods=["POST"])]

    async def shown(self, request: Request) -> Response:
        found = self.cases.get(request.path_params["relief"])
        return JSONResponse(found) if found else problem(404, "not_found", "Not found", "There is none.")

    async def act(self, request: Request) -> Response:
        verb, key = request.path_params["verb"], request.headers["idempotency-key"]
        if verb in self.refuse:
            status, code, detail = self.refuse[verb]
            return problem(status, code, code, detail)
        case, body = self.cases[request.path_params["relief"]], json.loads(await request.body())
        if key not in self.keys:
            self.keys.add(key)
            self.said.append((verb, body))
            if verb == "answer":
                case["answers"].append({"at": AT, "account": "person-1", **body})
            elif verb == "contacts":
                case["contacts"].append({"at": AT, "account": "person-1", **body})
            else:
                del self.cases[request.path_params["relief"]]
        return JSONResponse(case)

    async def look_up(self, request: Request) -> Response:
        body = json.loads(await request.body())
        self.said.append(("look-up", body))
        if "look-up" in self.refuse:
            status, code, detail = self.refuse["look-up"]
            return problem(status, code, code, detail)
        known = bool(self.convictions)
        text = (
            "The person is on record in this county."
            if known
            else "No record of this county is this person's."
        )
        return JSONResponse(
            {
                "answer": "found" if known else "missing",
                "text": text,
                "subject_id": "00000000-0000-0000-0000-000000000001" if known else None,
                "convictions": self.convictions,
            }
        )
