"""Counts whose numbers their sources have given to other convictions: what is being sealed lets them go.

Intake decides which they are, by what they show. They are judged and relieved as any conviction from then on; the other
services are asked anew to forget the conviction without them.
"""

from reliefstream_contracts.identifiers import CountKey, ReliefId
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Job, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.handlers import apply_findings
from services.relief.lifecycle.from_findings import NewId
from services.relief.lifecycle.transitions import State, sealed_without
from services.relief.sealing.forgetting import CHUNK, lock_persons, named_counts


def release_others(counties: Counties, keyed_hash: KeyedHash, new_id: NewId) -> Job:
    """A job: takes such counts out of what is being sealed."""

    async def job(work: Work) -> bool:
        rows = await work.db.fetch(
            """SELECT relief_id, others FROM forgotten WHERE others <> '{}'
               ORDER BY relief_id LIMIT $1 FOR UPDATE SKIP LOCKED""",
            CHUNK,
        )
        if not rows:
            return False
        hashes = {ReliefId(row["relief_id"]): set(row["others"]) for row in rows}
        await lock_persons(work.db, list(hashes))
        locked = await store.lock_around(work.db, await named_counts(work.db, list(hashes)))
        reliefs = await store.lock_reliefs(work.db, hashes)
        freed: dict[CountKey, ReliefId | None] = {}
        for relief_id, relief in reliefs.items():
            named = await named_counts(work.db, [relief_id])
            others = {one for one in named if not hashes[relief_id].isdisjoint(keyed_hash.by_each_key(one))}
            if others and relief.state is State.SEAL_DUE:
                own, event = sealed_without(relief, others, work.now)
                await store.save(work.db, [own])
                work.emit(event, store.carried(own))
                freed |= dict.fromkeys(others)
                await work.db.execute(
                    "DELETE FROM ordered_counts WHERE relief_id = $1 AND count_key = ANY ($2)",
                    relief_id,
                    list(others),
                )
        await store.save(work.db, (), freed)
        await work.db.execute("UPDATE forgotten SET others = '{}' WHERE relief_id = ANY ($1)", list(hashes))
        if freed:
            await apply_findings(await store.known_around(work.db, locked), counties, work, new_id)
        return len(rows) == CHUNK

    return job
