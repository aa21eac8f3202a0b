"""The tables of seals: hashes by which sealed convictions are recognised, and no value."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName, ReliefId
from reliefstream_contracts.relief import ReliefSealDue
from services.chassis.runtime.unit_of_work import Database
from services.ingest.core.sealing.seal import Seal


async def are_there_any(db: Database) -> bool:
    """Whether anything was sealed yet."""
    found: bool = await db.fetchval("SELECT EXISTS (SELECT FROM sealed_places)")
    return found


async def on_places(db: Database, places: Collection[str]) -> Mapping[str, Sequence[Seal]]:
    """The seals on places, which are hashed, by place; one without a seal is left out."""
    rows = await db.fetch(
        "SELECT place, relief_id FROM sealed_places WHERE place = ANY ($1::text[]) ORDER BY place, relief_id",
        list(places),
    )
    if not rows:
        return {}
    seals = {
        row["relief_id"]: _seal(row)
        for row in await db.fetch(
            """SELECT relief_id, county, sealed, kept, persons,
                   ARRAY(SELECT place FROM sealed_places WHERE sealed_places.relief_id = seals.relief_id) AS places
               FROM seals WHERE relief_id = ANY ($1::uuid[])""",
            [row["relief_id"] for row in rows],
        )
    }
    found: dict[str, list[Seal]] = {}
    for row in rows:
        found.setdefault(row["place"], []).append(seals[row["relief_id"]])
    return found


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


async def county_of(db: Database, relief_id: UUID) -> CountyName | None:
    """The county whose court sealed; None: there is no such seal."""
    found: CountyName | None = await db.fetchval("SELECT county FROM seals WHERE relief_id = $1", relief_id)
    return found


async def remove(db: Database, relief_id: UUID) -> None:
    """Removes a seal: what it recognised is taken in again when it is sent again."""
    await db.execute("DELETE FROM seals WHERE relief_id = $1", relief_id)


def _seal(row: Any) -> Seal:
    return Seal(
        row["relief_id"],
        row["county"],
        *(frozenset(row[part]) for part in ("places", "sealed", "kept", "persons")),
    )


async def wait_for_pins(db: Database, due: Sequence[ReliefSealDue]) -> None:
    """Keeps what is to be forgotten until the person's records are pinned."""
    await db.executemany(
        """INSERT INTO seals_due VALUES ($1, $2, EXISTS (SELECT FROM seals WHERE relief_id = $1))
           ON CONFLICT (relief_id) DO UPDATE SET due = excluded.due""",
        [
            (one.relief_id, one.model_dump_json().encode())
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
    return [ReliefSealDue.model_validate_json(row["due"]) for row in rows]
