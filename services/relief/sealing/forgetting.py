"""What relief forgets once every other service has forgotten the conviction, and what it keeps."""

import json
from collections.abc import Collection, Sequence

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, ReliefId
from reliefstream_contracts.relief import ReliefEvent, ReliefSealed
from reliefstream_contracts.sealing import ConvictionForgotten
from services.chassis.runtime.unit_of_work import Delivery, Job, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.county_days import day_in
from services.relief.lifecycle.after_order import after_order_entry
from services.relief.lifecycle.transitions import Relief, sealed_again

CHUNK = 100
FORGETTING = len(ConvictionForgotten.PRODUCERS)
"""How many services forget it before relief does."""
FORGOTTEN = f"""SELECT relief_id FROM reliefs WHERE state = 'seal_due'
    AND (SELECT count(*) FROM forgotten WHERE forgotten.relief_id = reliefs.relief_id) = {FORGETTING}
    ORDER BY relief_id LIMIT {CHUNK}"""  # noqa: S608 - numbers of our own
DETERMINED = """SELECT EXISTS (SELECT FROM relief_counts JOIN findings USING (count_key)
                               WHERE relief_counts.relief_id = $1)"""
"""SQL: whether a determination still names one of its counts."""
TO_FORGET = "SELECT count(*) FROM reliefs WHERE state = 'seal_due'"
"""SQL: how many are being sealed."""


async def on_forgotten(deliveries: Sequence[Delivery[ConvictionForgotten]], work: Work) -> None:
    """Notes which service has forgotten which conviction; a repeat changes nothing."""
    reports = sorted({(each.event.relief_id, each.event.service) for each in deliveries})
    await work.db.executemany(
        """INSERT INTO forgotten SELECT $1, $2 WHERE NOT EXISTS (
               SELECT FROM sealed_reliefs WHERE relief_id = $1) ON CONFLICT DO NOTHING""",
        reports,
    )


async def on_discrepancies(deliveries: Sequence[Delivery[DiscrepancyChanged]], work: Work) -> None:
    """Keeps which counts an open discrepancy is about."""
    newest = {each.event.discrepancy_id: each.event for each in sorted(deliveries, key=_version)}
    in_order = [newest[one] for one in sorted(newest)]
    await work.db.execute(
        """INSERT INTO open_discrepancies
           SELECT discrepancy_id, version, open, ARRAY(SELECT jsonb_array_elements_text(counts::jsonb))
           FROM unnest($1::uuid[], $2::int[], $3::bool[], $4::text[]) AS new (discrepancy_id, version, open, counts)
           ON CONFLICT (discrepancy_id) DO UPDATE SET version = excluded.version, open = excluded.open,
               counts = excluded.counts WHERE open_discrepancies.version < excluded.version""",
        [each.discrepancy_id for each in in_order],
        [each.version for each in in_order],
        [each.status == "open" for each in in_order],
        [json.dumps(each.counts) for each in in_order],
    )


async def forget_discrepancies(keys: Sequence[str], work: Work) -> None:
    """Of tombstones: the entries that were erased."""
    await work.db.execute(
        "DELETE FROM open_discrepancies WHERE discrepancy_id::text = ANY ($1)", sorted(keys)
    )


def forget_what_all_forgot(counties: Counties) -> Job:
    """A job: erases what every other service has forgotten and no determination names, and says so."""

    async def job(work: Work) -> bool:
        forgotten = await work.db.fetch(FORGOTTEN)
        ids = [row["relief_id"] for row in forgotten]
        counts = {count for one in ids for count in await store.counts_held(work.db, one)}
        await store.lock_around(work.db, counts)
        for relief in (await store.lock_reliefs(work.db, ids)).values():
            held = await store.counts_held(work.db, relief.relief_id)
            if not held <= set(relief.conviction.counts):
                await _seal_again(work, relief, held)
            elif not await work.db.fetchval(DETERMINED, relief.relief_id):
                await _erase(work, relief, counties)
        # What locked them, where another replica erased them meanwhile.
        await work.db.execute(
            """DELETE FROM relief_counts WHERE count_key = ANY ($1) AND relief_id IS NULL AND NOT EXISTS (
                   SELECT FROM findings WHERE findings.count_key = relief_counts.count_key)""",
            sorted(counts),
        )
        return False

    return job


async def _seal_again(work: Work, relief: Relief, counts: Collection[CountKey]) -> None:
    """Of a count that came while the conviction was being sealed: every service forgets it as well."""
    relief, event = sealed_again(relief, counts, work.now)
    await store.save(work.db, [relief])
    work.emit(event, store.carried(relief))
    await work.db.execute("DELETE FROM forgotten WHERE relief_id = $1", relief.relief_id)


async def _erase(work: Work, relief: Relief, counties: Counties) -> None:
    if relief.court_order is None:
        raise ValueError("a relief that is being sealed without its order")
    one, county = relief.relief_id, relief.conviction.county
    for sequence in range(1, relief.sequence + 1):
        work.erase(ReliefEvent.TOPIC, f"{one}/{sequence}", str(one))
    if relief.discrepancy_version:
        work.erase(DiscrepancyChanged.TOPIC, str(after_order_entry(one)))
    await _erase_reviews(work, one)
    sealed_on = day_in(counties, county, work.now)
    work.emit(
        ReliefSealed(
            relief_id=one,
            sequence=relief.sequence + 1,
            county=county,
            order_number=relief.court_order.number,
            sealed_on=sealed_on,
        )
    )
    await work.db.execute(
        """INSERT INTO sealed_reliefs
           SELECT relief_id, county, court_order ->> 'number', (court_order ->> 'on')::date, $2, seal ->> 'by',
               coalesce((SELECT counted_as FROM subjects WHERE subject_id = $3), gen_random_uuid()),
               conviction ->> 'level', conviction ->> 'race', conviction ->> 'sex',
               challenge IS NOT NULL, challenge ->> 'ruling', ordered_at - (
                   SELECT min(first_seen) FROM relief_counts WHERE relief_counts.relief_id = reliefs.relief_id)
           FROM reliefs WHERE relief_id = $1""",
        one,
        work.now,
        relief.conviction.subject_id,
    )
    await work.db.execute(
        """UPDATE proposed_order_lines SET case_number = NULL,
               conviction = jsonb_build_object('county', conviction -> 'county', 'city', conviction -> 'city')
           WHERE relief_id = $1""",
        one,
    )
    subject = relief.conviction.subject_id
    for table in ("ordered_counts", "relief_counts", "set_aside", "forgotten", "defence_acts", "reliefs"):
        await work.db.execute(f"DELETE FROM {table} WHERE relief_id = $1", one)  # noqa: S608
    await store.forget_subjects(work.db, [subject])


async def _erase_reviews(work: Work, relief_id: ReliefId) -> None:
    """The reviews of this conviction alone, with all that was done and noted in them."""
    rows = await work.db.fetch(
        """SELECT review_id, sequence FROM reviews,
               (SELECT array_agg(count_key) AS ours FROM (
                   SELECT count_key FROM relief_counts WHERE relief_id = $1
                   UNION SELECT count_key FROM ordered_counts WHERE relief_id = $1) AS own) AS held
           WHERE counts && ours AND counts <@ ours FOR UPDATE OF reviews""",
        relief_id,
    )
    for row in rows:
        for sequence in range(1, row["sequence"] + 1):
            work.erase(ReliefEvent.TOPIC, f"{row['review_id']}/{sequence}", str(row["review_id"]))
    found = [row["review_id"] for row in rows]
    for table in ("review_acts", "review_questions", "reviews"):
        await work.db.execute(f"DELETE FROM {table} WHERE review_id = ANY ($1)", found)  # noqa: S608


def _version(delivery: Delivery[DiscrepancyChanged]) -> int:
    return delivery.event.version
