"""When relief forgets: once every other service has forgotten the conviction, and no determination names it."""

from collections.abc import Collection, Sequence

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, ReliefId
from reliefstream_contracts.sealing import ConvictionForgotten, Forgetting, SealRemoved
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.tombstones import ids_in
from services.chassis.runtime.unit_of_work import Database, Delivery, Job, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.lifecycle.transitions import NotPossible, Relief, Seal, sealed, sealed_again
from services.relief.sealing.at_once import other_orders
from services.relief.sealing.copies import copies_of, forget_copies, keep_copies, named_copies
from services.relief.sealing.erasing import PERSONS, erase

CHUNK = 100
FORGOTTEN = f"""SELECT relief_id FROM forgotten WHERE cardinality(services) = {len(ConvictionForgotten.PRODUCERS)}
    ORDER BY looked_at LIMIT {CHUNK} FOR UPDATE SKIP LOCKED"""  # noqa: S608 - numbers of our own
"""SQL: what every other service has forgotten, the one first that was looked at least lately."""
TO_FORGET = "SELECT count(*) FROM reliefs WHERE state = 'seal_due'"
"""SQL: how many are being sealed."""


async def on_forgotten(deliveries: Sequence[Delivery[Forgetting]], work: Work) -> None:
    """Notes which service has forgotten which conviction, and which seals were taken away; a repeat changes nothing."""
    reports = [each.event for each in deliveries if isinstance(each.event, ConvictionForgotten)]
    await keep_copies(work.db, reports)
    removed = [each.event.relief_id for each in deliveries if isinstance(each.event, SealRemoved)]
    await forget_copies(work.db, removed)
    if removed:  # a paper of it is not genuine any more, and it counts as sealed no more
        for table in ("certificates", "sealed_reliefs"):
            await work.db.execute(f"DELETE FROM {table} WHERE relief_id = ANY ($1)", removed)  # noqa: S608
    if not reports:
        return
    await work.db.execute(
        """INSERT INTO forgotten (relief_id, services, others)
           SELECT relief_id, array_agg(DISTINCT service),
               coalesce(array_agg(DISTINCT other) FILTER (WHERE other <> ''), '{}')
           FROM unnest($1::uuid[], $2::text[], $3::text[]) AS new (relief_id, service, hashes)
               CROSS JOIN LATERAL unnest(string_to_array(hashes, ' ') || ''::text) AS other
           WHERE EXISTS (SELECT FROM reliefs WHERE reliefs.relief_id = new.relief_id)
           GROUP BY relief_id ORDER BY relief_id
           ON CONFLICT (relief_id) DO UPDATE SET
               services = ARRAY(SELECT unnest(forgotten.services) UNION SELECT unnest(excluded.services)),
               others = ARRAY(SELECT unnest(forgotten.others) UNION SELECT unnest(excluded.others))""",
        [one.relief_id for one in reports],
        [one.service for one in reports],
        [" ".join(one.others) for one in reports],
    )


async def on_discrepancies(deliveries: Sequence[Delivery[DiscrepancyChanged]], work: Work) -> None:
    """Keeps which counts an open discrepancy is about."""
    newest = {each.event.discrepancy_id: each.event for each in sorted(deliveries, key=_version)}
    in_order = [newest[one] for one in sorted(newest)]
    rows = await work.db.fetch(
        """INSERT INTO discrepancies SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[])
           ON CONFLICT (discrepancy_id) DO UPDATE SET version = excluded.version, kind = excluded.kind
               WHERE discrepancies.version < excluded.version RETURNING discrepancy_id""",
        [each.discrepancy_id for each in in_order],
        [each.version for each in in_order],
        [each.kind for each in in_order],
    )
    changed = [newest[row["discrepancy_id"]] for row in rows]
    later = [each.discrepancy_id for each in changed if each.version > 1]
    if later:
        await work.db.execute("DELETE FROM disputed_counts WHERE discrepancy_id = ANY ($1)", later)
    disputed = [
        (count, each.discrepancy_id) for each in changed if each.status == "open" for count in each.counts
    ]
    if disputed:
        await work.db.execute(
            """INSERT INTO disputed_counts SELECT * FROM unnest($1::text[], $2::uuid[]) ON CONFLICT DO NOTHING""",
            [count for count, _ in disputed],
            [discrepancy_id for _, discrepancy_id in disputed],
        )


async def forget_discrepancies(keys: Sequence[str], work: Work) -> None:
    """Of tombstones: the entries that were erased."""
    erased = ids_in(keys)
    for table in ("disputed_counts", "discrepancies"):
        await work.db.execute(f"DELETE FROM {table} WHERE discrepancy_id = ANY ($1)", erased)  # noqa: S608


def forget_what_all_forgot(counties: Counties, keyed_hash: KeyedHash) -> Job:
    """A job: erases what every other service has forgotten and no determination names, and says so.

    What a determination still names is looked at again after the others.
    """

    async def job(work: Work) -> bool:
        ids = [row["relief_id"] for row in await work.db.fetch(FORGOTTEN)]
        if not ids:
            return False
        await lock_persons(work.db, ids)
        copies = await copies_of(work.db, ids)
        for relief_id, counts in (await named_copies(work.db, ids, keyed_hash)).items():
            copies.setdefault(relief_id, set()).update(counts)
        locked = await store.lock_around(work.db, (await named_counts(work.db, ids)).union(*copies.values()))
        reliefs = (await store.lock_reliefs(work.db, ids)).values()
        held = await _held(work.db, ids)
        for relief_id, counts in copies.items():
            held.setdefault(relief_id, set()).update(counts)
        more = [one for one in reliefs if not held.get(one.relief_id, set()) <= set(one.conviction.counts)]
        for relief in more:
            for other in await other_orders(work.db, relief, copies.get(relief.relief_id, ())):
                await _seal_as_well(work, other)
            await _seal_again(work, relief, held[relief.relief_id])
        named = await _determined(work.db, locked)
        gone = [one for one in reliefs if one not in more and named.isdisjoint(one.conviction.counts)]
        if gone:
            await erase(work, gone, counties)
        # What locked them, where another replica erased them meanwhile.
        await work.db.execute(
            """DELETE FROM relief_counts WHERE count_key = ANY ($1) AND relief_id IS NULL AND NOT EXISTS (
                   SELECT FROM findings WHERE findings.count_key = relief_counts.count_key)""",
            sorted(locked),
        )
        await work.db.execute(
            """DELETE FROM forgotten WHERE relief_id = ANY ($1)
                   AND NOT EXISTS (SELECT FROM reliefs WHERE reliefs.relief_id = forgotten.relief_id)""",
            ids,
        )
        await work.db.execute("UPDATE forgotten SET looked_at = $2 WHERE relief_id = ANY ($1)", ids, work.now)
        return len(ids) == CHUNK and bool(gone)

    return job


async def _seal_again(work: Work, relief: Relief, counts: Collection[CountKey]) -> None:
    """Of a count that came while the conviction was being sealed: every service forgets it as well."""
    relief, event = sealed_again(relief, counts, work.now)
    await store.save(work.db, [relief])
    work.emit(event, store.carried(relief))
    await work.db.execute("DELETE FROM forgotten WHERE relief_id = $1", relief.relief_id)


async def _seal_as_well(work: Work, copy: Relief) -> None:
    """Of an order that was made on a copy meanwhile; under a legal hold or in a dispute it stands."""
    try:
        relief, event = sealed(copy, Seal(at=work.now), copy.conviction.counts)
    except NotPossible:
        return
    await store.save(work.db, [relief])
    work.emit(event, store.carried(relief))


async def lock_persons(db: Database, ids: Sequence[ReliefId]) -> None:
    """Before their counts and reliefs, as everywhere."""
    await db.execute(
        f"""WITH RECURSIVE {store.merged_from(PERSONS)} SELECT FROM subjects
            WHERE subject_id IN (SELECT survivor FROM merged) ORDER BY subject_id FOR UPDATE""",  # noqa: S608
        ids,
    )


async def named_counts(db: Database, ids: Sequence[ReliefId]) -> set[CountKey]:
    rows = await db.fetch(
        """SELECT count_key FROM relief_counts WHERE relief_id = ANY ($1)
           UNION SELECT jsonb_array_elements_text(conviction -> 'counts') FROM reliefs WHERE relief_id = ANY ($1)""",
        ids,
    )
    return {row["count_key"] for row in rows}


async def _held(db: Database, ids: Sequence[ReliefId]) -> dict[ReliefId, set[CountKey]]:
    rows = await db.fetch("SELECT relief_id, count_key FROM relief_counts WHERE relief_id = ANY ($1)", ids)
    held: dict[ReliefId, set[CountKey]] = {}
    for row in rows:
        held.setdefault(row["relief_id"], set()).add(row["count_key"])
    return held


async def _determined(db: Database, counts: Collection[CountKey]) -> set[CountKey]:
    """Those that a determination still names."""
    rows = await db.fetch(
        "SELECT DISTINCT count_key FROM findings WHERE count_key = ANY ($1)", sorted(counts)
    )
    return {row["count_key"] for row in rows}


def _version(delivery: Delivery[DiscrepancyChanged]) -> int:
    return delivery.event.version
