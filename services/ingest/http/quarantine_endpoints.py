"""What was refused, for the operator, and a county its own: listed, counted, shown, exported."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query as Parameters

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.ndjson import Ndjson
from services.chassis.http.paging import next_after
from services.chassis.http.problems import Refusal, problems
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import OPERATOR, Grants, allowed
from services.chassis.identity.row_security import as_caller, seen_by
from services.chassis.runtime.unit_of_work import Database, Transaction
from services.ingest import store
from services.ingest.http.dependencies import Given
from services.ingest.http.quarantine_documents import Counts, Entries, Summary, WholeEntry
from services.ingest.http.quarantine_requests import PAGE, Page, QuarantineRoute, Which
from services.ingest.quarantine import store as quarantine_store
from services.ingest.quarantine.entry_as_json import shown
from services.ingest.quarantine.filter import Cursor, Filter

GROUPS = 500
NO_ENTRY = {404: "The caller sees no such entry."}

quarantine = router(QuarantineRoute)
By = Annotated[Caller, allowed(Grants("source", "records_unit", "operator", per_case=True))]
Worker = Annotated[Caller, allowed(Grants("source", "records_unit", per_case=True))]
RecordsUnit = Annotated[Caller, allowed(Grants("records_unit", per_case=True))]
Reader = Annotated[Caller, allowed(Grants("source", "records_unit", per_case=True, break_glass=True))]


@quarantine.get(
    "/v1/quarantine", summary="Entries in the order they came, without what was sent", response_model=Entries
)
async def list_quarantine(given: Given, caller: By, asked: Annotated[Page, Parameters()]) -> Any:
    chosen = asked.filter(caller, asked.profile)
    after = Cursor.read(asked.after) if asked.after else None
    async with as_caller(given.transaction, caller) as work:
        found = await quarantine_store.listed(work.db, chosen, asked.limit, after)
    return {"quarantine": found, "next": next_after(found, asked.limit, cursor_after)}


@quarantine.get(
    "/v1/quarantine/summary",
    summary="Totals by what is wrong, by day, and by state with the oldest",
    response_model=Summary,
)
async def summarise_quarantine(given: Given, caller: By, asked: Annotated[Which, Parameters()]) -> Any:
    chosen = asked.filter(caller, asked.profile)
    async with as_caller(given.transaction, caller) as work:
        states = await quarantine_store.states(work.db, chosen)
        for one in states:
            one["oldest_age_seconds"] = int((work.now - one["oldest"]).total_seconds())
        reasons = await quarantine_store.reasons(work.db, chosen, GROUPS)
        days = await quarantine_store.days(work.db, chosen, GROUPS)
    return {"states": states, "reasons": reasons, "days": days}


@quarantine.get(
    "/v1/quarantine/{quarantine_id:uuid}",
    summary="One entry with what was sent and its history",
    response_model=WholeEntry,
    responses=problems(NO_ENTRY),
)
async def show_quarantined(given: Given, caller: Reader, by: ActingBy, quarantine_id: UUID) -> Any:
    async with as_caller(given.transaction, caller) as work:
        found = await seen(work.db, [quarantine_id], caller)
        if found:
            await audited(work, by.on(f"quarantine/{quarantine_id}", "shown"))
    if not found:
        raise no_entry()
    return shown(found[0])


@quarantine.get(
    "/v1/export/quarantine",
    summary="Every entry that is chosen, one JSON object a line, without what was sent",
    response_class=Ndjson,
)
async def export_quarantine(
    given: Given, caller: By, by: ActingBy, asked: Annotated[Which, Parameters()]
) -> Ndjson:
    chosen = asked.filter(caller, asked.profile)
    async with given.transaction() as work:
        await audited(work, by.exported("quarantine", chosen.county))
    return Ndjson(_lines(seen_by(given.transaction, caller), chosen))


@quarantine.get("/v1/counts", summary="Exact totals of receipts by county", dependencies=[OPERATOR])
async def counts(given: Given) -> Counts:
    async with given.transaction() as work:
        return Counts.model_validate({"counties": await store.counts(work.db)})


async def seen(db: Database, ids: list[UUID], caller: Caller) -> list[dict[str, Any]]:
    """The entries with what was sent, of those that the caller may see."""
    found = await quarantine_store.whole(db, ids) if ids else []
    return [
        one
        for one in found
        if caller.reaches(one["county"]) and (caller.scope is None or one["format"] in caller.scope)
    ]


def cursor_after(entry: dict[str, Any]) -> str:
    """Where the page behind this entry begins."""
    return Cursor(entry["quarantined_at"], entry["quarantine_id"]).text()


def no_entry() -> Refusal:
    """For an entry that there is not, or that the caller does not see."""
    return Refusal(404, "not_found", "Not found", "No such entry: see reliefstream quarantine list.")


async def _lines(transaction: Transaction, chosen: Filter) -> AsyncIterator[str]:
    after = None
    while True:
        async with transaction() as work:
            page = await quarantine_store.listed(work.db, chosen, PAGE, after)
        yield "".join(json.dumps(shown(found)) + "\n" for found in page)
        if len(page) < PAGE:
            return
        after = Cursor(page[-1]["quarantined_at"], page[-1]["quarantine_id"])
