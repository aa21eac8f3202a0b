"""What eligibility keeps: the newest history of each subject and what was last found on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import TypeAdapter

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import SubjectId
from services.chassis.work import Database

DETERMINATIONS = TypeAdapter(tuple[Determination, ...])
FIRST = UUID(int=0)
COLUMNS = (
    "subject_id, history_version, history, version, determinations, content, rules, as_of, next_review_on"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One row: the history and the determinations as JSON. ``version`` is of the last snapshot published, 0: none.

    ``content`` digests the determinations without the day; ``rules`` names the rules they were found by.
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

    def read_history(self) -> HistoryChanged:
        return HistoryChanged.model_validate_json(self.history)

    def read_determinations(self) -> tuple[Determination, ...]:
        return DETERMINATIONS.validate_json(self.determinations)


async def lock(db: Database, subject_ids: Collection[SubjectId]) -> dict[SubjectId, Subject]:
    """Those of the subjects that are known, locked in order for the rest of the transaction."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM subjects WHERE subject_id = ANY($1) ORDER BY subject_id FOR UPDATE",  # noqa: S608
        sorted(subject_ids),
    )
    return {row["subject_id"]: Subject(**row) for row in rows}


DUE = "next_review_on <= in_force.today OR subjects.rules <> in_force.rules OR as_of > in_force.today"
COUNT_DUE = f"SELECT count(*) FROM subjects, in_force WHERE {DUE}"  # noqa: S608
"""How many subjects the day or a change of rules has made due."""


async def put_in_force(db: Database, today: date, rules: str) -> None:
    """Says by which day and rules subjects are to be judged."""
    await db.execute(
        """INSERT INTO in_force (today, rules) VALUES ($1, $2)
           ON CONFLICT (only_row) DO UPDATE SET today = excluded.today, rules = excluded.rules
           WHERE (in_force.today, in_force.rules) <> (excluded.today, excluded.rules)""",
        today,
        rules,
    )


async def lock_due(db: Database, limit: int) -> list[Subject]:
    """Some subjects that the day or a change of rules has made due, locked; those another replica has are left."""
    rows = await db.fetch(
        f"""SELECT {", ".join("subjects." + column for column in COLUMNS.split(", "))} FROM subjects, in_force
            WHERE {DUE} ORDER BY subject_id LIMIT $1 FOR UPDATE OF subjects SKIP LOCKED""",  # noqa: S608
        limit,
    )
    return [Subject(**row) for row in rows]


async def write(db: Database, subjects: Sequence[Subject]) -> None:
    """Replaces these subjects, in one statement."""
    rows = sorted(subjects, key=lambda subject: subject.subject_id)
    columns = COLUMNS.split(", ")
    changed = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    await db.execute(
        f"""INSERT INTO subjects ({COLUMNS})
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $6::bytea[],
                                 $7::text[], $8::date[], $9::date[])
            ON CONFLICT (subject_id) DO UPDATE SET {changed}""",  # noqa: S608
        *([getattr(row, column) for row in rows] for column in columns),
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


async def counts(db: Database) -> dict[str, object]:
    """Subjects, and convictions by outcome."""
    rows = await db.fetch(
        """SELECT found ->> 'outcome' AS outcome, count(*) AS convictions
           FROM subjects, json_array_elements(determinations::json) AS found GROUP BY 1 ORDER BY 1"""
    )
    subjects = await db.fetchval("SELECT count(*) FROM subjects")
    return {"subjects": subjects, "determinations": {row["outcome"]: row["convictions"] for row in rows}}
