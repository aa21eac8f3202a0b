"""Who may come in over HTTP now, and what one who may not is told."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import Counter

from services.chassis.http.problems import Refusal
from services.ingest.admission.body_memory import BodiesAtWork, Bounds, Full, OneBody
from services.ingest.admission.fair_shares import Flow
from services.ingest.core.message import TOPIC

TURNED_AWAY = Counter(
    "reliefstream_ingest_turned_away_total",
    "HTTP requests answered by 429 or 503 with Retry-After",
    ["county", "reason"],
)
BODY_WAIT_S = 2


class TryLater(Refusal):
    """429 or 503, with Retry-After in whole seconds and what to do."""


class Admission:
    """The count, by topic and HTTP, of what comes in. For the county topics, an intake; for HTTP, yes or TryLater."""

    def __init__(self, flow: Flow, bounds: Bounds, seconds: Callable[[], float] = time.monotonic) -> None:
        self._flow, self._bodies, self._seconds = flow, BodiesAtWork(bounds), seconds

    def room(self) -> int:
        """Records that may come in from the counties' topics now."""
        return self._flow.limit - self._flow.under_way

    def taken(self, topic: str, records: int) -> None:
        """Counts what came in from a county's topic."""
        self.came_in(topic.removeprefix(TOPIC), records)

    def came_in(self, county: str, records: int) -> None:
        """Counts what a county brought in."""
        self._flow.came_in(county, records, self._seconds())

    @contextmanager
    def request(self, county: str) -> Iterator[OneBody]:
        """One request at work; its body grows within. Raises TryLater, also for what grows too large."""
        wait = self._flow.wait(county, self._seconds())
        if wait is not None:
            raise _flow_is_full(county, wait)
        try:
            with self._bodies.one(county) as body:
                yield body
        except Full as full:
            raise _bodies_are_many(county, everybody=full.everybody) from None


def _flow_is_full(county: str, wait: int) -> TryLater:
    detail = (
        f"The services downstream are still at work on what came before. Send the same again in {wait} "
        "seconds, or send through the county's topic, where records wait by themselves: reliefstream submit"
    )
    return _later(county, wait, 429, "flow_full", ("Too many records under way", detail))


def _bodies_are_many(county: str, *, everybody: bool) -> TryLater:
    said = (
        f"Send the same again in {BODY_WAIT_S} seconds; large files go through the county's topic: "
        "reliefstream submit"
    )
    if everybody:
        busy = f"Intake is busy with others' bodies. {said}"
        return _later(county, BODY_WAIT_S, 503, "intake_busy", ("Busy", busy))
    own = f"This county's earlier requests are still at work; send one after the other. {said}"
    return _later(county, BODY_WAIT_S, 429, "bodies_full", ("Too many requests", own))


def _later(county: str, wait: int, status: int, reason: str, said: tuple[str, str]) -> TryLater:
    TURNED_AWAY.labels(county, reason).inc()
    return TryLater(status, reason, *said, {"Retry-After": str(wait)})
