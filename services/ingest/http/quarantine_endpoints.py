"""What the operator, and a county with its own, do with what was refused: count, look, try again, discard, export."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from services.chassis.http.edge import operator_only, problem
from services.chassis.http.plain_text import is_plain
from services.chassis.runtime.telemetry import log
from services.chassis.runtime.work import Transaction
from services.ingest import store
from services.ingest.http.caller import OPERATOR, operator_or_county
from services.ingest.profiles.counties import SendingCounties
from services.ingest.quarantine import store as quarantine_store
from services.ingest.quarantine.as_json import shown
from services.ingest.quarantine.filter import Cursor, Filter, WrongFilter, read_filter, read_page
from services.ingest.quarantine.resubmit import ONE_AT_A_TIME, resubmit, trial

PAGE = 1000
RESUBMITTED = 200
"""Entries of one request: one transaction."""
GROUPS = 500
LARGEST_BODY = 64 * 1024


class Quarantine:
    """The endpoints; ``county`` in each is who asks, None the operator."""

    def __init__(self, sending_counties: SendingCounties, transaction: Transaction) -> None:
        self._doors, self._transaction = sending_counties, transaction

    async def entries(self, request: Request, county: str | None) -> Response:
        """A page of entries without what was sent; ``next`` is for the page behind it, null on the last."""
        query = request.query_params
        try:
            chosen, (limit, after) = read_filter(query, county), read_page(query, PAGE, 100)
        except WrongFilter as wrong:
            return _wrong(wrong)
        async with self._transaction() as work:
            found = await quarantine_store.listed(work.db, chosen, limit, after)
        return JSONResponse({"quarantine": [shown(one) for one in found], "next": _next(found, limit)})

    async def summary(self, request: Request, county: str | None) -> Response:
        """How many entries there are by what is wrong, by day, and by state with the oldest."""
        try:
            chosen = read_filter(request.query_params, county)
        except WrongFilter as wrong:
            return _wrong(wrong)
        async with self._transaction() as work:
            states = await quarantine_store.states(work.db, chosen)
            for one in states:
                one["oldest_age_seconds"] = int((work.now - one["oldest"]).total_seconds())
            reasons = await quarantine_store.reasons(work.db, chosen, GROUPS)
            days = await quarantine_store.days(work.db, chosen, GROUPS)
        told = {"states": states, "reasons": reasons, "days": days}
        return JSONResponse({name: [shown(one) for one in found] for name, found in told.items()})

    async def entry(self, request: Request, county: str | None) -> Response:
        """One entry with what was sent and its history."""
        quarantine_id: UUID = request.path_params["quarantine_id"]
        async with self._transaction() as work:
            found = await self._whole(work.db, [quarantine_id], county)
        if not found:
            return _none()
        log().info("quarantine entry shown", quarantine_id=str(quarantine_id), to=county or OPERATOR)
        return JSONResponse(shown(found[0]))

    async def resubmit_one(self, request: Request, county: str | None) -> Response:
        """Takes one entry through intake again."""
        given = await _body(request)
        if given is None:
            return _wrong(WrongFilter("The body is a JSON object of at most 64 KiB, or empty."))
        try:
            found = await self._resubmitted([request.path_params["quarantine_id"]], given, county)
        except WrongFilter as wrong:
            return _wrong(wrong)
        return JSONResponse(found[0]) if found else _none()

    async def resubmit_many(self, request: Request, county: str | None) -> Response:
        """Takes entries of ``ids``, else the next open ones of a filter, through intake again; with ``all``, those
        of no filter. ``try`` changes nothing. ``next`` is the ``after`` of the request behind it, null when there is
        nothing left."""
        given = await _body(request)
        if given is None:
            return _wrong(WrongFilter("The body is a JSON object of at most 64 KiB."))
        own = {name: value for name, value in given.items() if name not in ("ids", "all", "try", "profile")}
        try:
            if given.get("ids") is not None:
                return JSONResponse(
                    {"entries": await self._resubmitted(_ids(given["ids"]), given, county), "next": None}
                )
            if given.get("all") is not True and not any(
                own[name] for name in own.keys() - {"limit", "after"}
            ):
                raise WrongFilter('Name entries (ids), a filter such as reason, or {"all": true}.')  # noqa: TRY301
            # The filter's profile is the one they were sent with: it has a name of its own here.
            own["profile"] = own.pop("sent_profile", None)
            chosen, (limit, after) = read_filter(own, county), read_page(own, RESUBMITTED, 100)
        except WrongFilter as wrong:
            return _wrong(wrong)
        if chosen.state not in (None, "open"):
            return _wrong(WrongFilter("Only open entries are resubmitted."))
        async with self._transaction() as work:
            ids = await quarantine_store.next_open(work.db, replace(chosen, state="open"), limit, after)
            last = await self._whole(work.db, ids[-1:], county)
        try:
            entries = await self._resubmitted(ids, given, county)
        except WrongFilter as wrong:
            return _wrong(wrong)
        following = Cursor(last[0]["quarantined_at"], last[0]["quarantine_id"]).text() if last else None
        return JSONResponse({"entries": entries, "next": following})

    async def discard(self, request: Request, county: str | None) -> Response:
        """Ends the open entries of ``ids``, or of a filter, for good; they are kept, with who and why. ``unknown``:
        those of ``ids`` that are no entries."""
        given = await _body(request) or {}
        said = {name: given.get(name) for name in ("why", "by")}
        if not all(is_plain(text) and str(text).strip() for text in said.values()):
            return problem(422, "no_reason", "No reason", 'Say why and who: {"why": "...", "by": "..."}')
        try:
            own = {name: value for name, value in given.items() if name not in ("ids", "why", "by")}
            ids = None if given.get("ids") is None else _ids(given["ids"])
            if ids is None and not any(own.values()):
                raise WrongFilter("Name entries (ids), or a filter such as reason.")  # noqa: TRY301
            if own.keys() & {"limit", "after"}:
                raise WrongFilter("Every entry that fits is discarded: there is no limit.")  # noqa: TRY301
            chosen = replace(read_filter(own, county), ids=None if ids is None else tuple(ids))
        except WrongFilter as wrong:
            return _wrong(wrong)
        async with self._transaction() as work:
            await work.db.execute("SELECT pg_advisory_xact_lock($1)", ONE_AT_A_TIME)
            done = await quarantine_store.discard(
                work.db, chosen, str(said["why"]).strip(), str(said["by"]).strip(), work.now
            )
            known = (
                await quarantine_store.listed(work.db, Filter(county=county, ids=tuple(ids)), len(ids), None)
                if ids
                else []
            )
        unknown = sorted(set(map(str, ids or ())) - {str(one["quarantine_id"]) for one in known})
        return JSONResponse({"discarded": done, "unknown": unknown})

    async def export(self, request: Request, county: str | None) -> Response:
        """Every entry that is chosen, one JSON object a line, without what was sent."""
        try:
            chosen = read_filter(request.query_params, county)
        except WrongFilter as wrong:
            return _wrong(wrong)
        return StreamingResponse(self._lines(chosen), media_type="application/x-ndjson")

    async def _lines(self, chosen: Filter) -> AsyncIterator[str]:
        after = None
        while True:
            async with self._transaction() as work:
                page = await quarantine_store.listed(work.db, chosen, PAGE, after)
            yield "".join(json.dumps(shown(found)) + "\n" for found in page)
            if len(page) < PAGE:
                return
            after = Cursor(page[-1]["quarantined_at"], page[-1]["quarantine_id"])

    async def _resubmitted(
        self, ids: list[UUID], given: Mapping[str, Any], county: str | None
    ) -> list[dict[str, Any]]:
        profile = given.get("profile") or None
        async with self._transaction() as work:
            await work.db.execute("SELECT pg_advisory_xact_lock($1)", ONE_AT_A_TIME)
            found = await self._whole(work.db, ids, county)
            self._check_profile(profile, found)
            if not given.get("try"):
                return await resubmit(work, self._doors, found, profile, county or OPERATOR)
            undone = work.db.transaction()
            await undone.start()
            try:
                return await trial(work, self._doors, found, profile)
            finally:
                await undone.rollback()

    def _check_profile(self, profile: object, found: list[dict[str, Any]]) -> None:
        """A profile that a county has not would make its name the reason of everything that was tried."""
        if profile is not None and not is_plain(profile):
            raise WrongFilter("profile is the name of one of the county's profiles, or none.")
        for county in sorted({one["county"] for one in found} if profile not in (None, "none") else ()):
            known = self._doors[county].profiles if county in self._doors else {}
            if profile not in known:
                raise WrongFilter(
                    f"{county} has no profile of that name; there are {', '.join(known) or 'none'}."
                )

    async def _whole(self, db: Any, ids: list[UUID], county: str | None) -> list[dict[str, Any]]:
        found = await quarantine_store.whole(db, ids) if ids else []
        return [one for one in found if county in (None, one["county"])]


def quarantine_routes(
    sending_counties: SendingCounties,
    transaction: Transaction,
    operator_token: str,
    county_tokens: Mapping[str, str],
) -> list[Route]:
    """The routes of quarantine, each behind the operator's or the county's token; and the operator's counts."""
    quarantine = Quarantine(sending_counties, transaction)

    async def counts(_: Request) -> Response:
        async with transaction() as work:
            return JSONResponse({"counties": await store.counts(work.db)})

    def route(path: str, endpoint: Any, method: str = "GET") -> Route:
        return Route(path, operator_or_county(endpoint, operator_token, county_tokens), methods=[method])

    top, one = "/v1/quarantine", "/v1/quarantine/{quarantine_id:uuid}"
    return [
        route(top, quarantine.entries),
        route(f"{top}/summary", quarantine.summary),
        route(f"{top}/resubmit", quarantine.resubmit_many, "POST"),
        route(f"{top}/discard", quarantine.discard, "POST"),
        route(one, quarantine.entry),
        route(f"{one}/resubmit", quarantine.resubmit_one, "POST"),
        route("/v1/export/quarantine", quarantine.export),
        Route("/v1/counts", operator_only(counts, operator_token), methods=["GET"]),
    ]


async def _body(request: Request) -> dict[str, Any] | None:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST_BODY:
            return None
    try:
        found = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _ids(given: object) -> list[UUID]:
    if not isinstance(given, list) or not 1 <= len(given) <= RESUBMITTED:
        raise WrongFilter(f"ids is a list of 1 to {RESUBMITTED} ids.")
    try:
        return [UUID(str(each)) for each in given]
    except ValueError:
        raise WrongFilter("ids are UUIDs, as quarantine list shows them.") from None


def _next(found: list[dict[str, Any]], limit: int) -> str | None:
    if len(found) < limit:
        return None
    return Cursor(found[-1]["quarantined_at"], found[-1]["quarantine_id"]).text()


def _wrong(wrong: WrongFilter) -> Response:
    return problem(400, "wrong_filter", "Wrong filter", str(wrong))


def _none() -> Response:
    return problem(404, "not_found", "Not found", "No such entry: see reliefstream quarantine list.")
