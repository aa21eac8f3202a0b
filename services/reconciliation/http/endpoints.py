"""One subject and why it is one, counts, exports line by line; and what the records unit decides: who is one person."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Depends
from fastapi import Query as Parameters
from pydantic import Field, StrictBool

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.county import OfCounty
from services.chassis.http.dependencies import dependency
from services.chassis.http.ndjson import Ndjson
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute, Invalid
from services.chassis.http.text import Body, Line
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import OPERATOR, Grants, allowed
from services.chassis.identity.row_security import as_caller, seen_by
from services.chassis.runtime.unit_of_work import Transaction
from services.reconciliation.handlers import Linker
from services.reconciliation.http import queries as reading
from services.reconciliation.http.documents import Counts, SubjectShown, SubjectsNow
from services.reconciliation.http.identity_decisions import NotDecidable, Told, decide

Said = Annotated[Line, Field(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the endpoints work with."""

    transaction: Transaction
    linker: Linker


class LinkDecision(Body):
    """What a person decided; each side is a subject's id or a record's key."""

    one: Said = Field(examples=["court/los-angeles/C1"])
    other: Said = Field(examples=["doj/los-angeles/R1"])
    same: StrictBool
    reason: Said = Field(examples=["the same fingerprints"])


class ReconciliationRoute(EdgeRoute):
    invalid: ClassVar = {**EdgeRoute.invalid, "path": Invalid(400, "not_an_id", "Not a subject's id")}


reconciliation = router(ReconciliationRoute)
Given = Annotated[Dependencies, Depends(dependency(Dependencies))]
Reader = Annotated[
    Caller, allowed(Grants("records_unit", "district_attorney", per_case=True, break_glass=True))
]
RecordsUnit = Annotated[Caller, allowed(Grants("records_unit", per_case=True))]


@reconciliation.get(
    "/v1/subjects/{subject_id}",
    summary="One subject: its records, why they are one person's, its history and open discrepancies",
    description="A retired id answers with its last successor.",
    response_model=SubjectShown,
    responses=problems({404: "No subject has or had this id."}),
)
async def show_subject(given: Given, caller: Reader, by: ActingBy, subject_id: UUID) -> Any:
    async with as_caller(given.transaction, by.caller) as work:
        found = await reading.subject(work.db, subject_id, given.linker.model)
        if found and not caller.reaches_any(_cases(found)):
            found = None
        if found is not None:
            await audited(work, by.on(f"subject/{subject_id}", "shown"))
    if found is None:
        raise Refusal(404, "no_subject", "No such subject", "No subject has or had this id.")
    return found


@reconciliation.get(
    "/v1/counts", summary="Totals of records, subjects and discrepancies", dependencies=[OPERATOR]
)
async def counts(given: Given) -> Counts:
    async with given.transaction() as work:
        return Counts.model_validate(await reading.counts(work.db))


@reconciliation.get(
    "/v1/export/subjects",
    summary="Every subject, one JSON object a line, without names",
    dependencies=[allowed(Grants("records_unit", break_glass=True))],
    response_class=Ndjson,
)
async def export_subjects(given: Given, by: ActingBy, asked: Annotated[OfCounty, Parameters()]) -> Ndjson:
    async with given.transaction() as work:
        await audited(work, by.exported("subjects", asked.county))

    def sent_by(line: dict[str, Any], county: str) -> bool:
        return any(key.split("/")[1] == county for key in line["records"])

    return Ndjson(_lines(seen_by(given.transaction, by.caller), reading.all_subjects, asked.county, sent_by))


@reconciliation.get(
    "/v1/export/discrepancies",
    summary="Every discrepancy, one JSON object a line, with when it was first and last found",
    dependencies=[allowed(Grants("records_unit", "district_attorney", "clerk", break_glass=True))],
    response_class=Ndjson,
)
async def export_discrepancies(
    given: Given, by: ActingBy, asked: Annotated[OfCounty, Parameters()]
) -> Ndjson:
    async with given.transaction() as work:
        await audited(work, by.exported("discrepancies", asked.county))

    def of(line: dict[str, Any], county: str) -> bool:
        return bool(line["county"] == county)

    return Ndjson(_lines(seen_by(given.transaction, by.caller), reading.all_discrepancies, asked.county, of))


@reconciliation.post(
    "/v1/link-decisions",
    summary="Decide that two subjects or records are one person's, or two persons'",
    responses=problems({409: "There is nothing to decide about these sides."}),
)
async def decide_link(given: Given, caller: RecordsUnit, by: ActingBy, told: LinkDecision) -> SubjectsNow:
    try:
        async with given.transaction() as work:
            subjects = await decide(work, given.linker, Told(**dict(told), by=by.who), caller)
            outcome = "one person" if told.same else "two persons"
            await audited(work, *(by.on(f"subject/{one}", outcome, told.reason) for one in subjects))
    except NotDecidable as refused:
        raise Refusal(409, "not_decidable", "Nothing to decide", str(refused)) from None
    return SubjectsNow(subjects=subjects)


def _cases(found: dict[str, Any]) -> Iterator[tuple[str, None]]:
    """Counties of the convictions, and of who sent a record."""
    yield from ((one["county"], None) for one in found["history"]["convictions"])
    yield from ((one["county"], None) for one in found["records"])


async def _lines(
    transaction: Transaction,
    lines: Callable[[Any], AsyncIterator[dict[str, Any]]],
    county: str | None,
    belongs: Callable[[dict[str, Any], str], bool],
) -> AsyncIterator[str]:
    """The lines, of one county alone where it is given."""
    async with transaction() as work:
        async for line in lines(work.db):
            if county is None or belongs(line, county):
                yield json.dumps(line, default=str) + "\n"
