"""What the operator reads: one subject's determinations, the export restated for a date, the histories behind it."""

from collections.abc import AsyncIterator, Callable
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from services.chassis.http.edge import operator_only, problem
from services.chassis.runtime.telemetry import defect, log
from services.chassis.runtime.work import Transaction
from services.eligibility import store
from services.eligibility.rules import RuleBook
from services.eligibility.store import Subject

PAGE = 500


def routes(
    transaction: Transaction, book: RuleBook, today: Callable[[], date], operator_token: str
) -> list[Route]:
    """The operator's routes, each behind its token."""

    async def subject(request: Request) -> Response:
        async with transaction() as work:
            found = await store.one(work.db, request.path_params["subject_id"])
        if found is None:
            return problem(404, "unknown_subject", "Unknown subject", "No history of this subject has come.")
        retired = found.read_history().retired_into
        return JSONResponse(
            {
                "subject_id": str(found.subject_id),
                "retired_into": str(retired) if retired else None,
                "version": found.version,
                "history_version": found.history_version,
                "set_aside": found.defect,
                "next_review_on": found.next_review_on and found.next_review_on.isoformat(),
                "determinations": [one.model_dump(mode="json") for one in found.read_determinations()],
            }
        )

    async def export(request: Request) -> Response:
        given, county = request.query_params.get("as_of"), request.query_params.get("county")
        try:
            day = date.fromisoformat(given) if given else today()
        except ValueError:
            return problem(400, "wrong_date", "Wrong date", "as_of should be a date like 2026-11-22.")
        unknown = unknown_county(county)
        return unknown or StreamingResponse(lines(day, county), media_type="application/x-ndjson")

    async def histories(request: Request) -> Response:
        county = request.query_params.get("county")
        unknown = unknown_county(county)
        return unknown or StreamingResponse(history_lines(county), media_type="application/x-ndjson")

    def unknown_county(county: str | None) -> Response | None:
        if county is None or county in book.counties:
            return None
        known = ", ".join(sorted(book.counties))
        return problem(404, "unknown_county", "Unknown county", f"There are: {known}.")

    async def pages() -> AsyncIterator[list[Subject]]:
        """All subjects, a page in a transaction of its own: nobody who is judged meanwhile has to wait."""
        after = store.FIRST
        while True:
            async with transaction() as work:
                page = await store.page(work.db, after, PAGE)
            yield page
            if len(page) < PAGE:
                return
            after = page[-1].subject_id

    async def history_lines(county: str | None) -> AsyncIterator[str]:
        async for page in pages():
            for found in page:
                if has_some_of(found.read_history(), county):
                    yield f"{found.history}\n"

    async def lines(day: date, county: str | None) -> AsyncIterator[str]:
        rules = book.on(day)
        async for page in pages():
            for found in page:
                current = restated(found, rules.name, day)
                if current is None:
                    try:
                        current = rules.find(found.read_history(), day)
                    except Exception as error:  # one history must not keep all others from whoever asks
                        log().error("left out of an export: the rules fail", defect=defect(error))
                        continue
                yield "".join(
                    f"{one.model_dump_json()}\n" for one in current if county is None or one.county == county
                )

    async def counts(_: Request) -> Response:
        async with transaction() as work:
            return JSONResponse(await store.counts(work.db))

    endpoints = {
        "/v1/counts": counts,
        "/v1/subjects/{subject_id:uuid}": subject,
        "/v1/export/determinations": export,
        "/v1/export/histories": histories,
    }
    return [Route(path, operator_only(endpoint, operator_token)) for path, endpoint in endpoints.items()]


def has_some_of(history: HistoryChanged, county: str | None) -> bool:
    """Whether the history stands by itself and has a conviction that that county sent (None: any)."""
    senders = {ref.sent_by for conviction in history.convictions for ref in conviction.counts}
    return history.retired_into is None and (county is None or county in senders)


def restated(subject: Subject, rules: str, day: date) -> tuple[Determination, ...] | None:
    """The stored determinations as of another day, if they are still valid then; None when they are not."""
    still = subject.next_review_on is None or day < subject.next_review_on
    if subject.rules != rules or subject.as_of > day or not still:
        return None
    return tuple(one.model_copy(update={"as_of": day}) for one in subject.read_determinations())
