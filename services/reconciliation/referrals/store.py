"""Referrals and their lines in Postgres."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName, SubjectId
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.referrals.named_person import CountyAnswer, Named, Standing
from services.reconciliation.referrals.parse_list import Line

OPEN = "person IS NOT NULL AND standing <> 'found' AND county_answer IS NULL"
"""A line that the county has still to answer, as SQL."""


class KeyReused(Exception):
    """The key of a request came before with another list."""


class Request(NamedTuple):
    """As what a list was sent: its account's key for it, and the hash of what came with that."""

    key: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class Referral:
    """One list as it was taken in."""

    referral_id: UUID
    county: CountyName
    account: str
    received_at: datetime
    due_on: date
    receipt: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """One line. ``person`` None: erased. ``subject_id``: of one that was found, or whose case is missing."""

    referral_id: UUID
    line: int
    county: CountyName
    due_on: date
    person: Named | None
    standing: Standing
    subject_id: SubjectId | None
    county_answer: CountyAnswer | None
    answered_at: datetime | None
    note: str | None

    @property
    def open(self) -> bool:
        """Whether the county has still to answer it."""
        return self.person is not None and self.standing != "found" and self.county_answer is None


class Looked(NamedTuple):
    """What the records say of a line now."""

    line: Held
    standing: Standing
    subject_id: SubjectId | None


async def add(db: Database, one: Referral, request: Request, lines: Iterable[Line]) -> bool:
    """Stores a list with the persons in it; False where this account's request was taken before."""
    done: str = await db.execute(
        """INSERT INTO referrals VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)
           ON CONFLICT (county, account, request_key) DO NOTHING""",
        one.referral_id,
        one.county,
        one.account,
        request.key,
        one.received_at,
        one.due_on,
        json.dumps(one.receipt),
        request.body_sha256,
    )
    if done == "INSERT 0 0":
        return False
    taken = [each for each in lines if each.person]
    await db.execute(
        """INSERT INTO referral_lines (referral_id, line, county, due_on, person, standing, look_at)
           SELECT $1, line, $2, $3, person::jsonb, 'waiting', $4
           FROM unnest($5::int[], $6::text[]) AS new (line, person)""",
        one.referral_id,
        one.county,
        one.due_on,
        one.received_at,
        [each.number for each in taken],
        [each.person.model_dump_json() for each in taken if each.person],
    )
    return True


async def sent_before(db: Database, county: str, account: str, request: Request) -> Referral | None:
    """The list that this account has sent with the same key; None: none. Raises KeyReused where it was another list."""
    row = await db.fetchrow(
        "SELECT * FROM referrals WHERE county = $1 AND account = $2 AND request_key = $3",
        county,
        account,
        request.key,
    )
    if row and row["body_sha256"] != request.body_sha256:
        raise KeyReused
    return _referral(row) if row else None


async def one(db: Database, county: str, referral_id: UUID) -> Referral | None:
    """One list; None: there is none, or the reader does not see it."""
    row = await db.fetchrow(
        "SELECT * FROM referrals WHERE county = $1 AND referral_id = $2", county, referral_id
    )
    return _referral(row) if row else None


async def lines(db: Database, referral_id: UUID, *, lock: Collection[int] = ()) -> list[Held]:
    """The lines of a list; ``lock``: those of these numbers alone, locked until the commit."""
    rows = await db.fetch(
        "SELECT * FROM referral_lines WHERE referral_id = $1 ORDER BY line"
        if not lock
        else "SELECT * FROM referral_lines WHERE referral_id = $1 AND line = ANY ($2) ORDER BY line FOR UPDATE",
        referral_id,
        *([list(lock)] if lock else []),
    )
    return [_held(row) for row in rows]


async def listed(
    db: Database, county: str, *, account: str | None, overdue_on: date | None, after: UUID, limit: int
) -> list[dict[str, Any]]:
    """A page of a county's lists, with how many lines each has. ``account`` None: whoever handed them in;
    ``overdue_on``: only those with an unanswered line that was due before that day."""
    rows = await db.fetch(
        f"""SELECT referral_id, received_at, due_on, account, count(*) AS lines,
                   count(*) FILTER (WHERE {OPEN}) AS open
            FROM referrals JOIN referral_lines USING (referral_id, county, due_on)
            WHERE county = $1 AND ($2::text IS NULL OR account = $2) AND referral_id > $4
              AND ($3::date IS NULL OR due_on < $3)
            GROUP BY 1, 2, 3, 4 HAVING $3::date IS NULL OR count(*) FILTER (WHERE {OPEN}) > 0
            ORDER BY referral_id LIMIT $5""",  # noqa: S608 - a condition of our own
        county,
        account,
        overdue_on,
        after,
        limit,
    )
    return [dict(row) for row in rows]


async def open_lines(
    db: Database, county: str, due_before: date | None, after: tuple[date, UUID, int], limit: int
) -> list[Held]:
    """A page of the lines that the county has still to answer, the first due first, behind ``after``; ``due_before``:
    only those whose day was before."""
    rows = await db.fetch(
        f"""SELECT * FROM referral_lines WHERE county = $1 AND ($2::date IS NULL OR due_on < $2) AND {OPEN}
              AND (due_on, referral_id, line) > ($3, $4, $5)
            ORDER BY due_on, referral_id, line LIMIT $6""",  # noqa: S608 - a condition of our own
        county,
        due_before,
        *after,
        limit,
    )
    return [_held(row) for row in rows]


async def to_look_at(db: Database, now: datetime, limit: int) -> list[Held]:
    """Lines whose time has come, locked; those that others have locked are passed over."""
    rows = await db.fetch(
        "SELECT * FROM referral_lines WHERE look_at <= $1 ORDER BY look_at LIMIT $2 FOR UPDATE SKIP LOCKED",
        now,
        limit,
    )
    return [_held(row) for row in rows]


async def save_looks(db: Database, looked: Sequence[Looked], again_at: datetime) -> None:
    """Keeps what was found, and when it is looked at again."""
    await db.execute(
        """UPDATE referral_lines AS held SET standing = new.standing, subject_id = new.subject_id, look_at = $5
           FROM unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[]) AS new (referral_id, line, standing, subject_id)
           WHERE held.referral_id = new.referral_id AND held.line = new.line""",
        [each.line.referral_id for each in looked],
        [each.line.line for each in looked],
        [each.standing for each in looked],
        [each.subject_id for each in looked],
        again_at,
    )


async def answer(
    db: Database,
    held: Sequence[Held],
    said: CountyAnswer,
    by: str,
    at: datetime,
    *,
    note: str | None,
    subject_id: SubjectId | None,
) -> None:
    """Keeps the county's answer to these lines; the last one counts. ``subject_id``: of ``found``."""
    await db.execute(
        """UPDATE referral_lines SET county_answer = $3::text, answered_by = $4, answered_at = $5, note = $6,
               standing = CASE WHEN $3 = 'found' THEN 'found' ELSE standing END,
               subject_id = coalesce($7, subject_id),
               look_at = CASE WHEN $3 = 'record_sent' THEN $5::timestamptz END
           WHERE referral_id = $1 AND line = ANY ($2)""",
        held[0].referral_id,
        [each.line for each in held],
        said,
        by,
        at,
        note,
        subject_id,
    )


async def overdue(db: Database, today: date) -> list[Held]:
    """Lines that were due before today and that the county has not answered."""
    rows = await db.fetch(f"SELECT * FROM referral_lines WHERE due_on < $1 AND {OPEN}", today)  # noqa: S608
    return [_held(row) for row in rows]


async def erase(db: Database, today: date, kept: timedelta) -> list[tuple[UUID, int]]:
    """Erases who was named, and who it was found to be, that long after a line's day. Returns which lines."""
    rows = await db.fetch(
        """UPDATE referral_lines SET person = NULL, subject_id = NULL, note = NULL, look_at = NULL
           WHERE due_on <= $1 AND person IS NOT NULL RETURNING referral_id, line""",
        today - kept,
    )
    return [(row["referral_id"], row["line"]) for row in rows]


def _referral(row: Any) -> Referral:
    return Referral(**{name: row[name] for name in Referral.__dataclass_fields__})


def _held(row: Any) -> Held:
    values = {name: row[name] for name in Held.__dataclass_fields__}
    return Held(**{**values, "person": Named.model_validate(row["person"]) if row["person"] else None})
