"""Selects dead letters for a command, and reads them from every service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from cyclopts import Parameter

from services import SERVICES
from services.cli.client.known_county import KnownCounty
from services.cli.client.services import ask
from services.cli.terminal.exit import WrongUsage

PAGE = 100


@Parameter(name="*")
@dataclass(frozen=True)
class Choice:
    """All filters that are given must match."""

    service: Annotated[str | None, Parameter(help="only this service's")] = None
    reason: Annotated[str | None, Parameter(help="only those with this reason: defect, event_too_large")] = (
        None
    )
    consumer: Annotated[str | None, Parameter(help="only this consumer's: eligibility.histories-v1")] = None
    topic: Annotated[str | None, Parameter(help="only records of this topic")] = None
    county: Annotated[KnownCounty, Parameter(help="only records that name this county")] = None
    since: Annotated[date | None, Parameter(help="since this day (UTC)")] = None
    until: Annotated[date | None, Parameter(help="up to this day (UTC)")] = None

    def named(self) -> bool:
        """Whether any filter is given."""
        return self != EVERY

    def letters(self, state: str = "open", after: str | None = None) -> Iterator[dict[str, Any]]:
        """The letters with the name that commands take, service by service, oldest first; ``after``: behind this
        one. ``by`` is the county, where the record names one. Raises WrongUsage."""
        if self.service is not None and self.service not in SERVICES:
            raise WrongUsage(f"No service {self.service!r}; there are {', '.join(SERVICES)}")
        begin, number = named(after) if after else (SERVICES[0], 0)
        for owner in SERVICES[SERVICES.index(begin) :]:
            if self.service in (None, owner):
                yield from self._of(owner, state, number if owner == begin else 0)

    def _of(self, owner: str, state: str, after: int) -> Iterator[dict[str, Any]]:
        while True:
            query = {
                "reason": self.reason, "consumer": self.consumer, "topic": self.topic, "since": self.since,
                "until": self.until, "state": state, "by": "county", "after": after, "limit": PAGE,
            }  # fmt: skip
            page = ask(owner, "GET", "/v1/dead-letters", query=query)["dead_letters"]
            for letter in page:
                if self.county in (None, letter.get("by")):
                    yield {**letter, "name": f"{owner}/{letter['id']}"}
            if len(page) < PAGE:
                return
            after = page[-1]["id"]


EVERY = Choice()


def named(name: str) -> tuple[str, int]:
    """Service and number of a letter's name. Raises WrongUsage."""
    service, _, number = name.partition("/")
    if service not in SERVICES or not (number.isascii() and number.isdigit()):
        raise WrongUsage(
            f"{name!r} names no dead letter: SERVICE/NUMBER, as `reliefstream dead-letters list` shows"
        )
    return service, int(number)
