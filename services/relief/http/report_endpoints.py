"""Endpoints that show reliefs, proposed orders and challenges, and change nothing."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query as Parameters
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from reliefstream_contracts.identifiers import SubjectId
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.county import OfCity
from services.chassis.http.ndjson import Ndjson
from services.chassis.http.paging import next_after
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.text import OptionalText, OptionalUUID, Query
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import OPERATOR, Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.unit_of_work import Transaction
from services.relief.http import reports
from services.relief.http.dependencies import Given
from services.relief.http.documents import Groups, Reliefs, SubjectShown
from services.relief.http.reports import CHARACTERISTICS
from services.relief.lifecycle.transitions import State

MOST = 1000
report_routes = router()
OF_COUNTY = allowed(Grants("district_attorney", "clerk", "city_attorney", break_glass=True))
Reader = Annotated[
    Caller, allowed(Grants("district_attorney", "city_attorney", per_case=True, break_glass=True))
]


def _characteristics(text: str | None) -> str | None:
    by = text.split(",") if text else []
    if not set(by) <= CHARACTERISTICS.keys() or len(set(by)) < len(by):
        raise PydanticCustomError("by", f"lists some of {', '.join(CHARACTERISTICS)}, each once")
    return text


class Which(OfCity):
    """Filters; one that is left out matches everything. ``count``: the relief on this source count. ``after``: the
    ``next`` of the previous page."""

    state: State | None = None
    case_number: OptionalText = None
    count: OptionalText = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100
    after: OptionalUUID = None


class By(Query):
    """``by``: characteristics to group by, separated by commas."""

    by: Annotated[OptionalText, AfterValidator(_characteristics)] = Field(
        default=None, examples=["race,level"]
    )


@report_routes.get("/v1/reliefs", summary="Reliefs, a page at a time", dependencies=[OF_COUNTY])
async def list_reliefs(given: Given, by: ActingBy, asked: Annotated[Which, Parameters()]) -> Reliefs:
    async with as_caller(given.transaction, by.caller) as work:
        found = await reports.listed(work.db, **dict(asked))
        await audited(work, by.exported("reliefs", asked.county))
    following = next_after(found, asked.limit, lambda one: one.relief_id)
    return Reliefs(reliefs=found, next=following)


@report_routes.get(
    "/v1/subjects/{id}",
    summary="What is judged of one subject, and the relief on it",
    response_model=SubjectShown,
    responses=problems({404: "No determination of this subject has come."}),
)
async def show_subject(given: Given, caller: Reader, by: ActingBy, id: UUID) -> Any:  # noqa: A002
    async with as_caller(given.transaction, by.caller) as work:
        found = await reports.subject(work.db, SubjectId(id))
        if found and not caller.reaches_any(_places(found["findings"])):
            found = None
        if found is not None:
            await audited(work, by.on(f"subject/{id}", "shown"))
    if found is None:
        raise Refusal(404, "not_found", "Not found", "No determination of this subject has come.")
    return found


@report_routes.get(
    "/v1/counts",
    summary="Convictions and persons by county and state",
    description="With ``by``: by these characteristics as well, as ``groups``.",
    dependencies=[OPERATOR],
)
async def counts(given: Given, asked: Annotated[By, Parameters()]) -> Groups | dict[str, dict[str, Any]]:
    async with given.transaction() as work:
        if asked.by:
            chosen = [each for each in CHARACTERISTICS if each in asked.by.split(",")]
            return Groups(groups=await reports.groups(work.db, *chosen))
        return await reports.counts(work.db, given.counties)


@report_routes.get(
    "/v1/export/relief",
    summary="Every relief, one JSON object a line, as of one moment",
    dependencies=[OF_COUNTY],
    response_class=Ndjson,
)
async def export_relief(given: Given, by: ActingBy, asked: Annotated[OfCity, Parameters()]) -> Ndjson:
    async with given.transaction() as work:
        await audited(work, by.exported("relief", asked.county))
    return Ndjson(_lines(given.transaction, by.caller, asked))


async def _lines(transaction: Transaction, caller: Caller, asked: OfCity) -> AsyncIterator[str]:
    async with as_caller(transaction, caller) as work:
        async for line in reports.exported(work.db, asked.county, asked.city):
            yield json.dumps(line, default=_iso) + "\n"


def _places(findings: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str | None]]:
    return ((one["conviction"]["county"], one["conviction"]["city"]) for one in findings)


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
