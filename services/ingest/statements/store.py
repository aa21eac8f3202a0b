"""Every revision of every statement that was taken in; none is changed, and sealing alone deletes one."""

from collections.abc import Collection, Sequence
from itertools import groupby

from reliefstream_contracts.identifiers import CountyName, StatementId
from reliefstream_contracts.statements import FactStated
from services.chassis.audit.erasing import erase_reasons
from services.chassis.runtime.unit_of_work import Work
from services.ingest.core.sealing.stated import places_of_seen

_LOCK = 6_403_301
"""With the county, of the advisory lock by which the statements of a county are taken in one request at a time."""
_SEALING = 6_403_302
"""Of the advisory lock between what states facts and what forgets a conviction."""


async def lock(
    work: Work, county: CountyName, ids: Collection[StatementId]
) -> dict[StatementId, dict[int, FactStated]]:
    """The revisions of these statements; until the transaction ends nobody else adds one in this county."""
    await work.db.execute("SELECT pg_advisory_xact_lock_shared($1)", _SEALING)
    await work.db.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _LOCK, county)
    held: dict[StatementId, dict[int, FactStated]] = {}
    for event in await revisions(work, county, ids):
        held.setdefault(event.statement_id, {})[event.revision] = event
    return held


async def revisions(work: Work, county: CountyName, ids: Collection[StatementId]) -> list[FactStated]:
    """All revisions of these statements, the first one first."""
    rows = await work.db.fetch(
        """SELECT body FROM statements WHERE county = $1 AND statement_id = ANY($2)
           ORDER BY statement_id, revision""",
        county,
        list(ids),
    )
    return [FactStated.from_json(row["body"]) for row in rows]


async def add(work: Work, events: Sequence[FactStated]) -> None:
    """Keeps new revisions."""
    await work.db.execute(
        """INSERT INTO statements (county, statement_id, revision, body, places, recorded_at)
           SELECT county, statement_id, revision, body, string_to_array(places, E'\n'), $6
           FROM unnest($1::text[], $2::text[], $3::int[], $4::bytea[], $5::text[])
               AS new (county, statement_id, revision, body, places)""",
        [one.county for one in events],
        [one.statement_id for one in events],
        [one.revision for one in events],
        [one.to_json() for one in events],
        ["\n".join({place for seen in one.counts for place in places_of_seen(seen)}) for one in events],
        work.now,
    )


async def at(work: Work, places: Collection[str]) -> list[list[FactStated]]:
    """The revisions of each statement of which any revision names a count that may stand there, the latest one last."""
    rows = await work.db.fetch(
        """SELECT body FROM statements
           WHERE (county, statement_id) IN (SELECT county, statement_id FROM statements WHERE places && $1::text[])
           ORDER BY county, statement_id, revision""",
        list(places),
    )
    found = (FactStated.from_json(row["body"]) for row in rows)
    return [list(revisions) for _, revisions in groupby(found, FactStated.key)]


async def delete(work: Work, event: FactStated) -> None:
    """Deletes all revisions of a statement, and what the audit log has of their basis."""
    rows = await work.db.fetch(
        "DELETE FROM statements WHERE (county, statement_id) = ($1, $2) RETURNING body",
        event.county,
        event.statement_id,
    )
    gone = [FactStated.from_json(row["body"]).identity() for row in rows]
    await erase_reasons(work.db, [event.key(), *gone])


async def lock_out(work: Work) -> None:
    """Until the transaction ends no statement is taken in: none comes between what is forgotten and its seal."""
    await work.db.execute("SELECT pg_advisory_xact_lock($1)", _SEALING)


async def page(work: Work, after: tuple[str, str], limit: int, county: str | None = None) -> list[FactStated]:
    """The latest revision of the next statements by county and id; ``county`` None: of every county."""
    rows = await work.db.fetch(
        """SELECT DISTINCT ON (county, statement_id) body FROM statements
           WHERE (county, statement_id) > ($1, $2) AND ($4::text IS NULL OR county = $4)
           ORDER BY county, statement_id, revision DESC LIMIT $3""",
        *after,
        limit,
        county,
    )
    return [FactStated.from_json(row["body"]) for row in rows]
