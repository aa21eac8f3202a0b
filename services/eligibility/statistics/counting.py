"""Everyone counted, as of one moment, page by page."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import NamedTuple

from services.chassis.runtime.telemetry import defect, log
from services.chassis.runtime.unit_of_work import Database, Work
from services.eligibility import store
from services.eligibility.law.input.statute import Statute
from services.eligibility.statistics import facts, sealed
from services.eligibility.store import Subject
from services.statistics.small_cells import SMALLEST
from services.statistics.tables import ALL, Cell, Statistics, Tables

PAGE = 50
"""Subjects that are read between two looks at other work: some 20 ms."""


class Release(NamedTuple):
    """Counts of one moment. ``shown``: the cells that every view shows, and no other."""

    made_at: datetime
    as_of: date
    tables: Tables
    shown: frozenset[Cell]

    def of(self, county: str | None) -> Statistics:
        """The view of a county, or of all."""
        rows = self.tables.rows(self.shown, county or ALL)
        return Statistics(made_at=self.made_at, as_of=self.as_of, county=county, smallest=SMALLEST, rows=rows)


async def release(work: Work, statute: Statute, today: date) -> Release | None:
    """The release of this moment; None: nothing was determined yet."""
    counted = facts.tables()
    async for page in pages(work.db):
        lines = await sealed.of_persons(work.db, [one.subject_id for one in page])
        for found in page:
            own = lines.get(found.subject_id, ())
            try:
                facts.add(
                    counted,
                    found.read_history(),
                    found.read_determinations(),
                    own,
                    statute=statute,
                    as_of=today,
                )
            except Exception as error:  # one history must not keep all others from being counted
                log().error("left out of the statistics", defect=defect(error))
    async for others in sealed.of_others(work.db):
        counted.add(others, ())
    if not counted.persons:
        return None
    shown = await asyncio.to_thread(counted.released)
    return Release(work.now, today, counted, shown)


async def everyone(db: Database) -> AsyncIterator[Subject]:
    """Every subject as of one moment; must come first in its transaction."""
    async for page in pages(db):
        for found in page:
            yield found


async def pages(db: Database) -> AsyncIterator[list[Subject]]:
    """The same, page by page, with a look at other work after each."""
    await db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    after = store.FIRST
    while page := await store.page(db, after, PAGE):
        yield page
        await asyncio.sleep(0)
        after = page[-1].subject_id
