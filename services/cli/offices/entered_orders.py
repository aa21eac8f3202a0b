"""What clerks entered in a county: standing orders, and a court's orders on proposed orders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from services.cli.client import services
from services.cli.offices import shown
from services.cli.terminal.exit import WrongUsage


@dataclass(frozen=True)
class Entry:
    """An order that one clerk entered. ``proposed_order``: the list that it was entered on; None: a standing order.

    ``waits``: another clerk has still to confirm it. ``said``: all that was entered, by whom and when.
    """

    county: str
    number: str
    proposed_order: str | None
    waits: bool
    digest: str
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What it is, for a person."""
        if self.proposed_order is None:
            return f"standing order {self.number}"
        return f"order {self.number} on {self.proposed_order}"

    def confirm(self) -> Any:
        """What relief answers to the confirmation of the entry as this command showed it.

        Raises WrongUsage where it showed none, Refused, ServerMissing.
        """
        seen = shown.known("orders").get(self.key)
        if seen is None:
            raise WrongUsage(f"Look at it first: reliefstream order list --county {self.county}")
        return self._ask("confirm", digest=seen[0])

    def discard(self) -> Any:
        """What relief answers. Raises Refused, ServerMissing."""
        return self._ask("discard" if self.proposed_order is None else "discard-entry")

    @property
    def key(self) -> str:
        """Under which ``confirm`` remembers what was shown of it."""
        return f"{self.proposed_order or self.county}/{self.number}"

    def _ask(self, verb: str, **body: str) -> Any:
        top = f"/v1/proposed-orders/{quote(self.proposed_order, safe='')}" if self.proposed_order else None
        path = f"{top or _of(self.county) + '/standing-orders'}/{verb}"
        return services.ask("relief", "POST", path, body={"number": self.number, **body})


def entries(county: str) -> list[Entry]:
    """All that wait or count, standing orders first. Raises Refused, ServerMissing."""
    return [*_standing(county), *_proposed(county)]


def remember(found: list[Entry]) -> None:
    """Keeps what was shown of each, for ``confirm``."""
    shown.remember("orders", {each.key: [each.digest] for each in found})


def _standing(county: str) -> Iterator[Entry]:
    found = services.ask("relief", "GET", f"{_of(county)}/standing-orders")
    for one in found["standing_orders"]:
        if one["ended_at"] is None:
            yield Entry(county, one["number"], None, one["confirmed_at"] is None, one["digest"], one)


def _proposed(county: str) -> Iterator[Entry]:
    found = services.ask("relief", "GET", f"{_of(county)}/proposed-orders")
    for one in found["proposed_orders"]:
        if made := one["court_order"]:
            listed, waits = one["proposed_order_id"], one["state"] == "waiting"
            yield Entry(county, made["number"], listed, waits, one["digest"], {**one, **made})


def _of(county: str) -> str:
    return f"/v1/counties/{quote(county, safe='')}"
