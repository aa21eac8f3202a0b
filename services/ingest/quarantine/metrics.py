"""Metrics of quarantine: open entries by county and the age of the oldest."""

from collections.abc import Awaitable, Callable

from prometheus_client import Gauge

from services.chassis.runtime.unit_of_work import Work
from services.ingest.profiles.counties import SendingCounties
from services.ingest.quarantine import store as quarantine_store
from services.ingest.quarantine.filter import Filter

OPEN = Gauge("reliefstream_quarantine_open", "Open quarantine entries", ["county"])
OLDEST = Gauge(
    "reliefstream_quarantine_oldest_open_seconds",
    "Age of the oldest open quarantine entry; 0 when none is open",
    ["county"],
)
EVERY_S = 15.0


def watch_quarantine(sending_counties: SendingCounties) -> Callable[[Work], Awaitable[bool]]:
    """The job that measures it."""

    async def measure(work: Work) -> bool:
        found = {one["county"]: one for one in await quarantine_store.states(work.db, Filter(state="open"))}
        for county in {*sending_counties, *found}:
            one = found.get(county)
            OPEN.labels(county).set(one["entries"] if one else 0)
            OLDEST.labels(county).set((work.now - one["oldest"]).total_seconds() if one else 0)
        return False

    return measure
