"""The tables of seals: hashes by which sealed convictions are recognised, and no value."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName, ReliefId
from reliefstream_contracts.relief import ReliefSealDue, ReliefSealed
from services.chassis.runtime.needed_keys import KeptHashes
from services.chassis.runtime.unit_of_work import Database
from services.ingest.core.sealing.facts import RecordKey
from services.ingest.core.sealing.seal import AlsoIn, Seal
from services.ingest.store import Key

AT_A_TIME = 10_000
HASHES = KeptHashes(
    "SELECT unnest(sealed || apart) AS hash, relief_id AS owner FROM seals",
    "sealed convictions would be taken in again",
)


async def are_there_any(db: Database) -> bool:
    """Whether anything was sealed yet, or is to be."""
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM sealed_places) OR EXISTS (SELECT FROM seals_due)"
    )
    return found


async def on_places(db: Database, places: Collection[str]) -> Mapping[str, Sequence[Seal]]:
    """The seals on places, which are hashed, by place; one without a seal is left out."""
    rows = await db.fetch(
        "SELECT place, relief_id FROM sealed_places WHERE place = ANY ($1::text[]) ORDER BY place, relief_id",
        list(places),
    )
    if not rows:
        return {}
    seals = await of_reliefs(db, {row["relief_id"] for row in rows})
    found: dict[str, list[Seal]] = {}
    for row in rows:
        found.setdefault(row["place"], []).append(seals[row["relief_id"]])
    return found


async def of_reliefs(db: Database, reliefs: Collection[UUID]) -> Mapping[UUID, Seal]:
    """The seals of these reliefs; one without a seal is left out."""
    rows = await db.fetch(
        """SELECT relief_id, county, sealed, kept, persons, apart,
               ARRAY(SELECT place FROM sealed_places WHERE sealed_places.relief_id = seals.relief_id) AS places
           FROM seals WHERE relief_id = ANY ($1::uuid[])""",
        list(reliefs),
    )
    return {row["relief_id"]: _seal(row) for row in rows}


async def add(db: Database, seals: Sequence[Seal]) -> None:
    """Adds seals; one that is there gets the hashes that it lacks."""
    ordered = sorted(seals, key=lambda seal: seal.relief_id)
    await db.executemany(
        """INSERT INTO seals (relief_id, county, sealed, kept, persons) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (relief_id) DO UPDATE SET
               sealed = ARRAY(SELECT unnest(seals.sealed) UNION SELECT unnest(excluded.sealed) ORDER BY 1),
               kept = ARRAY(SELECT unnest(seals.kept) UNION SELECT unnest(excluded.kept) ORDER BY 1),
               persons = ARRAY(SELECT unnest(seals.persons) UNION SELECT unnest(excluded.persons) ORDER BY 1)""",
        [
            (seal.relief_id, seal.county, sorted(seal.sealed), sorted(seal.kept), sorted(seal.persons))
            for seal in ordered
        ],
    )
    places = [(place, seal.relief_id) for seal in ordered for place in sorted(seal.places)]
    await db.execute(
        """INSERT INTO sealed_places (place, relief_id) SELECT * FROM unnest($1::text[], $2::uuid[])
           ON CONFLICT DO NOTHING""",
        [place for place, _ in places],
        [relief_id for _, relief_id in places],
    )


async def learn(db: Database, learned: Sequence[AlsoIn]) -> None:
    """Adds to seals the records in which their convictions were recognised; a seal that is gone learns nothing."""
    ordered = sorted(learned)
    if not ordered:
        return
    found = await db.fetch(
        "SELECT relief_id FROM seals WHERE relief_id = ANY ($1) ORDER BY relief_id FOR UPDATE",
        [one.relief_id for one in ordered],
    )
    known = {row["relief_id"] for row in found}
    here = [one for one in ordered if one.relief_id in known]
    await db.executemany(
        "UPDATE seals SET sealed = array_append(sealed, $2) WHERE relief_id = $1 AND $2 <> ALL (sealed)",
        [(one.relief_id, one.sealed) for one in here],
    )
    await db.executemany(
        "INSERT INTO sealed_places (place, relief_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [(one.place, one.relief_id) for one in here],
    )


async def tell_apart(db: Database, told: Collection[tuple[UUID, str]]) -> None:
    """Adds to seals the counts that a person has told from their convictions."""
    await db.executemany(
        "UPDATE seals SET apart = array_append(apart, $2) WHERE relief_id = $1 AND $2 <> ALL (apart)",
        sorted(told),
    )


class Standing(NamedTuple):
    """``county``: whose court sealed. ``done``: every service has forgotten the conviction."""

    county: CountyName
    done: bool


async def standing(db: Database, relief_id: UUID) -> Standing | None:
    """A seal, locked, or what waits here to be sealed; None: there is neither."""
    row = await db.fetchrow(
        "SELECT county, sealed_on IS NOT NULL AS done FROM seals WHERE relief_id = $1 FOR UPDATE", relief_id
    )
    if row:
        return Standing(**row)
    waits = await db.fetchval("SELECT due FROM seals_due WHERE relief_id = $1", relief_id)
    return Standing(ReliefSealDue.from_json(waits).conviction.county, done=False) if waits else None


async def all_forgot(db: Database, sealed: Sequence[ReliefSealed]) -> None:
    """Notes that every service has forgotten these."""
    await db.executemany(
        "UPDATE seals SET sealed_on = $2 WHERE relief_id = $1",
        [(one.relief_id, one.sealed_on) for one in sorted(sealed, key=lambda each: each.relief_id)],
    )


async def remove(db: Database, relief_id: UUID) -> None:
    """Removes a seal: what it recognised is taken in again when it is sent again."""
    await db.execute("DELETE FROM seals WHERE relief_id = $1", relief_id)


def _seal(row: Any) -> Seal:
    return Seal(
        row["relief_id"],
        row["county"],
        *(frozenset(row[part]) for part in ("places", "sealed", "kept", "persons", "apart")),
    )


async def wait_for_pins(db: Database, due: Sequence[ReliefSealDue]) -> None:
    """Keeps what is to be forgotten until the person's records are pinned."""
    await db.executemany(
        """INSERT INTO seals_due VALUES ($1, $2, EXISTS (SELECT FROM seals WHERE relief_id = $1))
           ON CONFLICT (relief_id) DO UPDATE SET due = excluded.due""",
        [
            (one.relief_id, one.to_json())
            for one in sorted(due, key=lambda each: each.relief_id)  # as ``pinned`` locks them
        ],
    )


async def pinned(db: Database, reliefs: Collection[ReliefId]) -> None:
    """Notes that the records of these persons are pinned."""
    await db.executemany(
        """INSERT INTO seals_due VALUES ($1, NULL, true) ON CONFLICT (relief_id) DO UPDATE SET pinned = true""",
        [(one,) for one in sorted(reliefs)],
    )


async def take_pinned(db: Database) -> list[ReliefSealDue]:
    """What may be forgotten now; it waits no more."""
    rows = await db.fetch("DELETE FROM seals_due WHERE pinned AND due IS NOT NULL RETURNING due")
    return [ReliefSealDue.from_json(row["due"]) for row in rows]


async def came(db: Database, cases: Mapping[Key, Collection[str]], now: datetime) -> None:
    """Notes in which cases, which are hashed, records stand that were just taken in."""
    rows = sorted((*key, place) for key, own in cases.items() for place in own)
    if not rows:
        return
    await db.execute(
        """INSERT INTO recent_places
           SELECT county, source, record_id, place, $5
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS new (county, source, record_id, place)
           ON CONFLICT (county, source, record_id, place) DO UPDATE SET at = excluded.at""",
        *([row[part] for row in rows] for part in range(4)),
        now,
    )


async def came_lately(db: Database, cases: Collection[str]) -> Mapping[str, set[RecordKey]]:
    """The records that these cases came in lately, by case."""
    found: dict[str, set[RecordKey]] = {}
    for row in await db.fetch(
        "SELECT place, county, source, record_id FROM recent_places WHERE place = ANY ($1)", list(cases)
    ):
        found.setdefault(row["place"], set()).add(RecordKey(row["county"], row["source"], row["record_id"]))
    return found


async def forget_came(db: Database, keys: Collection[Key]) -> None:
    """Forgets in which cases these records stand."""
    await db.execute(
        """DELETE FROM recent_places USING unnest($1::text[], $2::text[], $3::text[]) AS old (county, source, record_id)
           WHERE (recent_places.county, recent_places.source, recent_places.record_id)
               = (old.county, old.source, old.record_id)""",
        *([key[part] for key in keys] for part in range(3)),
    )


async def forget_old_came(db: Database, before: datetime) -> bool:
    """Forgets what came before this time, some thousand at once; True: there may be more."""
    done = await db.execute(
        """DELETE FROM recent_places WHERE ctid = ANY (ARRAY(
               SELECT ctid FROM recent_places WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))""",
        before,
        AT_A_TIME,
    )
    return str(done) == f"DELETE {AT_A_TIME}"
