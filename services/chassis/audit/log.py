"""The audit log of a service's database: linked, and read page by page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.chassis.http.text import Moment
from services.chassis.runtime.unit_of_work import Database, Work

SECONDS_BETWEEN_LINKS = 0.5
LINKED_AT_ONCE = 1000


class Row(BaseModel):
    """One act. ``why`` and ``salt`` are null where no reason was given, or it was erased."""

    sequence: int
    at: Moment
    who: str
    role: str
    act: str
    object: str
    outcome: str
    why: str | None
    salt: str | None
    why_hash: str | None
    chained_at: Moment
    hash: str


async def chain(work: Work) -> bool:
    """A job: links what was committed, one replica at a time; True: there may be more."""
    linked = await work.db.fetchval("SELECT chain_audit($1, $2)", LINKED_AT_ONCE, work.now)
    return bool(linked == LINKED_AT_ONCE)


async def page(
    db: Database,
    *,
    after: int,
    limit: int,
    who: str | None,
    act: str | None,
    of: str | None,
    since: datetime | None,
    until: datetime | None,
) -> list[Row]:
    """The linked rows behind sequence number ``after``, in their order; None as a filter: any."""
    rows: Sequence[Any] = await db.fetch(
        """SELECT sequence, at, who, role, act, object, outcome, text AS why, encode(salt, 'hex') AS salt,
                  encode(why_hash, 'hex') AS why_hash, chained_at, encode(hash, 'hex') AS hash
           FROM audit_log LEFT JOIN audit_texts USING (id)
           WHERE sequence > $1 AND ($3::text IS NULL OR who = $3) AND ($4::text IS NULL OR act = $4)
             AND ($5::text IS NULL OR object = $5)
             AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)
           ORDER BY sequence LIMIT $2""",
        after,
        limit,
        who,
        act,
        of,
        since,
        until,
    )
    return [Row.model_validate(dict(row)) for row in rows]
