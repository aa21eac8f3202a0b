"""The queue of reviews over HTTP: what waits, for whom, since when and what would settle it."""

import json
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi import Query as Parameters
from msgspec.structs import asdict
from starlette.responses import StreamingResponse

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import ReviewId
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.paging import next_after
from services.chassis.http.problems import Refusal, problems
from services.chassis.identity.caller import Caller
from services.chassis.identity.row_security import as_caller, seen_by
from services.chassis.runtime.unit_of_work import Transaction, Work
from services.csv_lines import csv_line
from services.relief.http.dependencies import NO_COUNTY, County, Dependencies, Given
from services.relief.http.reviews.callers import Office, cities_of, sees
from services.relief.http.reviews.documents import (
    Look,
    ReviewAct,
    ReviewCounts,
    ReviewHistory,
    ReviewPage,
    ReviewShown,
    Share,
    Workload,
)
from services.relief.http.reviews.requests import Queue, QueuePage
from services.relief.lifecycle.findings import Finding
from services.relief.review import queue
from services.relief.review import store as reviews
from services.relief.review.queue import Filter
from services.relief.review.review import Review

review_routes = router()
OF_COUNTY = "/v1/counties/{county}/reviews"
ONE = f"{OF_COUNTY}/{{id}}"
Id = Annotated[UUID, Path(alias="id")]
NO_REVIEW = {404: "No such county, or no such review among those that the caller may see."}
COLUMNS = ("review_id", "digest", "state", "decision", "redesignated_to", "decision_reason",
           "stated_still_serving", "office", "city", "reason",
           "questions", "section", "level", "case_number", "court", "conviction_date", "opened_at", "due_on",
           "held_until", "claimed_by", "counts")  # fmt: skip


@review_routes.get(
    OF_COUNTY,
    summary="What waits for a person's review, in an order, a page at a time",
    responses=problems(NO_COUNTY),
)
async def list_reviews(
    given: Given, county: County, caller: Office, asked: Annotated[QueuePage, Parameters()]
) -> ReviewPage:
    async with as_caller(given.transaction, caller) as work:
        found = await queue.page(
            work.db,
            _filter(given, county, caller, asked),
            _after(asked.after, asked.sort),
            asked.limit,
            asked.sort,
        )
    last = next_after(found, asked.limit, lambda one: queue.place_of(one, asked.sort))
    return ReviewPage(reviews=[each.as_shown() for each in found], next=last)


@review_routes.get(
    f"{OF_COUNTY}/counts", summary="How many wait, by each filter and value", responses=problems(NO_COUNTY)
)
async def count_reviews(
    given: Given, county: County, caller: Office, asked: Annotated[Queue, Parameters()]
) -> ReviewCounts:
    async with as_caller(given.transaction, caller) as work:
        return ReviewCounts(counts=await queue.counts(work.db, _filter(given, county, caller, asked)))


@review_routes.get(
    f"{OF_COUNTY}/workload",
    summary="Who has how much of what waits, by office, city and account",
    responses=problems(NO_COUNTY),
)
async def show_workload(
    given: Given, county: County, caller: Office, asked: Annotated[Queue, Parameters()]
) -> Workload:
    async with as_caller(given.transaction, caller) as work:
        rows = await queue.workload(work.db, _filter(given, county, caller, asked))
    return Workload(workload=[Share(**row) for row in rows])


@review_routes.get(
    f"{OF_COUNTY}/export",
    summary="The queue as CSV, for an office with a case system of its own",
    description="``reliefstream review decide --file`` takes it, or the rows of it that are meant.",
    response_class=StreamingResponse,
    responses=problems(NO_COUNTY),
)
async def export_reviews(
    given: Given, county: County, caller: Office, by: ActingBy, asked: Annotated[Queue, Parameters()]
) -> StreamingResponse:
    async with given.transaction() as work:
        await audited(work, by.on(f"reviews/{county.county}", "shown"))
    lines = _csv(seen_by(given.transaction, caller), _filter(given, county, caller, asked))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8")


@review_routes.get(
    ONE, summary="One review: grounds, questions, decision, age", responses=problems(NO_REVIEW)
)
async def show_review(
    given: Given, county: County, caller: Office, by: ActingBy, review_id: Id
) -> ReviewShown:
    async with as_caller(given.transaction, caller) as work:
        review = await _seen(work, county, caller, review_id)
        await audited(work, by.on(f"review/{review.review_id}", "shown"))
        row = await work.db.fetchrow(
            "SELECT finding::text AS finding FROM findings WHERE count_key = ANY ($1) ORDER BY subject_id LIMIT 1",
            list(review.counts),
        )
    finding = Finding.from_json(row["finding"]) if row else None
    shown = finding.review if finding else None
    return ReviewShown(
        **asdict(review.as_shown()),
        age_days=(given.today(county) - review.opened_at.date()).days,
        determination_label=shown.determination_label if shown else "",
        reason_label=shown.reason_label if shown else "",
        legal_minimum=shown.legal_minimum if shown else None,
        grounds=list(shown.grounds) if shown else [],
        open_questions=list(shown.questions) if shown else [],
    )


@review_routes.get(
    f"{ONE}/history", summary="What was done with one review, in order", responses=problems(NO_REVIEW)
)
async def show_review_history(
    given: Given, county: County, caller: Office, by: ActingBy, review_id: Id
) -> ReviewHistory:
    async with as_caller(given.transaction, caller) as work:
        review = await _seen(work, county, caller, review_id)
        await audited(work, by.on(f"review/{review.review_id}", "shown"))
        acts = await reviews.history(work.db, review.review_id)
    async with given.transaction() as work:  # no reader reads the audit log
        looks = await reviews.looks(work.db, review.review_id)
    return ReviewHistory(
        review_id=review.review_id,
        opened_at=review.opened_at,
        acts=[ReviewAct(**each) for each in acts],
        looks=[Look(**each) for each in looks],
    )


async def _seen(work: Work, county: CountyFile, caller: Caller, review_id: UUID) -> Review:
    row = await work.db.fetchrow("SELECT * FROM reviews WHERE review_id = $1", ReviewId(review_id))
    review = reviews.review_of(row) if row else None
    if review is None or not sees(caller, review, county.county):
        raise Refusal(404, "not_found", "Not found", "There is no such review among those that you may see.")
    return review


def _filter(given: Dependencies, county: CountyFile, caller: Caller, asked: Queue) -> Filter:
    said = {None: None, "yes": True, "no": False}
    return Filter(
        county=county.county,
        today=given.today(county),
        cities=cities_of(caller),
        city=asked.city,
        office=asked.office,
        reason=asked.reason,
        question=asked.question,
        section=asked.section,
        court=asked.court,
        state=asked.state,
        held=said[asked.held],
        claimed=None if asked.claimed == "mine" else said[asked.claimed],
        claimed_by=caller.account if asked.claimed == "mine" else None,
        due_by=asked.due,
        opened_by=asked.since,
    )


def _after(text: str | None, sort: queue.Sort) -> queue.Place | None:
    if text is None:
        return None
    try:
        return queue.place_in(text, sort)
    except ValueError:
        said = "after is the next of the page before, unchanged and in the same order."
        raise Refusal(422, "invalid_query", "Invalid query", said) from None


async def _csv(transaction: Transaction, asked: Filter) -> AsyncIterator[str]:
    yield csv_line(COLUMNS)
    async with transaction() as work:
        async for review in queue.every(work.db, asked):
            cells = review.as_shown().to_dict()
            made = review.prepared
            cells |= {
                "decision": made and made.decision,
                "redesignated_to": made and made.redesignated_to,
                "decision_reason": made and made.reason_code,
                "stated_still_serving": made and made.still_serving,
            }
            cells |= {"questions": " ".join(review.questions), "counts": json.dumps(list(review.counts))}
            yield csv_line(cells[name] for name in COLUMNS)
