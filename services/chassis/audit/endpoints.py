"""The auditor's view of a service's audit log; each look is itself an act in it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, ClassVar

from fastapi import Depends
from fastapi import Query as Parameters
from pydantic import BaseModel, Field

from services.chassis.audit import log
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.paging import After, next_after
from services.chassis.http.route import EdgeRoute, Invalid
from services.chassis.http.text import OptionalDay, OptionalText, Query
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.unit_of_work import Transaction

LARGEST_PAGE = 5000


@dataclass(frozen=True, slots=True)
class AuditLog:
    """Opens the database that holds it."""

    transaction: Transaction


class Which(Query):
    """None: any. ``since`` and ``until``: days in UTC, both included. ``after``: the ``next`` of the page before."""

    who: OptionalText = None
    act: OptionalText = None
    object: OptionalText = None
    since: OptionalDay = None
    until: OptionalDay = None
    after: After = 0
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 100


class Page(BaseModel):
    """``next``: what the next page begins after; null: this was the last."""

    audit: list[log.Row]
    next: int | None


class AuditRoute(EdgeRoute):
    invalid: ClassVar = {**EdgeRoute.invalid, "query": Invalid(422, "wrong_filter", "Wrong filter")}


audit_router = router(AuditRoute)


@audit_router.get(
    "/v1/audit",
    summary="Who did what, in the order of the chain",
    description="A row is here within a second of its commit, once it is linked. The first page is an act itself.",
    dependencies=[allowed(Grants("auditor"))],
)
async def list_audit(
    given: Annotated[AuditLog, Depends(dependency(AuditLog))],
    by: ActingBy,
    asked: Annotated[Which, Parameters()],
) -> Page:
    async with given.transaction() as work:
        found = await log.page(
            work.db,
            after=asked.after,
            limit=asked.limit,
            who=asked.who,
            act=asked.act,
            of=asked.object,
            since=datetime.combine(asked.since, time(), UTC) if asked.since else None,
            until=datetime.combine(asked.until, time(), UTC) + timedelta(days=1) if asked.until else None,
        )
        if not asked.after:
            await audited(work, by.on("audit", "shown"))
    return Page(audit=found, next=next_after(found, asked.limit, lambda one: one.sequence))
