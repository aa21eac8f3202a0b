"""What has become of statements of fact, for the offices that made them."""

from typing import Annotated, Literal

from fastapi import Query as Parameters
from pydantic import BaseModel, Field

from reliefstream_contracts.identifiers import CountyName, StatementId
from reliefstream_contracts.vocabulary.stated_facts import Office
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.paging import next_after
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.text import OptionalText, PlainText, Query
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.reconciliation.http.endpoints import Given
from services.reconciliation.store import statements as store
from services.reconciliation.store.statements import Followed

OFFICES: tuple[Office, ...] = ("district_attorney", "city_attorney", "clerk", "records_unit")
PAGE = 500
TOP = "/v1/counties/{county}/statements"
By = Annotated[Caller, allowed(Grants(*OFFICES, per_case=True))]


class StatementStanding(BaseModel):
    """``reason``: why it waits, is stale, or who contradicts it; empty: there is nothing to say.

    ``superseded``: how many earlier revisions there are.
    """

    statement_id: StatementId
    revision: int
    superseded: int
    status: Literal["applied", "waiting", "stale", "withdrawn"]
    reason: str
    role: Office
    account: str
    counts: list[str]
    facts: list[str]


class Standings(BaseModel):
    """``next``: what ``after`` takes for the next page; null: this is the last."""

    statements: list[StatementStanding]
    next: str | None


class Which(Query):
    """``after``: the ``next`` of the page before."""

    status: Literal["applied", "waiting", "stale", "withdrawn"] | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE)] = 100
    after: OptionalText = None


statements = router()


@statements.get(
    TOP, summary="What has become of a county's statements of fact, by id: all, or those of one status"
)
async def list_standings(
    given: Given, caller: By, by: ActingBy, county: CountyName, asked: Annotated[Which, Parameters()]
) -> Standings:
    async with as_caller(given.transaction, caller) as work:
        found = await store.followed(work.db, county, asked.status, asked.after or "", asked.limit)
        await audited(work, by.on(f"statements/{county}", "shown"))
    last = next_after(found, asked.limit, lambda one: one.event.statement_id)
    return Standings(statements=[_shown(one) for one in found if _may_see(caller, one)], next=last)


@statements.get(
    TOP + "/{statement_id}",
    summary="What has become of one statement of fact",
    responses=problems({404: "No such statement has come, or the caller sees none."}),
)
async def show_standing(
    given: Given, caller: By, by: ActingBy, county: CountyName, statement_id: PlainText
) -> StatementStanding:
    async with as_caller(given.transaction, caller) as work:
        found = await store.one(work.db, county, StatementId(statement_id))
        if found is None or not _may_see(caller, found):
            said = "It has not come, or there is none: see reliefstream statement list."
            raise Refusal(404, "no_statement", "No such statement", said)
        await audited(work, by.on(found.event.key(), "shown"))
    return _shown(found)


def _may_see(caller: Caller, one: Followed) -> bool:
    return caller.reaches(one.event.county, one.event.stated_by.city)


def _shown(one: Followed) -> StatementStanding:
    event = one.event
    return StatementStanding(
        statement_id=event.statement_id,
        revision=event.revision,
        superseded=event.revision - 1,
        status=one.standing.status,
        reason=one.standing.reason,
        role=event.stated_by.role,
        account=event.stated_by.account,
        counts=[seen.count for seen in event.counts],
        facts=[fact.fact for fact in event.facts],
    )
