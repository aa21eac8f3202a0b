"""How many reviews wait, and how many are past the day of their county: for supervisors, never about one person."""

from collections.abc import Awaitable, Callable

from prometheus_client import Gauge

from services.chassis.runtime.clock import Clock
from services.chassis.runtime.unit_of_work import Work
from services.county_folders import Counties

OPEN = Gauge("reliefstream_open_reviews", "Reviews that wait for a person", ["county", "office", "due"])


def measure(counties: Counties, clock: Clock) -> Callable[[Work], Awaitable[bool]]:
    """A job: sets the gauge. An office for which none waits is absent; what is put off does not wait."""

    async def job(work: Work) -> bool:
        rows = await work.db.fetch(
            """SELECT in_county, office, due_on < today AS late, count(*) AS number
               FROM reviews JOIN unnest($1::text[], $2::date[]) AS county (name, today) ON in_county = name
               WHERE state IN ('open', 'prepared') AND (held_until IS NULL OR held_until <= today)
               GROUP BY 1, 2, 3""",
            list(counties),
            [clock.today(each.timezone) for each in counties.values()],
        )
        OPEN.clear()
        for row in rows:
            due = "overdue" if row["late"] else "in time"
            OPEN.labels(row["in_county"], row["office"], due).set(row["number"])
        return False

    return job
