"""The ledger of discrepancies over HTTP: what is open, one with what its sources say, close it, put it off."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from fastapi import Query as Parameters

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.discrepancies import DiscrepancyChanged, DiscrepancyKind
from reliefstream_contracts.identifiers import record_key_of
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.paging import next_text, place_after
from services.chassis.http.problems import Refusal, problems
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import OPERATOR, Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation import ledger
from services.reconciliation.http import discrepancy_documents as documents
from services.reconciliation.http.as_recorded import CountSaid, counts_said, names_said
from services.reconciliation.http.discrepancy_documents import (
    DiscrepancyShown,
    Ended,
    LedgerCounts,
    ListedPage,
)
from services.reconciliation.http.identity_sides import sides
from services.reconciliation.http.referral_dependencies import County, Given
from services.reconciliation.store import ledger_entries as entries
from services.reconciliation.store.ledger_entries import Entry
from services.reconciliation.store.locked_records import stored_record

TOP = "/v1/counties/{county}/discrepancies"
ONE = TOP + "/{id}"
CLOSABLE: frozenset[DiscrepancyKind] = frozenset(
    {"only_in_doj", "only_in_court", "differing_fact", "impossible_date", "court_record_destroyed"}
)
"""Kinds that a person may close while the sources still differ; the others end by what they wait for."""
Id = Annotated[UUID, Path(alias="id")]
Reader = Annotated[Caller, allowed(Grants("records_unit", "district_attorney", "clerk"))]
Office = Annotated[Caller, allowed(Grants("records_unit", "district_attorney"))]
RecordsUnit = Annotated[Caller, allowed(Grants("records_unit"))]
NONE = {404: "No such county, or no such discrepancy in it."}
discrepancy_routes = router()


@discrepancy_routes.get(
    TOP,
    summary="Open discrepancies of a county, the oldest first, a page at a time",
    responses=problems(NONE),
)
async def list_discrepancies(
    given: Given,
    county: County,
    caller: Reader,
    by: ActingBy,
    asked: Annotated[documents.LedgerPage, Parameters()],
) -> ListedPage:
    async with as_caller(given.transaction, caller) as work:
        found = await entries.page(
            work.db, _which(given, county, asked), place_after(asked.after), asked.limit
        )
        described = await _described(work.db, [one.event for one in found])
        await audited(work, by.on(f"discrepancies/{county.county}", "shown"))
    last = found[-1] if len(found) == asked.limit else None
    return ListedPage(
        discrepancies=[
            documents.Described(**_listed(one), **said) for one, said in zip(found, described, strict=True)
        ],
        next=next_text((last.first_seen, last.event.discrepancy_id)) if last else None,
    )


@discrepancy_routes.get(
    TOP + "/counts", summary="How many are open, by kind and owner", responses=problems(NONE)
)
async def count_discrepancies(
    given: Given, county: County, caller: Reader, asked: Annotated[documents.Filters, Parameters()]
) -> LedgerCounts:
    async with as_caller(given.transaction, caller) as work:
        return LedgerCounts(counts=await entries.counts(work.db, _which(given, county, asked)))


@discrepancy_routes.get(
    ONE,
    summary="One discrepancy: what each source says, and of an identity in doubt who may be one person",
    responses=problems(NONE),
)
async def show_discrepancy(
    given: Given, county: County, caller: Office, by: ActingBy, discrepancy_id: Id
) -> DiscrepancyShown:
    async with as_caller(given.transaction, caller) as work:
        found = _of(county, await entries.one(work.db, discrepancy_id))
        event = found.event
        in_doubt = event.kind == "identity_in_doubt"
        shown = DiscrepancyShown(
            **_listed(found),
            counts=await _counts(work.db, event),
            sides=await sides(work.db, event, given.model) if in_doubt else [],
            closable=event.kind in CLOSABLE,
            acts=[documents.ActShown(**each) for each in await entries.acts(work.db, discrepancy_id)],
        )
        await audited(work, by.on(f"discrepancy/{discrepancy_id}", "shown"))
    return shown


@discrepancy_routes.post(
    ONE + "/close",
    summary="Close one although its sources still differ; it opens again when they differ in another way",
    responses=problems(
        NONE | {409: "It ends by what it waits for, not by a word.", 412: "It changed since it was shown."}
    ),
)
async def close_discrepancy(
    *,
    given: Given,
    county: County,
    caller: RecordsUnit,
    by: ActingBy,
    discrepancy_id: Id,
    asked: documents.CloseBody,
) -> Ended:
    async with given.transaction() as work:
        event = _of(county, await entries.one(work.db, discrepancy_id, lock=True)).event
        if event.status != "open":
            return Ended(done=False)
        if event.kind not in CLOSABLE:
            said = "It ends by itself when what it waits for has come; it can be put off until a day."
            raise Refusal(409, "not_closable", "Not by a word", said)
        if event.version != asked.version:
            raise Refusal(412, "changed", "It changed", "What its sources say changed since it was shown.")
        await ledger.close(work, event)
        await entries.record(work, event.discrepancy_id, "closed", caller.account, reason=asked.reason)
        await audited(work, by.on(f"discrepancy/{discrepancy_id}", "closed", asked.reason))
    return Ended(done=True)


@discrepancy_routes.post(
    ONE + "/put-off", summary="Put one off until a day, on which it waits again", responses=problems(NONE)
)
async def put_off_discrepancy(
    *,
    given: Given,
    county: County,
    caller: RecordsUnit,
    by: ActingBy,
    discrepancy_id: Id,
    asked: documents.PutOffBody,
) -> Ended:
    if asked.until <= given.today(county):
        raise Refusal(422, "until", "The day", "until is a day after today.")
    async with given.transaction() as work:
        found = _of(county, await entries.one(work.db, discrepancy_id, lock=True))
        event = found.event
        if event.status != "open" or found.put_off_until == asked.until:
            return Ended(done=False)
        await entries.record(
            work, event.discrepancy_id, "put_off", caller.account, reason=asked.reason, until=asked.until
        )
        await audited(work, by.on(f"discrepancy/{discrepancy_id}", "put off", asked.reason))
    return Ended(done=True)


@discrepancy_routes.get(
    "/v1/discrepancies/summary",
    summary="How much is open and new in each county, for the daily digest",
    dependencies=[OPERATOR],
)
async def summarise_discrepancies(
    given: Given, asked: Annotated[documents.SinceQuery, Parameters()]
) -> documents.LedgerSummary:
    async with given.transaction() as work:
        rows = await entries.summary(work.db, given.clock.today(), asked.since)
    return documents.LedgerSummary(counties=[documents.CountySummary(**row) for row in rows])


def _which(given: Given, county: CountyFile, asked: documents.Filters) -> entries.Which:
    put_off = None if asked.put_off is None else asked.put_off == "yes"
    return entries.Which(county.county, given.today(county), asked.kind, asked.owner, put_off)


def _of(county: CountyFile, found: Entry | None) -> Entry:
    if found is None or found.event.county != county.county:
        raise Refusal(404, "not_found", "Not found", "There is no such discrepancy in this county.")
    return found


def _listed(one: Entry) -> dict[str, object]:
    return {"discrepancy": one.event, "first_seen": one.first_seen, "put_off_until": one.put_off_until}


async def _described(db: Database, events: Sequence[DiscrepancyChanged]) -> list[dict[str, Any]]:
    """Of each entry, by one of its records: the name there, and what it says of the entry's first count."""
    keys = [_first_record(event) for event in events]
    rows = await db.fetch(
        "SELECT record_key, type, body FROM records WHERE record_key = ANY ($1) AND NOT withdrawn",
        sorted({key for key in keys if key}),
    )
    records = {row["record_key"]: stored_record(row) for row in rows}
    found = []
    for key, event in zip(keys, events, strict=True):
        record = records.get(key or "")
        names = names_said([record.person]) if record else []
        said = [one for one in counts_said([record] if record else []) if one["key"] in event.counts[:1]]
        found.append({"name": names[0] if names else None, "about": said[0] if said else None})
    return found


def _first_record(event: DiscrepancyChanged) -> str | None:
    if event.counts:
        return record_key_of(event.counts[0])
    return event.values[0][1] if event.kind == "identity_in_doubt" and event.values else None


async def _counts(db: Database, event: DiscrepancyChanged) -> list[CountSaid]:
    rows = await db.fetch(
        "SELECT type, body FROM records WHERE record_key = ANY ($1) AND NOT withdrawn ORDER BY record_key",
        sorted({record_key_of(count) for count in event.counts}),
    )
    said = counts_said(stored_record(row) for row in rows)
    return [CountSaid(**one) for one in said if one["key"] in event.counts]
