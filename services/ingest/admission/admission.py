"""Admission control: whether records may come in now, over HTTP and from the counties' topics."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import Counter

from services.chassis.http.problems import Refusal
from services.ingest.admission.body_memory import BodiesAtWork, Bounds, Full, OneBody
from services.ingest.admission.fair_shares import InFlight
from services.ingest.core.message import TOPIC

THROTTLED = Counter(
    "reliefstream_ingest_throttled_total",
    "HTTP requests answered by 429 or 503 with Retry-After",
    ["county", "reason"],
)
BODY_WAIT_S = 2


class TryLater(Refusal):
    """429 or 503, with Retry-After in whole seconds and what to do."""


class Admission:
    """Counts the records that come in by topic and HTTP, and limits both."""

    def __init__(
        self, in_flight: InFlight, bounds: Bounds, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._in_flight, self._bodies, self._seconds = in_flight, BodiesAtWork(bounds), seconds

    def room(self) -> int:
        """The number of records that may come in from the counties' topics now."""
        return self._in_flight.limit - self._in_flight.records

    def taken(self, topic: str, records: int) -> None:
        """Counts records that came in from a county's topic."""
        self.came_in(topic.removeprefix(TOPIC), records)

    def came_in(self, county: str, records: int) -> None:
        """Counts records that a county sent over HTTP."""
        self._in_flight.came_in(county, records, self._seconds())

    @contextmanager
    def request(self, county: str) -> Iterator[OneBody]:
        """Context manager: one request and its body. Raises TryLater, also when the body grows too large."""
        wait = self._in_flight.wait(county, self._seconds())
        if wait is not None:
            raise _too_many_in_flight(county, wait)
        try:
            with self._bodies.one(county) as body:
                yield body
        except Full as full:
            raise _bodies_are_many(county, everybody=full.everybody) from None


def _too_many_in_flight(county: str, wait: int) -> TryLater:
    detail = (
        f"The services downstream still process earlier records. Send the same again in {wait} "
        "seconds, or send through the county's topic, where records wait by themselves: reliefstream submit"
    )
    return _later(county, wait, 429, "too_many_in_flight", ("Too many records in flight", detail))


def _bodies_are_many(county: str, *, everybody: bool) -> TryLater:
    said = (
        f"Send the same again in {BODY_WAIT_S} seconds; large files go through the county's topic: "
        "reliefstream submit"
    )
    if everybody:
        busy = f"Intake is busy with other counties' requests. {said}"
        return _later(county, BODY_WAIT_S, 503, "intake_busy", ("Busy", busy))
    own = f"This county's earlier requests are still being processed; send one after the other. {said}"
    return _later(county, BODY_WAIT_S, 429, "bodies_full", ("Too many requests", own))


def _later(county: str, wait: int, status: int, reason: str, said: tuple[str, str]) -> TryLater:
    THROTTLED.labels(county, reason).inc()
    return TryLater(status, reason, *said, {"Retry-After": str(wait)})
