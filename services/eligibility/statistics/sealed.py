"""What the statistics count of sealed convictions: a line of each, without a person, that is written when it is sealed.

The lines of one person have a random number in common, by which the person counts once; which number is a person's is
known for as long as something else of the person is here.
"""

import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.relief import ReliefSealDue
from services.chassis.runtime.unit_of_work import Database
from services.eligibility import store
from services.eligibility.law.input.statute import Statute
from services.eligibility.statistics import facts
from services.eligibility.store import Subject
from services.statistics.tables import Fact

ROWS_AT_A_TIME = 500
_COUNTS_NOW = "relief_id NOT IN (SELECT relief_id FROM forgetting)"
"""SQL: whether the conviction is in nobody's history any more, where it would count twice."""
NewNumber = Callable[[], UUID]


class Line(NamedTuple):
    """One sealed conviction: its county, and its facts as the statistics have them."""

    county: str
    facts: list[Fact]


async def keep(
    db: Database, due: Sequence[ReliefSealDue], statute: Statute, today: date, new_number: NewNumber = uuid4
) -> None:
    """Keeps a line of each conviction; one that has a line keeps it."""
    for one in due:
        subject = await _person(db, one.conviction.subject_id)
        line = _line(one, subject, statute, today)
        number = await _number(db, subject, new_number)
        await db.execute(
            "INSERT INTO sealed_determinations VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            one.relief_id,
            number,
            line.county,
            line.facts[0].outcome,
            json.dumps(line.facts),
        )


async def of_persons(db: Database, subjects: Collection[SubjectId]) -> dict[SubjectId, list[Line]]:
    """The lines of persons of whom something else is here."""
    rows = await db.fetch(
        f"""SELECT subject_id, county, facts FROM persons_counted JOIN sealed_determinations USING (counted_as)
            WHERE subject_id = ANY ($1) AND {_COUNTS_NOW}""",  # noqa: S608 - a text of our own
        list(subjects),
    )
    found: dict[SubjectId, list[Line]] = {}
    for row in rows:
        found.setdefault(SubjectId(row["subject_id"]), []).append(_read(row))
    return found


async def of_others(db: Database) -> AsyncIterator[list[Line]]:
    """The lines of each other person."""
    rows = db.cursor(
        f"""SELECT counted_as, county, facts FROM sealed_determinations
            WHERE counted_as NOT IN (SELECT counted_as FROM persons_counted) AND {_COUNTS_NOW}
            ORDER BY counted_as""",  # noqa: S608 - a text of our own
        prefetch=ROWS_AT_A_TIME,
    )
    number, lines = None, list[Line]()
    async for row in rows:
        if lines and row["counted_as"] != number:
            yield lines
            lines = []
        number = row["counted_as"]
        lines.append(_read(row))
    if lines:
        yield lines


async def outcomes(db: Database) -> dict[str, int]:
    """How many sealed convictions there are by outcome."""
    rows = await db.fetch(
        f"SELECT outcome, count(*) AS number FROM sealed_determinations WHERE {_COUNTS_NOW} GROUP BY 1"  # noqa: S608
    )
    return {row["outcome"]: row["number"] for row in rows}


async def count_as_one(db: Database, merged: Mapping[SubjectId, SubjectId]) -> None:
    """Persons who turned out to be one, by the id that was retired: they count as one."""
    rows = await db.fetch("SELECT * FROM persons_counted WHERE subject_id = ANY ($1)", list(merged))
    for row in rows:
        number = await db.fetchval(
            """INSERT INTO persons_counted VALUES ($1, $2)
               ON CONFLICT (subject_id) DO UPDATE SET counted_as = persons_counted.counted_as RETURNING counted_as""",
            merged[SubjectId(row["subject_id"])],
            row["counted_as"],
        )
        for table in ("persons_counted", "sealed_determinations"):
            await db.execute(
                f"UPDATE {table} SET counted_as = $1 WHERE counted_as = $2",  # noqa: S608 - a name of our own
                number,
                row["counted_as"],
            )


async def forget(db: Database, reliefs: Collection[UUID]) -> None:
    """Deletes the lines of these reliefs."""
    await db.execute("DELETE FROM sealed_determinations WHERE relief_id = ANY ($1)", list(reliefs))


async def forget_persons(db: Database, subjects: Collection[UUID]) -> None:
    """Nobody knows any more whose lines they are."""
    await db.execute("DELETE FROM persons_counted WHERE subject_id = ANY ($1)", list(subjects))


async def _person(db: Database, subject_id: SubjectId) -> Subject | None:
    """Whose history the conviction is in now; None: nobody's of whom something is here."""
    found = await store.one(db, subject_id)
    while found and (into := found.read_history().retired_into):
        found = await store.one(db, into)
    return found


async def _number(db: Database, subject: Subject | None, new_number: NewNumber) -> UUID:
    if subject is None:
        return new_number()
    number: UUID = await db.fetchval(
        """INSERT INTO persons_counted VALUES ($1, $2)
           ON CONFLICT (subject_id) DO UPDATE SET counted_as = persons_counted.counted_as RETURNING counted_as""",
        subject.subject_id,
        new_number(),
    )
    return number


def _line(due: ReliefSealDue, subject: Subject | None, statute: Statute, today: date) -> Line:
    """What was found of it; where its history is without it already, what relief says of it, and no age."""
    counts = set(due.conviction.counts)
    for found in subject.read_determinations() if subject else ():
        if subject and not counts.isdisjoint(found.counts):
            return Line(found.county, facts.of_conviction(found, subject.read_history(), statute, today))
    return Line(due.conviction.county, facts.of_relief(due.conviction, statute))


def _read(row: Mapping[str, Any]) -> Line:
    return Line(row["county"], [Fact(*each) for each in row["facts"]])
