"""What relief erases of sealed convictions, and the line of each that it keeps."""

from collections.abc import Sequence
from uuid import UUID

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, ReliefId
from reliefstream_contracts.relief import ReliefEvent, ReliefSealed
from services.chassis.audit.erasing import erase_reasons
from services.chassis.runtime.unit_of_work import Database, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.county_days import day_in
from services.relief.lifecycle.after_order import after_order_entry
from services.relief.lifecycle.findings import Finding
from services.relief.lifecycle.transitions import Relief, told_anew

PERSONS = "SELECT DISTINCT (conviction ->> 'subject_id')::uuid FROM reliefs WHERE relief_id = ANY ($1)"
"""SQL: whom the reliefs in $1 concern, as far as was known when they were ordered."""
OF_RELIEF = ("ordered_counts", "relief_counts", "set_aside", "forgotten", "defence_acts", "reliefs")
"""Tables with rows of one relief, in the order in which they are erased."""


async def erase(work: Work, sealed: Sequence[Relief], counties: Counties) -> None:
    """Erases them, and every other relief that there was on the same convictions. One that was withdrawn, and is on
    another conviction by now, is told anew without them."""
    counts = sorted({count for one in sealed for count in one.conviction.counts})
    beside = await _beside(work.db, sealed, counts)
    told = await _tell_anew(work, sealed, counts)
    for relief in (*sealed, *beside):
        _erase_steps(work, relief.relief_id, relief.sequence)
        if relief.discrepancy_version:
            work.erase(DiscrepancyChanged.TOPIC, str(after_order_entry(relief.relief_id)))
    for relief in sealed:
        work.emit(_sealed(relief, counties, work))
    reviews = await _erase_reviews(work, counts)
    ids = [one.relief_id for one in sealed]
    await _keep_line(work, ids)
    every = [*ids, *(one.relief_id for one in beside)]
    await work.db.execute(
        """UPDATE proposed_order_lines SET case_number = NULL,
               conviction = jsonb_build_object('county', conviction -> 'county', 'city', conviction -> 'city')
           WHERE relief_id = ANY ($1)""",
        [*every, *told],
    )
    for table in OF_RELIEF:
        await work.db.execute(f"DELETE FROM {table} WHERE relief_id = ANY ($1)", every)  # noqa: S608
    gone = await store.forget_subjects(work.db, {one.conviction.subject_id for one in (*sealed, *beside)})
    acts = [*(f"relief/{one}" for one in every), *(f"review/{one}" for one in reviews)]
    await erase_reasons(work.db, [*acts, *(f"subject/{one}" for one in gone)])


def _erase_steps(work: Work, of: UUID, last: int) -> None:
    """Each step of a relief or a review on the topic, up to the ``last``."""
    for sequence in range(1, last + 1):
        work.erase(ReliefEvent.TOPIC, f"{of}/{sequence}", str(of))


def _sealed(relief: Relief, counties: Counties, work: Work) -> ReliefSealed:
    if relief.court_order is None:
        raise ValueError("a relief that is being sealed without its order")
    return ReliefSealed(
        relief_id=relief.relief_id,
        sequence=relief.sequence + 1,
        county=relief.conviction.county,
        order_number=relief.court_order.number,
        sealed_on=day_in(counties, relief.conviction.county, work.now),
    )


async def _keep_line(work: Work, ids: Sequence[ReliefId]) -> None:
    """What the statistics count of each."""
    await work.db.execute(
        f"""WITH RECURSIVE {store.merged_from(PERSONS)}
            INSERT INTO sealed_reliefs
            SELECT relief_id, county, court_order ->> 'number', (court_order ->> 'on')::date, $2, seal ->> 'by',
                obstacle IS DISTINCT FROM 'ordered_twice',
                coalesce((
                    SELECT counted_as FROM merged JOIN subjects ON subjects.subject_id = survivor
                    WHERE merged.subject_id = (conviction ->> 'subject_id')::uuid AND retired_into IS NULL
                ), gen_random_uuid()),
                conviction ->> 'level', conviction ->> 'race', conviction ->> 'sex',
                challenge IS NOT NULL, challenge ->> 'ruling', ordered_at - (
                    SELECT min(first_seen) FROM relief_counts WHERE relief_counts.relief_id = reliefs.relief_id)
            FROM reliefs WHERE relief_id = ANY ($1)""",  # noqa: S608 - a text of our own
        list(ids),
        work.now,
    )


async def _erase_reviews(work: Work, counts: Sequence[CountKey]) -> list[UUID]:
    """The reviews of these convictions alone, with all that was done and noted in them; returns their ids."""
    rows = await work.db.fetch(
        """SELECT review_id, sequence FROM reviews
           WHERE review_id IN (SELECT review_id FROM review_counts WHERE count_key = ANY ($1))
               AND counts <@ $1::text[]
           ORDER BY review_id FOR UPDATE""",
        counts,
    )
    for row in rows:
        _erase_steps(work, row["review_id"], row["sequence"])
    found = [row["review_id"] for row in rows]
    for table in ("review_acts", "review_questions", "reviews"):
        await work.db.execute(f"DELETE FROM {table} WHERE review_id = ANY ($1)", found)  # noqa: S608
    return found


async def _beside(db: Database, sealed: Sequence[Relief], counts: Sequence[CountKey]) -> list[Relief]:
    """Reliefs that were proposed on the same convictions and never ordered; none of which a determination names a
    count."""
    rows = await db.fetch(
        """SELECT * FROM reliefs WHERE relief_id IN (
               SELECT relief_id FROM relief_counts WHERE count_key = ANY ($1)
               UNION SELECT relief_id FROM reliefs WHERE state = 'withdrawn' AND conviction -> 'counts' ?| $1::text[])
           AND relief_id <> ALL ($2) AND state NOT IN ('ordered', 'seal_due')
           AND NOT EXISTS (SELECT FROM relief_counts JOIN findings USING (count_key)
                           WHERE relief_counts.relief_id = reliefs.relief_id)
           ORDER BY relief_id FOR UPDATE""",
        counts,
        [one.relief_id for one in sealed],
    )
    return [store.relief_of(row) for row in rows]


async def _tell_anew(work: Work, sealed: Sequence[Relief], counts: Sequence[CountKey]) -> list[ReliefId]:
    """The reliefs that were withdrawn on these counts and on others that a determination still names; their ids."""
    rows = await work.db.fetch(
        """SELECT reliefs.*, current.finding::text AS finding FROM reliefs
           CROSS JOIN LATERAL (SELECT finding FROM relief_counts JOIN findings USING (count_key)
               WHERE relief_counts.relief_id = reliefs.relief_id ORDER BY count_key, subject_id LIMIT 1) AS current
           WHERE state = 'withdrawn' AND conviction -> 'counts' ?| $1::text[] AND reliefs.relief_id <> ALL ($2)
           ORDER BY reliefs.relief_id FOR UPDATE OF reliefs""",
        counts,
        [one.relief_id for one in sealed],
    )
    for row in rows:
        before = store.relief_of({name: row[name] for name in Relief.__struct_fields__})
        relief, event = told_anew(before, Finding.from_json(row["finding"]))
        await store.save(work.db, [relief])
        # First: a reader keeps what a later step than an erased one says.
        work.emit(event, store.carried(relief))
        _erase_steps(work, relief.relief_id, before.sequence)
    return [row["relief_id"] for row in rows]
