"""What eligibility keeps: the newest history of each subject and what was last found on it."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import StatementId, SubjectId
from services.chassis.runtime.unit_of_work import Database
from services.eligibility.in_force import InForce

DETERMINATIONS = msgspec.json.Decoder(tuple[Determination, ...])
FIRST = UUID(int=0)


class Subject(NamedTuple):
    """One row: the history and the determinations as JSON. ``version`` is of the last snapshot published, 0: none.

    ``content`` digests the determinations without the day; ``rules`` names the rules they were found by.
    ``defect``: where the rules in force failed on the history, so that it is set aside; None: they did not.
    """

    subject_id: SubjectId
    history_version: int
    history: str
    version: int
    determinations: str
    content: bytes
    rules: str
    as_of: date
    next_review_on: date | None
    defect: str | None

    def read_history(self) -> HistoryChanged:
        return HistoryChanged.from_json(self.history)

    def read_determinations(self) -> tuple[Determination, ...]:
        return DETERMINATIONS.decode(self.determinations)


COLUMNS = ", ".join(Subject._fields)


async def lock(db: Database, subject_ids: Collection[SubjectId]) -> dict[SubjectId, Subject]:
    """Those of the subjects that are known, locked in order for the rest of the transaction."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM subjects WHERE subject_id = ANY($1) ORDER BY subject_id FOR UPDATE",  # noqa: S608
        sorted(subject_ids),
    )
    return {row["subject_id"]: Subject(**row) for row in rows}


def _due(select: str, today: str, rules: str, limit: str, end: str = "") -> str:
    """A query of subjects that are due, at most ``limit`` for each way of becoming due; it may return one twice.

    An arm for each way, ordered by its index's column: one condition with OR would read the whole table, and so
    would an arm that the planner hopes to find at once.
    """
    arms = (
        f"next_review_on <= {today} ORDER BY next_review_on",
        f"rules < {rules} ORDER BY rules",
        f"rules > {rules} ORDER BY rules",
        f"as_of > {today} ORDER BY as_of",
    )
    # Locks are not allowed in a UNION, but below a SELECT in it.
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT {select} FROM subjects WHERE defect IS NULL AND {arm} LIMIT {limit} {end}) AS arm"  # noqa: S608
        for arm in arms
    )


LOCK_DUE = _due(COLUMNS, "$1", "$2", "$3", "FOR UPDATE SKIP LOCKED")
COUNT_DUE = f"""SELECT count(DISTINCT subject_id) FROM (
{_due("subject_id", "(SELECT today FROM in_force)", "(SELECT rules FROM in_force)", "1000")}) AS due"""  # noqa: S608
"""How many subjects the day or a change of rules has made due; of thousands, only some."""


async def process_number(db: Database) -> int:
    """A number for a process that starts, above those of all that started before."""
    number: int = await db.fetchval("SELECT nextval('processes')")
    return number


async def in_force(db: Database, *, lock: bool = False) -> InForce | None:
    """By which day and rules subjects are to be judged; None before the first process said so."""
    end = "FOR UPDATE" if lock else ""
    row = await db.fetchrow(f"SELECT today, rules, process, fixed FROM in_force {end}")  # noqa: S608
    return InForce(**row) if row else None


async def put_in_force(db: Database, now: InForce) -> None:
    """Says by which day and rules subjects are to be judged; what was set aside is tried again."""
    await db.execute(
        """INSERT INTO in_force (today, rules, process, fixed) VALUES ($1, $2, $3, $4)
           ON CONFLICT (only_row) DO UPDATE SET today = excluded.today, rules = excluded.rules,
               process = excluded.process, fixed = excluded.fixed""",
        now.today,
        now.rules,
        now.process,
        now.fixed,
    )
    await db.execute("UPDATE subjects SET defect = NULL WHERE defect IS NOT NULL")


async def lock_due(db: Database, now: InForce, limit: int) -> list[Subject]:
    """Subjects that the day or a change of rules has made due, locked; those another replica has are left.

    Fewer than ``limit``: there are no more.
    """
    rows = await db.fetch(LOCK_DUE, now.today, now.rules, limit)
    return list({row["subject_id"]: Subject(**row) for row in rows}.values())


async def write(db: Database, subjects: Sequence[Subject]) -> None:
    """Replaces these subjects, in one statement."""
    rows = sorted(subjects, key=lambda subject: subject.subject_id)
    changed = ", ".join(f"{column} = excluded.{column}" for column in Subject._fields[1:])
    await db.execute(
        f"""INSERT INTO subjects ({COLUMNS})
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $6::bytea[],
                                 $7::text[], $8::date[], $9::date[], $10::text[])
            ON CONFLICT (subject_id) DO UPDATE SET {changed}""",  # noqa: S608
        *([row[place] for row in rows] for place in range(len(Subject._fields))),
    )


async def page(db: Database, after: UUID, limit: int) -> list[Subject]:
    """The next subjects by id."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM subjects WHERE subject_id > $1 ORDER BY subject_id LIMIT $2",  # noqa: S608
        after,
        limit,
    )
    return [Subject(**row) for row in rows]


async def one(db: Database, subject_id: UUID) -> Subject | None:
    """One subject; None when its history never came."""
    row = await db.fetchrow(f"SELECT {COLUMNS} FROM subjects WHERE subject_id = $1", subject_id)  # noqa: S608
    return Subject(**row) if row else None


async def with_statement(db: Database, statement_id: StatementId) -> list[HistoryChanged]:
    """The histories that a statement of this id is applied in; ids are a county's own, so that several may have one."""
    rows = await db.fetch(
        """SELECT history FROM subjects
           WHERE history LIKE '%"statement_id"%' AND strpos(history, $1) > 0 ORDER BY subject_id""",
        json.dumps(statement_id, ensure_ascii=False),
    )
    found = [HistoryChanged.from_json(row["history"]) for row in rows]
    return [one for one in found if any(said.statement_id == statement_id for said in one.stated_facts)]


async def counts(db: Database, sealed: Mapping[str, int]) -> dict[str, object]:
    """Subjects, how many of them are set aside as the rules fail on them, and convictions by outcome, with those that
    are ``sealed``.

    Reads every stored determination: seconds with hundreds of thousands of subjects.
    """
    rows = await db.fetch(
        """SELECT found ->> 'outcome' AS outcome, count(*) AS convictions
           FROM subjects, json_array_elements(determinations::json) AS found GROUP BY 1"""
    )
    found = Counter({row["outcome"]: row["convictions"] for row in rows})
    return {
        "subjects": await db.fetchval("SELECT count(*) FROM subjects"),
        "set_aside": await db.fetchval("SELECT count(*) FROM subjects WHERE defect IS NOT NULL"),
        "determinations": dict(sorted((found + Counter(sealed)).items())),
    }
