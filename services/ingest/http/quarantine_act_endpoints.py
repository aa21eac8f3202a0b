"""Endpoints that resubmit or discard quarantine entries, for a county's records unit and its own source."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.chassis.audit.act import audited
from services.chassis.audit.acting import Acting, ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.identity.caller import Caller
from services.ingest.core.intake_problems import MAY_BE_SEALED
from services.ingest.http.dependencies import Dependencies, Given
from services.ingest.http.quarantine_documents import Discarded, Resubmitted, Tried
from services.ingest.http.quarantine_endpoints import (
    NO_ENTRY,
    RecordsUnit,
    Worker,
    cursor_after,
    no_entry,
    seen,
)
from services.ingest.http.quarantine_requests import (
    Discard,
    QuarantineRoute,
    ResubmitMany,
    ResubmitOne,
    ToldApart,
    wrong_filter,
)
from services.ingest.quarantine import store as quarantine_store
from services.ingest.quarantine.filter import Cursor, Filter
from services.ingest.quarantine.resubmit import ONE_AT_A_TIME, resubmit, trial

quarantine_work = router(QuarantineRoute)


@quarantine_work.post(
    "/v1/quarantine/{quarantine_id:uuid}/resubmit",
    summary="Take one entry through intake again",
    response_model=Tried,
    responses=problems(NO_ENTRY),
)
async def resubmit_entry(
    given: Given, caller: Worker, by: ActingBy, quarantine_id: UUID, asked: ResubmitOne | None = None
) -> Any:
    found = await _resubmitted(given, [quarantine_id], asked or ResubmitOne(), caller, by)
    if not found:
        raise no_entry()
    return found[0]


@quarantine_work.post(
    "/v1/quarantine/resubmit",
    summary="Take entries through intake again: those of ids, or the next open ones of a filter",
    response_model=Resubmitted,
)
async def resubmit_entries(
    given: Given, caller: Worker, by: ActingBy, asked: ResubmitMany | None = None
) -> Any:
    asked = asked or ResubmitMany()
    if asked.ids is not None:
        return {"entries": await _resubmitted(given, asked.ids, asked, caller, by), "next": None}
    chosen = asked.filter(caller, asked.sent_profile)
    if not asked.everything and asked.filter_is_empty(asked.sent_profile):
        raise wrong_filter('Name entries (ids), a filter such as reason, or {"all": true}.')
    if chosen.state not in (None, "open"):
        raise wrong_filter("Only open entries are resubmitted.")
    after = Cursor.read(asked.after) if asked.after else None
    async with given.transaction() as work:
        ids = await quarantine_store.next_open(work.db, replace(chosen, state="open"), asked.limit, after)
        last = await seen(work.db, ids[-1:], caller)
    entries = await _resubmitted(given, ids, asked, caller, by)
    return {"entries": entries, "next": cursor_after(last[0]) if last else None}


@quarantine_work.post(
    "/v1/quarantine/{quarantine_id:uuid}/tell-apart",
    summary="Say that what may be a sealed conviction is another one, and take the entry through intake",
    description="For entries that are refused as ``may_be_sealed``. What comes again of the same count and person is "
    "taken in, too; whatever of them changes is held against what is sealed anew.",
    response_model=Tried,
    responses=problems(NO_ENTRY | {409: "Nothing in the entry may be a sealed conviction."}),
)
async def tell_apart(
    given: Given, caller: RecordsUnit, by: ActingBy, quarantine_id: UUID, asked: ToldApart
) -> Any:
    async with given.transaction() as work:
        await work.db.execute("SELECT pg_advisory_xact_lock($1)", ONE_AT_A_TIME)
        found = await seen(work.db, [quarantine_id], caller)
        if not found:
            raise no_entry()
        if found[0]["state"] == "open" and MAY_BE_SEALED.code not in found[0]["codes"]:
            raise Refusal(
                409, "not_in_doubt", "Not in doubt", "Nothing in this entry may be a sealed conviction."
            )
        said = {"what": asked.what, "why": asked.basis}
        (tried,) = await resubmit(
            work, given.counties, found, None, by=caller.account, keyed_hash=given.keyed_hash, told_apart=said
        )
        await audited(
            work, by.on(f"quarantine/{quarantine_id}", tried["outcome"], f"{asked.what}: {asked.basis}")
        )
    return tried


@quarantine_work.post(
    "/v1/quarantine/discard",
    summary="End the open entries of ids, or of a filter, for good; they are kept, with who and why",
)
async def discard_entries(given: Given, caller: Worker, by: ActingBy, asked: Discard) -> Discarded:
    if asked.ids is None and asked.filter_is_empty(asked.profile):
        raise wrong_filter("Name entries (ids), or a filter such as reason.")
    chosen = replace(asked.filter(caller, asked.profile), ids=None if asked.ids is None else tuple(asked.ids))
    known: list[dict[str, Any]] = []
    async with given.transaction() as work:
        await work.db.execute("SELECT pg_advisory_xact_lock($1)", ONE_AT_A_TIME)
        done = await quarantine_store.discard(work.db, chosen, asked.why, by.who, work.now)
        await audited(work, *(by.on(f"quarantine/{one}", why=asked.why) for one in done))
        if asked.ids:
            own = Filter(county=None if caller.counties is None else chosen.county, ids=tuple(asked.ids))
            known = await quarantine_store.listed(work.db, own, len(asked.ids), None)
    unknown = set(asked.ids or ()) - {one["quarantine_id"] for one in known}
    return Discarded(discarded=len(done), unknown=sorted(unknown, key=str))


async def _resubmitted(
    given: Dependencies, ids: list[UUID], asked: ResubmitOne, caller: Caller, by: Acting
) -> list[dict[str, Any]]:
    async with given.transaction() as work:
        await work.db.execute("SELECT pg_advisory_xact_lock($1)", ONE_AT_A_TIME)
        found = await seen(work.db, ids, caller)
        _check_profile(given, asked.profile, found)
        if not asked.trial:
            tried = await resubmit(
                work, given.counties, found, asked.profile, by=caller.account, keyed_hash=given.keyed_hash
            )
            await audited(
                work, *(by.on(f"quarantine/{one['quarantine_id']}", one["outcome"]) for one in tried)
            )
            return tried
        await audited(work, *(by.on(f"quarantine/{one['quarantine_id']}", "tried") for one in found))
        undone = work.db.transaction()
        await undone.start()
        try:
            return await trial(work, given.counties, found, asked.profile, given.keyed_hash)
        finally:
            await undone.rollback()


def _check_profile(given: Dependencies, profile: str | None, found: list[dict[str, Any]]) -> None:
    """Refuses a profile that the county does not have, which would otherwise be the reason of every refusal."""
    for county in sorted({one["county"] for one in found} if profile not in (None, "none") else ()):
        known = given.counties[county].profiles if county in given.counties else {}
        if profile not in known:
            there = ", ".join(known) or "none"
            raise wrong_filter(f"{county} has no profile of that name; there are {there}.")
