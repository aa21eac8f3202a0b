"""Names and numbers of the persons on a list for the court, asked for by the office that prepares or files it."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, Field

from reliefstream_contracts.identifiers import CiiNumber, SubjectId
from reliefstream_contracts.records import Person
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.text import Body, PlainText
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.http.as_recorded import names_said
from services.reconciliation.http.endpoints import Given

MOST: Final = 1000
persons = router()


class PersonsAsked(Body):
    """Subjects as lines of a list name them."""

    subject_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST)]


class PersonNamed(BaseModel):
    """``subject_id``: as it was asked for, also where another stands for it by now. ``names``: as records give them,
    the most frequent first."""

    subject_id: UUID
    names: tuple[str, ...]
    cii_numbers: tuple[CiiNumber, ...]


class PersonsNamed(BaseModel):
    """Those that the caller may see and that are on record."""

    persons: tuple[PersonNamed, ...]


@persons.post(
    "/v1/counties/{county}/persons",
    summary="Names and CII numbers of these persons, for a list that goes to the court",
    description="Changes nothing. Every person that is shown is audited. A person of whom the county sent no record "
    "is left out.",
    dependencies=[allowed(Grants("district_attorney", "clerk"))],
)
async def name_persons(given: Given, by: ActingBy, county: PlainText, asked: PersonsAsked) -> PersonsNamed:
    async with as_caller(given.transaction, by.caller) as work:
        found = await _named(work.db, asked.subject_ids, county)
        await audited(work, *(by.on(f"subject/{one.subject_id}", "shown") for one in found))
    return PersonsNamed(persons=tuple(found))


async def _named(db: Database, asked: Sequence[UUID], county: str) -> list[PersonNamed]:
    now = await _survivors(db, asked)
    rows = await db.fetch(
        """SELECT subject_id, split_part(record_key, '/', 2) AS sent_by,
               convert_from(body, 'UTF8')::jsonb -> 'person' AS person
           FROM records WHERE subject_id = ANY($1) AND NOT withdrawn ORDER BY record_key""",
        list(set(now.values())),
    )
    persons: dict[UUID, list[Person]] = {}
    for row in rows:
        persons.setdefault(row["subject_id"], []).append(Person.of(row["person"]))
    of_county = {row["subject_id"] for row in rows if row["sent_by"] == county}
    return [
        PersonNamed(
            subject_id=one,
            names=tuple(names_said(persons[now[one]])),
            cii_numbers=tuple(sorted({number for each in persons[now[one]] for number in each.cii_numbers})),
        )
        for one in dict.fromkeys(asked)
        if now[one] in of_county
    ]


async def _survivors(db: Database, asked: Sequence[UUID]) -> dict[UUID, UUID]:
    """Each subject with the one that stands for it now, itself where it is not retired."""
    now: dict[UUID, UUID] = {one: one for one in asked}
    while True:
        rows: list[Any] = await db.fetch(
            "SELECT subject_id, retired_into FROM subjects WHERE subject_id = ANY($1) AND retired_into IS NOT NULL",
            list(set(now.values())),
        )
        if not rows:
            return now
        retired: dict[SubjectId, SubjectId] = {row["subject_id"]: row["retired_into"] for row in rows}
        now = {one: retired.get(SubjectId(each), each) for one, each in now.items()}
