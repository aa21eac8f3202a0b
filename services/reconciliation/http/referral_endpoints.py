"""Referrals over HTTP: a community group hands in persons and is answered; the records unit works what is open."""

import asyncio
import hashlib
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Header, Path, Request, Response
from fastapi import Query as Parameters

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import SubjectId
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.paging import next_after
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute
from services.chassis.http.text import PlainText
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.http.identity_sides import records_said
from services.reconciliation.http.referral_dependencies import County, Given
from services.reconciliation.http.referral_documents import (
    AnswerBody,
    Answered,
    Candidate,
    LineTaken,
    OpenLine,
    OpenLines,
    Page,
    Persons,
    QueuePage,
    Receipt,
    ReferralAnswers,
    ReferralListed,
    ReferralPage,
)
from services.reconciliation.referrals import clock, looking, store
from services.reconciliation.referrals.answers import answers
from services.reconciliation.referrals.parse_list import (
    Line,
    Read,
    Unreadable,
    counted,
    read_json,
    read_table,
)
from services.reconciliation.referrals.store import Held
from services.reconciliation.store.records import successor
from services.table_files import XLSX

TOP = "/v1/counties/{county}/referrals"
QUEUE = "/v1/counties/{county}/referral-lines"
NOBODY = UUID(int=0)
SHOWN_PROBLEMS = 5
Id = Annotated[UUID, Path(alias="id")]
Group = Annotated[Caller, allowed(Grants("community_group"))]
Office = Annotated[Caller, allowed(Grants("records_unit", "district_attorney"))]
Either = Annotated[Caller, allowed(Grants("records_unit", "district_attorney", "community_group"))]
RecordsUnit = Annotated[Caller, allowed(Grants("records_unit"))]
NO_COUNTY = {404: "No such county; ``detail`` lists those that are set up."}
NO_REFERRAL = {404: "No such county, or the caller has no such list."}
LISTS = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": Persons.model_json_schema(ref_template="#/components/schemas/{model}")
            },
            "text/csv": {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class ListRoute(EdgeRoute):
    largest_body: ClassVar[int] = 1024 * 1024


referral_routes = router(ListRoute)


@referral_routes.post(
    TOP,
    summary="Hand in persons, as JSON, CSV or XLSX; each line is taken or refused for itself",
    description="With the person's authorisation, GET tells what is on record and what waits; without one everybody "
    "gets the same answer. 200: the same request was taken before (Idempotency-Key, else the same bytes).",
    status_code=201,
    response_model=Receipt,
    responses={
        200: {"model": Receipt},
        **problems(
            NO_COUNTY
            | {
                409: "The key came before with another list.",
                408: "The body did not arrive in time.",
                413: "The body is too large.",
                415: "The body is not JSON, CSV or XLSX.",
                422: "Nothing can be taken in; ``detail`` says why.",
            }
        ),
    },
    openapi_extra=LISTS,
)
async def submit_referral(
    *,
    request: Request,
    response: Response,
    given: Given,
    county: County,
    caller: Group,
    by: ActingBy,
    key: Annotated[PlainText, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Any:
    body, today = await request.body(), given.today(county)
    kind = request.headers.get("content-type", "application/json")
    found = await asyncio.to_thread(_read, body, kind, today)
    taken = [each for each in found.lines if each.person]
    if not taken:
        raise Refusal(422, "nothing_taken", "Nothing was taken in", _first_problems(found.lines))
    referral_id, due_on = given.new_id(), today + timedelta(days=county.referral_days)
    receipt = Receipt(
        referral_id=referral_id,
        county=county.county,
        due_on=due_on,
        unread_columns=found.unread_columns,
        lines=[_taken(each, today) for each in found.lines],
        **counted(found.lines),
    ).model_dump(mode="json")
    sha256 = hashlib.sha256(body).hexdigest()
    sent = store.Request(key or sha256, sha256)
    async with given.transaction() as work:
        one = store.Referral(referral_id, county.county, caller.account, work.now, due_on, receipt)
        if await store.add(work.db, one, sent, taken):
            await audited(work, by.on(f"referral/{referral_id}"))
            return receipt
        try:
            before = await store.sent_before(work.db, county.county, caller.account, sent)
        except store.KeyReused:
            said = "This Idempotency-Key came before with another list: send this one with a new key."
            raise Refusal(409, "key_reused", "The key was used before", said) from None
    response.status_code = 200
    return before.receipt if before else receipt


@referral_routes.get(
    TOP,
    summary="The lists that were handed in: a community group's own, or all of the county",
    responses=problems(NO_COUNTY),
)
async def list_referrals(
    given: Given, county: County, caller: Either, asked: Annotated[Page, Parameters()]
) -> ReferralPage:
    office = caller.has("records_unit") or caller.has("district_attorney")
    late = given.today(county) if asked.overdue and office else None
    async with as_caller(given.transaction, caller) as work:
        found = await store.listed(
            work.db,
            county.county,
            account=None if office else caller.account,
            overdue_on=late,
            after=asked.after or NOBODY,
            limit=asked.limit,
        )
    lists = [ReferralListed(**{**each, "open": each["open"] if office else None}) for each in found]
    return ReferralPage(referrals=lists, next=next_after(lists, asked.limit, lambda one: one.referral_id))


@referral_routes.get(
    TOP + "/{id}",
    summary="What is told of each person of a list that the caller handed in",
    responses=problems(NO_REFERRAL),
)
async def show_referral(
    given: Given, county: County, caller: Group, by: ActingBy, referral_id: Id
) -> ReferralAnswers:
    async with as_caller(given.transaction, caller) as work:
        one = await store.one(work.db, county.county, referral_id)
        if one is None or one.account != caller.account:
            raise _none()
        await audited(work, by.on(f"referral/{referral_id}", "shown"))
        held = await store.lines(work.db, referral_id)
        told = await answers(work.db, held, given.today(county))
    return ReferralAnswers(referral_id=referral_id, county=one.county, due_on=one.due_on, lines=told)


@referral_routes.get(
    QUEUE,
    summary="Lines that the county has still to answer, the first due first, with whom a group named",
    responses=problems(NO_COUNTY),
)
async def list_referral_lines(
    given: Given, county: County, caller: Office, by: ActingBy, asked: Annotated[QueuePage, Parameters()]
) -> OpenLines:
    today = given.today(county)
    async with as_caller(given.transaction, caller) as work:
        found = await store.open_lines(
            work.db, county.county, today if asked.overdue else None, _after(asked.after), asked.limit
        )
        perhaps = [await _candidates(work.db, each, given) for each in found]
        await audited(work, by.on(f"referral-lines/{county.county}", "shown"))
    last = next_after(found, asked.limit, lambda one: f"{one.due_on}/{one.referral_id}/{one.line}")
    return OpenLines(
        lines=[
            OpenLine(
                referral_id=each.referral_id,
                line=each.line,
                due_on=each.due_on,
                overdue=each.due_on < today,
                standing=each.standing,
                person=each.person,
                candidates=those,
            )
            for each, those in zip(found, perhaps, strict=True)
            if each.person
        ],
        next=last,
    )


@referral_routes.post(
    TOP + "/{id}/answer",
    summary="Answer lines for the county; the last answer counts",
    responses=problems(NO_REFERRAL),
)
async def answer_referral(
    *, given: Given, county: County, caller: RecordsUnit, by: ActingBy, referral_id: Id, asked: AnswerBody
) -> Answered:
    if (asked.subject_id is None) == (asked.answer == "found"):
        said = "found says which subject it is (subject_id); no other answer does."
        raise Refusal(422, "subject", "The subject", said)
    async with given.transaction() as work:
        one = await store.one(work.db, county.county, referral_id)
        held = await store.lines(work.db, referral_id, lock=set(asked.lines)) if one else []
        if len(held) < len(set(asked.lines)) or any(each.person is None for each in held):
            raise _none()
        subject = SubjectId(asked.subject_id) if asked.subject_id else None
        if subject and not await _is_of_county(work.db, subject, county):
            said = "No subject of this county's records has this id."
            raise Refusal(422, "subject", "The subject", said)
        await store.answer(
            work.db, held, asked.answer, caller.account, work.now, note=asked.note, subject_id=subject
        )
        await clock.answered(work, held, asked.answer)
        await audited(work, by.on(f"referral/{referral_id}", asked.answer, asked.note))
    return Answered(referral_id=referral_id, lines=[each.line for each in held])


async def _candidates(db: Database, line: Held, given: Given) -> list[Candidate]:
    if line.person is None or line.standing != "in_doubt":
        return []
    found = await looking.candidates(db, line.county, line.person, given.model)
    return [Candidate(subject_id=one, records=await records_said(db, one)) for one in found]


def _read(body: bytes, content_type: str, today: date) -> Read:
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return read_json(body, today)
        if kind in ("text/csv", XLSX):
            return read_table(body, today)
    except Unreadable as why:
        raise Refusal(422, "unreadable_list", "The list cannot be read", str(why)) from None
    raise Refusal(415, "content_type", "Not JSON, CSV or XLSX", f"Send application/json, text/csv or {XLSX}.")


def _taken(line: Line, today: date) -> LineTaken:
    if line.person is None:
        return LineTaken(line=line.number, status="refused", authorisation=None, problems=list(line.problems))
    signed = line.person.authorisation
    holds = "none" if signed is None else "holds" if signed.holds_on(today) else "expired"
    return LineTaken(line=line.number, status="taken", authorisation=holds, problems=[])


def _first_problems(lines: list[Line]) -> str:
    found = [problem for line in lines for problem in line.problems][:SHOWN_PROBLEMS]
    return " ".join(f"{each.where} {each.what}: {each.remedy}." for each in found)


def _after(text: str | None) -> tuple[date, UUID, int]:
    if text is None:
        return date.min, NOBODY, 0
    day, _, rest = text.partition("/")
    referral, _, line = rest.partition("/")
    try:
        return date.fromisoformat(day), UUID(referral), int(line[:6])
    except ValueError:
        raise Refusal(
            422, "invalid_query", "Invalid query", "after is the next of the page before, unchanged."
        ) from None


async def _is_of_county(db: Any, subject: SubjectId, county: CountyFile) -> bool:
    current, _ = await successor(db, subject)
    return bool(
        current
        and await db.fetchval(
            "SELECT EXISTS (SELECT FROM records WHERE subject_id = $1 AND split_part(record_key, '/', 2) = $2)",
            current.subject_id,
            county.county,
        )
    )


def _none() -> Refusal:
    return Refusal(
        404, "not_found", "Not found", "There is no such list, or no such line on it, that you may see."
    )
