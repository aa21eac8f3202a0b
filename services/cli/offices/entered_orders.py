"""What clerks entered in a county: standing orders, and a court's orders on proposed orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from services.cli.client import services


@dataclass(frozen=True)
class Entry:
    """An order that one clerk entered. ``proposed_order``: the list that it was entered on; None: a standing order.

    ``waits``: another clerk has still to confirm it. ``facts``: its number, judge and day.
    """

    county: str
    number: str
    facts: str
    proposed_order: str | None
    waits: bool

    @property
    def name(self) -> str:
        """What it is, for a person."""
        if self.proposed_order is None:
            return f"standing order {self.facts}"
        return f"order {self.facts} on {self.proposed_order}"

    def ask(self, verb: str) -> Any:
        """What relief answers to ``confirm`` or ``discard`` of it. Raises Refused, ServerMissing."""
        if self.proposed_order is None:
            path = f"{_of(self.county)}/standing-orders/{verb}"
        else:
            act = "discard-entry" if verb == "discard" else verb
            path = f"/v1/proposed-orders/{quote(self.proposed_order, safe='')}/{act}"
        return services.ask("relief", "POST", path, body={"number": self.number})


def entries(county: str) -> list[Entry]:
    """All that wait or count, standing orders first. Raises Refused, ServerMissing."""
    return [*_standing(county), *_proposed(county)]


def _standing(county: str) -> Iterator[Entry]:
    found = services.ask("relief", "GET", f"{_of(county)}/standing-orders")
    for one in found["standing_orders"]:
        if one["ended_at"] is None:
            facts = f"{one['number']}, {one['judge']}, {one['on']}"
            yield Entry(county, one["number"], facts, None, one["confirmed_at"] is None)


def _proposed(county: str) -> Iterator[Entry]:
    found = services.ask("relief", "GET", f"{_of(county)}/proposed-orders")
    for one in found["proposed_orders"]:
        if made := one["court_order"]:
            facts = f"{made['number']}, {made['judge']}, {made['on']}"
            yield Entry(county, made["number"], facts, one["proposed_order_id"], one["state"] == "waiting")


def _of(county: str) -> str:
    return f"/v1/counties/{quote(county, safe='')}"
