"""Reliefs and reviews counted, as of one moment."""

import asyncio
from collections.abc import AsyncIterable, Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.chassis.runtime.unit_of_work import Work
from services.relief.lifecycle.current_subject import LEADS, PERSON_OF_RELIEF
from services.relief.lifecycle.transitions import WAITING
from services.relief.statistics.facts import of_relief, of_review
from services.statistics.tables import Cell, Fact, Tables

ROWS_AT_A_TIME = 500
WAITS = ", ".join(f"'{each.value}'" for each in WAITING)
RELIEFS = f"""WITH {PERSON_OF_RELIEF}
    SELECT county, coalesce(counted_as, person) AS person, kind,
        CASE WHEN state IN ({WAITS}) THEN 'waits' WHEN state = 'seal_due' THEN 'ordered' ELSE state END AS state,
        conviction ->> 'level' AS level, conviction ->> 'race' AS race, conviction ->> 'sex' AS sex,
        challenge IS NOT NULL AS challenged, challenge ->> 'ruling' AS ruling, ordered_at - (
            SELECT min(first_seen) FROM relief_counts WHERE relief_counts.relief_id = reliefs.relief_id) AS took
    FROM reliefs JOIN persons USING (relief_id) LEFT JOIN subjects ON subjects.subject_id = person WHERE {LEADS}
    UNION ALL
    SELECT county, counted_as, 'dismissal', 'ordered', level, race, sex, challenged, ruling, took FROM sealed_reliefs
    WHERE counted
    ORDER BY person"""  # noqa: S608 - texts of our own
"""One row a conviction with relief, sealed or not; ``took``: from the first record of it to the court's order."""
REVIEWS = """SELECT in_county AS county, subject_id AS person, office, state, $1::timestamptz - opened_at AS waited
    FROM reviews WHERE state IN ('open', 'prepared') ORDER BY subject_id"""


class Release(NamedTuple):
    """Counts of one moment, and the cells that every view shows."""

    made_at: datetime
    reliefs: Tables
    reviews: Tables
    shown_reliefs: frozenset[Cell]
    shown_reviews: frozenset[Cell]


async def release(work: Work, _: None) -> Release | None:
    """The release of this moment; None: there is neither relief nor anything that waits."""
    await work.db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    reliefs = await _counted(work.db.cursor(RELIEFS, prefetch=ROWS_AT_A_TIME), of_relief)
    reviews = await _counted(work.db.cursor(REVIEWS, work.now, prefetch=ROWS_AT_A_TIME), of_review)
    if not reliefs.persons and not reviews.persons:
        return None
    shown = await asyncio.to_thread(lambda: (reliefs.released(), reviews.released()))
    return Release(work.now, reliefs, reviews, *shown)


async def _counted(
    rows: AsyncIterable[Mapping[str, Any]], facts: Callable[[Mapping[str, Any]], list[Fact]]
) -> Tables:
    """Rows come sorted by person."""
    tables = Tables()
    person, found = None, list[tuple[str, list[Fact]]]()
    async for row in rows:
        if row["person"] != person:
            tables.add(found, ())
            person, found = row["person"], []
        found.append((row["county"], facts(row)))
    tables.add(found, ())
    return tables
