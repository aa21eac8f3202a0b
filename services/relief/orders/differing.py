"""Ordered relief that what is determined now no longer fits, and second orders on one conviction, in Postgres."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from reliefstream_contracts.identifiers import ReliefId
from services.chassis.runtime.unit_of_work import Database
from services.relief.lifecycle.transitions import Relief
from services.relief.store import relief_of

Place = tuple[datetime, UUID]
"""Where a page ends: since when its last one differs, and its id."""


class Differing(NamedTuple):
    """``now``: outcome and reason of each determination on its counts. ``others``: other orders on the conviction."""

    relief: Relief
    now: list[dict[str, Any]]
    others: list[Relief]


async def page(
    db: Database, county: str, cities: Sequence[str] | None, after: Place | None, limit: int
) -> list[Differing]:
    """Those that wait for a person, the longest first. ``cities`` None: all of the county."""
    rows = await db.fetch(
        """SELECT * FROM reliefs
           WHERE county = $1 AND discrepancy_open AND ($2::text[] IS NULL OR city = ANY ($2))
             AND ($3::timestamptz IS NULL OR (differs_since, relief_id) > ($3, $4::uuid))
           ORDER BY differs_since, relief_id LIMIT $5""",
        county,
        cities,
        *(after or (None, None)),
        limit,
    )
    return [await _differing(db, relief_of(row)) for row in rows]


async def number(db: Database, county: str, cities: Sequence[str] | None) -> int:
    """How many wait."""
    found: int = await db.fetchval(
        """SELECT count(*) FROM reliefs
           WHERE county = $1 AND discrepancy_open AND ($2::text[] IS NULL OR city = ANY ($2))""",
        county,
        cities,
    )
    return found


async def one(db: Database, relief_id: ReliefId) -> Differing | None:
    """One that waits; None: nothing of this id does, or the reader does not see it."""
    row = await db.fetchrow("SELECT * FROM reliefs WHERE relief_id = $1 AND discrepancy_open", relief_id)
    return await _differing(db, relief_of(row)) if row else None


async def _differing(db: Database, relief: Relief) -> Differing:
    counts = list(relief.conviction.counts)
    now = await db.fetch(
        """SELECT DISTINCT ON (subject_id, conviction_id)
               finding ->> 'outcome' AS outcome, finding ->> 'reason' AS reason
           FROM findings WHERE count_key = ANY ($1) ORDER BY subject_id, conviction_id""",
        counts,
    )
    others = await db.fetch(
        """SELECT * FROM reliefs WHERE court_order IS NOT NULL AND relief_id <> $2 AND relief_id IN (
               SELECT held.relief_id FROM findings AS mine
               JOIN findings AS beside USING (subject_id, conviction_id)
               JOIN relief_counts AS held ON held.count_key = beside.count_key
               WHERE mine.count_key = ANY ($1))
           ORDER BY relief_id""",
        counts,
        relief.relief_id,
    )
    return Differing(relief, [dict(row) for row in now], [relief_of(row) for row in others])
