"""What offices read: one subject's determinations, grounds in words, the export restated for a date, the histories."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from fastapi import Depends
from fastapi import Query as Parameters
from pydantic import BaseModel, Field

from reliefstream_contracts.determinations import Determination, Ground
from reliefstream_contracts.identifiers import SubjectId
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.county import OfCity, unknown_county
from services.chassis.http.dependencies import dependency
from services.chassis.http.ndjson import Ndjson
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute, Invalid
from services.chassis.http.text import Body, OptionalDay
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import OPERATOR, Grants, allowed
from services.chassis.identity.row_security import as_caller, seen_by
from services.chassis.runtime.unit_of_work import Transaction
from services.eligibility import store
from services.eligibility.explain.grounds_in_words import in_words
from services.eligibility.exports import Chosen, determinations, histories
from services.eligibility.rules import RuleBook
from services.eligibility.statistics import sealed
from services.eligibility.store import Subject


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the endpoints work with."""

    transaction: Transaction
    book: RuleBook
    today: Callable[[], date]


class SubjectJudged(BaseModel):
    """The last determinations on one subject. ``set_aside``: where the rules failed on its history, or null."""

    subject_id: UUID
    retired_into: UUID | None
    version: int
    history_version: int
    set_aside: str | None
    next_review_on: date | None
    determinations: tuple[Determination, ...]


class Counts(BaseModel):
    """``determinations``: convictions by outcome."""

    subjects: int
    set_aside: int
    determinations: dict[str, int]


class AsOf(OfCity):
    """``as_of`` left out: today."""

    as_of: OptionalDay = None


class Grounds(Body):
    """Grounds as a determination or a review has them."""

    grounds: Annotated[tuple[Ground, ...], Field(max_length=200)]


class Clauses(BaseModel):
    """A clause a ground, in the order of the grounds, each to follow "because", without a full stop."""

    clauses: list[str]


class EligibilityRoute(EdgeRoute):
    invalid: ClassVar = {**EdgeRoute.invalid, "query:day": Invalid(422, "wrong_date", "Wrong date")}


eligibility = router(EligibilityRoute)
Given = Annotated[Dependencies, Depends(dependency(Dependencies))]
Reader = Annotated[
    Caller,
    allowed(Grants("district_attorney", "city_attorney", "records_unit", per_case=True, break_glass=True)),
]
OFFICES: Final = ("district_attorney", "city_attorney", "clerk", "records_unit", "public_defender")
NO_COUNTY = {404: "No such county; ``detail`` lists those that there are."}


@eligibility.get("/v1/counts", summary="Totals of subjects and determinations", dependencies=[OPERATOR])
async def counts(given: Given) -> Counts:
    async with given.transaction() as work:
        return Counts.model_validate(await store.counts(work.db, await sealed.outcomes(work.db)))


@eligibility.get(
    "/v1/subjects/{subject_id}",
    summary="What was last found on one subject",
    responses=problems({404: "No history of this subject has come."}),
)
async def show_subject(given: Given, caller: Reader, by: ActingBy, subject_id: UUID) -> SubjectJudged:
    async with as_caller(given.transaction, by.caller) as work:
        found = await store.one(work.db, SubjectId(subject_id))
        if found and not caller.reaches_any(_cases(found)):
            found = None
        if found is not None:
            await audited(work, by.on(f"subject/{subject_id}", "shown"))
    if found is None:
        raise Refusal(404, "unknown_subject", "Unknown subject", "No history of this subject has come.")
    return SubjectJudged(
        subject_id=found.subject_id,
        retired_into=found.read_history().retired_into,
        version=found.version,
        history_version=found.history_version,
        set_aside=found.defect,
        next_review_on=found.next_review_on,
        determinations=found.read_determinations(),
    )


@eligibility.post(
    "/v1/grounds-in-words",
    summary="Grounds as clauses of a sentence",
    description="Nothing is looked up: the words follow from the grounds that are sent.",
    dependencies=[allowed(Grants(*OFFICES, per_case=True))],
)
async def grounds_in_words(asked: Grounds) -> Clauses:
    return Clauses(clauses=[in_words(one.to_dict()) for one in asked.grounds])


@eligibility.get(
    "/v1/export/determinations",
    summary="Every determination, one JSON object a line, as of a day",
    dependencies=[allowed(Grants("district_attorney", "city_attorney", "records_unit", break_glass=True))],
    response_class=Ndjson,
    responses=problems(NO_COUNTY),
)
async def export_determinations(given: Given, by: ActingBy, asked: Annotated[AsOf, Parameters()]) -> Ndjson:
    _known(given.book, asked.county)
    async with given.transaction() as work:
        await audited(work, by.exported("determinations", asked.county))
    day = asked.as_of or given.today()
    which = Chosen(asked.county, asked.city)
    return Ndjson(determinations(seen_by(given.transaction, by.caller), given.book.on(day), day, which))


@eligibility.get(
    "/v1/export/histories",
    summary="Every history with a conviction, one JSON object a line, as it came",
    dependencies=[allowed(Grants("district_attorney", "city_attorney", break_glass=True))],
    response_class=Ndjson,
    responses=problems(NO_COUNTY),
)
async def export_histories(given: Given, by: ActingBy, asked: Annotated[OfCity, Parameters()]) -> Ndjson:
    _known(given.book, asked.county)
    async with given.transaction() as work:
        await audited(work, by.exported("histories", asked.county))
    return Ndjson(histories(seen_by(given.transaction, by.caller), Chosen(asked.county, asked.city)))


def _cases(found: Subject) -> Iterator[tuple[str | None, str | None]]:
    """Of the convictions, and of what was found on them, which alone says a city."""
    yield from ((one.county, None) for one in found.read_history().convictions)
    yield from ((one.county, one.city) for one in found.read_determinations())


def _known(book: RuleBook, county: str | None) -> None:
    if county is not None and county not in book.counties:
        raise unknown_county(book.counties)
