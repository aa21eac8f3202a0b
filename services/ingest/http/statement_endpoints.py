"""Statements of fact: taken in and answered at once, and read again by the offices that state them."""

from collections import Counter as Tally
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, ClassVar

from fastapi import Body as JsonBody
from fastapi import Header
from fastapi import Query as Parameters
from prometheus_client import Counter
from pydantic import Field
from starlette.responses import JSONResponse, Response

from reliefstream_contracts.event import trace_id, trace_of
from reliefstream_contracts.identifiers import CountyName, StatementId, derived
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.statements import FactStated
from services.chassis.audit.act import Act, audited
from services.chassis.audit.acting import Acting, ActingBy
from services.chassis.http.application import router
from services.chassis.http.county import OfCounty
from services.chassis.http.ndjson import Ndjson
from services.chassis.http.paging import next_after
from services.chassis.http.problems import MEDIA_TYPE, ProblemDetails, Refusal, problems
from services.chassis.http.route import EdgeRoute
from services.chassis.http.text import OptionalText, PlainText, Query
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller, seen_by
from services.chassis.runtime.unit_of_work import Trace, Transaction, Work
from services.ingest.http.dependencies import Given, GivenIntake
from services.ingest.http.statement_documents import StatementRevisions, Statements, StatementsTaken
from services.ingest.profiles.counties import SendingCounty
from services.ingest.sealing.statements import Recognising, sealed_among
from services.ingest.statements import store
from services.ingest.statements.parse_statement import Read, read
from services.ingest.statements.request import MOST, schema
from services.ingest.statements.statement_decision import (
    CONFLICTS,
    FORBIDDEN,
    OFFICES,
    Sender,
    StatementDecision,
    decide,
    on_sealed,
)

STATEMENTS = Counter(
    "reliefstream_ingest_statements_total", "Statements of fact that offices sent", ["county", "status"]
)
PAGE = 500
TOP = "/v1/counties/{county}/statements"
NO_COUNTY = {404: "No such county; ``detail`` lists those that there are."}
REFUSED = {
    403: "The caller was not granted this, or another office knows these facts.",
    409: "The revision was taken by somebody else.",
    422: "Nothing can be taken in; ``statements`` says why, each with its field and what to do.",
}
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": schema()}}}}


class StatementRoute(EdgeRoute):
    largest_body: ClassVar[int] = 4 * 1024 * 1024


class Page(Query):
    """``after``: the ``next`` of the page before."""

    limit: Annotated[int, Field(ge=1, le=PAGE)] = 100
    after: OptionalText = None


statements = router(StatementRoute)
By = Annotated[Caller, allowed(Grants(*OFFICES, per_case=True))]


@statements.post(
    TOP,
    summary="State facts of a conviction, one statement or a list of them; revise or withdraw by id and revision",
    description="Each is answered for itself. Idempotency-Key makes the ids of statements that name none, so that a "
    "request sent again changes nothing. reconciliation says what has become of a statement.",
    response_model=StatementsTaken,
    responses=problems(REFUSED | NO_COUNTY),
    openapi_extra=BODY,
)
async def state_facts(
    *,
    given: Given,
    intake: GivenIntake,
    caller: By,
    by: ActingBy,
    county: PlainText,
    asked: Annotated[Any, JsonBody()],
    idempotency_key: Annotated[str, Header(max_length=200)] = "",
    traceparent: Annotated[str, Header()] = "",
) -> Response:
    at = given.county(county)
    raw = asked if isinstance(asked, list) else [asked]
    if not 0 < len(raw) <= MOST:
        said = f"A request holds 1 to {MOST} statements. A file of any length: reliefstream statement import FILE"
        raise Refusal(413 if raw else 422, "number_of_statements", "Too many or none", said)
    request = idempotency_key or intake.new_request_id()
    today = at.day(intake.now())
    found = [read(one, at.intake.county, today) for one in raw]
    ids = [_id(one, caller, at.intake.county, request, number) for number, one in enumerate(found)]
    async with given.transaction() as work:
        decisions = await _decided(work, found, ids, caller, at)
        decisions = await _without_sealed(work, decisions, Recognising(given.counties, given.keyed_hash))
        recorded = [one.event for one in decisions if one.status == "recorded" and one.event]
        await store.add(work, recorded)
        traces = {one.identity(): _trace(one, traceparent) for one in recorded}
        for event in recorded:
            work.emit(event, Trace(traces[event.identity()], work.now.isoformat()))
        await audited(work, *(_act(by, one) for one in recorded))
        _count(work, county, decisions)
    return _answered(decisions, ids, traces)


@statements.get(
    TOP,
    summary="The statements of a county by id, the latest revision of each",
    responses=problems(NO_COUNTY),
)
async def list_statements(
    given: Given, caller: By, by: ActingBy, county: PlainText, asked: Annotated[Page, Parameters()]
) -> Statements:
    at = given.county(county)
    async with as_caller(given.transaction, caller) as work:
        found = await store.page(work, (at.intake.county, asked.after or ""), asked.limit, at.intake.county)
        await audited(work, by.on(f"statements/{county}", "shown"))
    last = next_after(found, asked.limit, lambda one: one.statement_id)
    return Statements(statements=[one for one in found if _may_see(caller, one)], next=last)


@statements.get(
    TOP + "/{statement_id}",
    summary="One statement with all of its revisions",
    responses=problems({404: "No such county, or the caller sees no such statement."}),
)
async def show_statement(
    given: Given, caller: By, by: ActingBy, county: PlainText, statement_id: PlainText
) -> StatementRevisions:
    at = given.county(county)
    async with as_caller(given.transaction, caller) as work:
        found = await store.revisions(work, at.intake.county, [StatementId(statement_id)])
        if not found or not _may_see(caller, found[-1]):
            raise Refusal(404, "no_statement", "No such statement", "See: reliefstream statement list.")
        await audited(work, by.on(found[-1].key(), "shown"))
    return StatementRevisions(revisions=found)


@statements.get(
    "/v1/export/statements",
    summary="The latest revision of every statement, one JSON object a line",
    dependencies=[allowed(Grants("records_unit", break_glass=True))],
    response_class=Ndjson,
    responses=problems(NO_COUNTY),
)
async def export_statements(given: Given, by: ActingBy, asked: Annotated[OfCounty, Parameters()]) -> Ndjson:
    if asked.county is not None:
        given.county(asked.county)
    async with given.transaction() as work:
        await audited(work, by.on(f"statements/{asked.county or 'all'}", "shown"))
    return Ndjson(_lines(seen_by(given.transaction, by.caller), asked.county))


def _id(
    found: Read | tuple[Problem, ...], caller: Caller, county: CountyName, request: str, number: int
) -> StatementId | None:
    """The id that a statement names; of one that names none, from the request and its place in it."""
    if not isinstance(found, Read):
        return None
    return found.said.statement_id or StatementId(
        str(derived("statement", county, caller.account, request, number))
    )


async def _decided(
    work: Work,
    found: Sequence[Read | tuple[Problem, ...]],
    ids: Sequence[StatementId | None],
    caller: Caller,
    at: SendingCounty,
) -> list[StatementDecision]:
    """What becomes of each, in order; a list may hold several revisions of one statement."""
    sender = Sender(caller, at.intake.county, at.day(work.now))
    held = await store.lock(work, sender.county, {one for one in ids if one})
    decisions = []
    for one, statement_id in zip(found, ids, strict=True):
        if statement_id is None or not isinstance(one, Read):
            decisions.append(StatementDecision("refused", problems=() if isinstance(one, Read) else one))
            continue
        own = held.setdefault(statement_id, {})
        decision = decide(one.said, statement_id, own, sender)
        if decision.status == "recorded" and decision.event:
            own[decision.event.revision] = decision.event
        decisions.append(decision)
    return decisions


async def _without_sealed(
    work: Work, decisions: Sequence[StatementDecision], by: Recognising
) -> list[StatementDecision]:
    """Nothing is kept of what is stated on a sealed conviction."""
    events = [one.event for one in decisions if one.status == "recorded" and one.event]
    sealed = await sealed_among(work, {seen for event in events for seen in event.counts}, by)
    return [
        on_sealed() if one.event and not sealed.isdisjoint(one.event.counts) else one for one in decisions
    ]


def _trace(event: FactStated, traceparent: str) -> str:
    return trace_of(event.identity(), traceparent)


def _act(by: Acting, event: FactStated) -> Act:
    """In the role that it was stated in, which may be another than the first that the route admits."""
    return replace(by.on(event.identity(), why=event.basis), role=event.stated_by.role)


def _count(work: Work, county: str, decisions: Sequence[StatementDecision]) -> None:
    for status, number in Tally(one.status for one in decisions).items():
        work.on_commit.append(partial(STATEMENTS.labels(county, status).inc, number))


def _answered(
    decisions: Sequence[StatementDecision], ids: Sequence[StatementId | None], traces: dict[str, str]
) -> Response:
    """200 when anything was recorded or known; else why nothing was."""
    told = Tally(one.status for one in decisions)
    body = {
        "received": len(decisions),
        "recorded": told["recorded"],
        "repeats": told["repeat"],
        "refused": told["refused"],
        "statements": [_told(one, own, traces) for one, own in zip(decisions, ids, strict=True)],
    }
    if told["refused"] < len(decisions):
        return JSONResponse(body)
    found = [problem for one in decisions for problem in one.problems]
    codes = {one.code for one in found}
    status = 403 if codes <= FORBIDDEN else 409 if codes <= CONFLICTS else 422
    details = ProblemDetails(
        type="urn:reliefstream:problem:statement_refused",
        title="Nothing was taken in",
        status=status,
        detail=f"{found[0].where}: {found[0].what}; {found[0].remedy}.",
        code=found[0].code,
    )
    return JSONResponse({**details.model_dump(), **body}, status, media_type=MEDIA_TYPE)


def _told(one: StatementDecision, statement_id: StatementId | None, traces: dict[str, str]) -> dict[str, Any]:
    event = one.event
    return {
        "status": one.status,
        "statement_id": statement_id,
        "revision": event.revision if event else None,
        "trace_id": trace_id(traces.get(event.identity())) or None if event else None,
        "problems": [each.to_dict() for each in one.problems],
    }


def _may_see(caller: Caller, event: FactStated) -> bool:
    """Whether a grant reaches it: a city's attorney sees the statements of that city's attorney."""
    return caller.reaches(event.county, event.stated_by.city)


async def _lines(transaction: Transaction, county: str | None) -> AsyncIterator[str]:
    after = ("", "")
    while True:
        async with transaction() as work:
            page = await store.page(work, after, PAGE, county)
        yield "".join(f"{one.to_json().decode()}\n" for one in page)
        if len(page) < PAGE:
            return
        after = (page[-1].county, page[-1].statement_id)
