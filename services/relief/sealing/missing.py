"""What is being sealed and not forgotten yet: by which service, and since when."""

from datetime import datetime
from typing import NamedTuple

from prometheus_client import Gauge

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.sealing import ConvictionForgotten
from services.chassis.runtime.unit_of_work import Database, Work

WAITS = Gauge(
    "reliefstream_sealing_waits_seconds",
    "How long the oldest conviction that is being sealed waits for a service to forget it; 0: none does",
    ["service"],
)
SERVICES = (*ConvictionForgotten.PRODUCERS, "relief")
_MISSING = f"""
    SELECT service, count(*) AS convictions, min((seal ->> 'at')::timestamptz) AS since
    FROM reliefs LEFT JOIN forgotten USING (relief_id) CROSS JOIN unnest($1::text[]) AS service
    WHERE state = 'seal_due' AND ($2::text IS NULL OR county = $2)
      AND CASE service WHEN 'relief' THEN cardinality(services) = {len(ConvictionForgotten.PRODUCERS)}
          ELSE service <> ALL (coalesce(services, '{{}}')) END
    GROUP BY service ORDER BY service"""  # noqa: S608 - numbers of our own


class Missing(NamedTuple):
    """``service``: has not forgotten this many convictions, the oldest of which is to be forgotten since ``since``.

    ``relief`` is the last: it forgets what all others have forgotten and no determination names.
    """

    service: str
    convictions: int
    since: datetime


async def missing(db: Database, county: CountyName | None) -> list[Missing]:
    """The services that have something left to forget, by name; of one county, None: of all."""
    return [Missing(**row) for row in await db.fetch(_MISSING, list(SERVICES), county)]


async def measure_sealing(work: Work) -> bool:
    """A job: sets the gauge."""
    since = {one.service: one.since for one in await missing(work.db, None)}
    for service in SERVICES:
        WAITS.labels(service).set((work.now - since.get(service, work.now)).total_seconds())
    return False
