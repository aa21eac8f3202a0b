"""What offices do with reviews, over HTTP: one act on up to 5,000 lines, each with the digest of what was shown."""

import hashlib
import json
from collections import Counter
from functools import partial
from typing import Annotated, ClassVar, NamedTuple

from fastapi import Header

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountyName, ReviewId
from reliefstream_contracts.relief import Referral
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute
from services.chassis.http.text import PlainText
from services.chassis.identity.caller import Caller
from services.relief.county_days import due_on
from services.relief.http.dependencies import County, Dependencies, Given
from services.relief.http.reviews.callers import Halting, Office, Prosecutor, Signer, author_on, cities_of
from services.relief.http.reviews.documents import Acted, LineResult, NextReview, Ordering
from services.relief.http.reviews.requests import (
    DecideBody,
    HaltBody,
    HoldBody,
    LinesBody,
    ObjectBody,
    ReferBody,
    SendBackBody,
)
from services.relief.orders import halts
from services.relief.review import queue, review_steps
from services.relief.review import store as reviews
from services.relief.review.bulk import Bulk, Line, Result, act_on
from services.relief.review.queue import Filter
from services.relief.review.review_steps import Act, Motion


class Verb(NamedTuple):
    """One act with its name in histories. ``follows``: relief follows from it."""

    act: Act
    name: str
    key: str | None
    note: str | None = None
    follows: bool = False


class BulkRoute(EdgeRoute):
    largest_body: ClassVar = 2 * 1024 * 1024


review_acts = router(BulkRoute)
OF_COUNTY = "/v1/counties/{county}/reviews"
ORDERING = "/v1/counties/{county}/ordering"
Key = Annotated[PlainText | None, Header(alias="Idempotency-Key", max_length=200)]
ACTS = problems(
    {
        404: "No such county, or one line was sent and there is no such review in the caller's queue.",
        409: "One line was sent, and its review does not admit the act, or its key came before; ``detail`` says why.",
        412: "One line was sent, and the determination, or what was prepared, changed since it was shown.",
    }
)
STATUS = {"changed": 412, "refused": 409, "not_found": 404}


@review_acts.post(
    f"{OF_COUNTY}/decide",
    summary="Prepare a motion, or leave to a petition; nothing follows until somebody else signs",
    description="The act is done to the lines that are as they were shown; ``not_done`` lists the others.",
    responses=ACTS,
)
async def decide_reviews(
    given: Given, county: County, caller: Prosecutor, asked: DecideBody, key: Key = None
) -> Acted:
    if (asked.redesignated_to is None) == (asked.decision == "redesignation"):
        raise Refusal(
            422,
            "level",
            "The level",
            "A redesignation says to which level, misdemeanor or infraction; no other decision does.",
        )
    motion = Motion(asked.decision, asked.reason_code, asked.redesignated_to)
    return await _act(given, county, caller, asked, Verb(motion.prepare, "prepare", key))


@review_acts.post(
    f"{OF_COUNTY}/challenge",
    summary="Prepare a challenge: once signed, the court and the defender are told (HS 11361.9)",
    description="Holding against a person is always a challenge, and never a review that ends without the court.",
    responses=ACTS,
)
async def challenge_reviews(
    given: Given, county: County, caller: Prosecutor, asked: ObjectBody, key: Key = None
) -> Acted:
    motion = Motion("challenge", asked.reason_code, still_serving=asked.still_serving)
    return await _act(given, county, caller, asked, Verb(motion.prepare, "prepare", key))


@review_acts.post(f"{OF_COUNTY}/sign", summary="Sign what somebody else prepared", responses=ACTS)
async def sign_reviews(
    given: Given, county: County, caller: Signer, asked: LinesBody, key: Key = None
) -> Acted:
    return await _act(given, county, caller, asked, Verb(review_steps.sign, "sign", key, follows=True))


@review_acts.post(
    f"{OF_COUNTY}/send-back",
    summary="Discard what was prepared, or return a referral, with a note",
    responses=ACTS,
)
async def send_back_reviews(
    given: Given, county: County, caller: Office, asked: SendBackBody, key: Key = None
) -> Acted:
    act = review_steps.send_back(asked.note)
    return await _act(given, county, caller, asked, Verb(act, "send_back", key, note=asked.note))


@review_acts.post(f"{OF_COUNTY}/claim", summary="Claim, so that nobody else begins", responses=ACTS)
async def claim_reviews(
    given: Given, county: County, caller: Office, asked: LinesBody, key: Key = None
) -> Acted:
    return await _act(given, county, caller, asked, Verb(review_steps.claim, "claim", key))


@review_acts.post(f"{OF_COUNTY}/release", summary="Give claims back", responses=ACTS)
async def release_reviews(
    given: Given, county: County, caller: Office, asked: LinesBody, key: Key = None
) -> Acted:
    return await _act(given, county, caller, asked, Verb(review_steps.release, "release", key))


@review_acts.post(f"{OF_COUNTY}/hold", summary="Put off until a day", responses=ACTS)
async def hold_reviews(
    given: Given, county: County, caller: Office, asked: HoldBody, key: Key = None
) -> Acted:
    if asked.until <= given.today(county):
        raise Refusal(422, "day_passed", "The day has passed", "until is a day after today in the county.")
    act = review_steps.hold(asked.until, asked.reason_code)
    return await _act(given, county, caller, asked, Verb(act, "hold", key))


@review_acts.post(
    f"{OF_COUNTY}/refer", summary="Refer to another office or county, with a note", responses=ACTS
)
async def refer_reviews(
    given: Given, county: County, caller: Office, asked: ReferBody, key: Key = None
) -> Acted:
    to = given.counties.get(CountyName(asked.county)) if asked.county else county
    if to is None or (asked.office == "city_attorney") != (asked.city in to.city_prosecutors):
        known = ", ".join(to.city_prosecutors) if to else ""
        said = f"A city attorney is one of {known or 'no city'}; another office has no city."
        raise Refusal(
            422, "unknown_office", "Unknown office", said if to else "No such county is set up here."
        )
    referral = Referral(office=asked.office, city=asked.city, county=to.county)
    due = due_on(given.counties, to.county, given.clock.now())
    act = review_steps.refer(referral, asked.reason_code, asked.note, due)
    return await _act(given, county, caller, asked, Verb(act, "refer", key, note=asked.note))


@review_acts.post(
    f"{OF_COUNTY}/next",
    summary="Claim the first due that nobody has claimed, holds or prepared",
    responses=problems({404: "No such county."}),
)
async def next_review(given: Given, county: County, caller: Office, by: ActingBy) -> NextReview:
    asked = Filter(county.county, given.today(county), cities_of(caller))
    async with given.transaction() as work:
        for grant in caller.grants:
            found = await queue.first_free(work.db, asked._replace(office=grant.role, city=grant.city))
            author = author_on(caller, county.county, found) if found else None
            if found is None or author is None:
                continue
            claimed = review_steps.claim(found, author, work.now).review
            await reviews.save(work.db, [claimed])
            await reviews.record(work.db, [reviews.Done(claimed, "claim", author)], work.now)
            await audited(work, by.on(f"review/{claimed.review_id}"))
            return NextReview(review=claimed.as_shown())
    return NextReview(review=None)


@review_acts.get(
    ORDERING, summary="Whether ordering in the county is halted", responses=problems({404: "No such county."})
)
async def show_ordering(given: Given, county: County, _: Office) -> Ordering:
    async with given.transaction() as work:
        return _ordering(county, await halts.halted(work, county.county))


@review_acts.post(
    f"{ORDERING}/halt",
    summary="Halt all ordering in the county: under standing orders and of entered lists",
    responses=problems({404: "No such county."}),
)
async def halt_ordering(
    given: Given, county: County, caller: Halting, by: ActingBy, asked: HaltBody
) -> Ordering:
    async with given.transaction() as work:
        found = await halts.halt(work, county.county, caller.account, asked.reason)
        await audited(work, by.on(f"ordering/{county.county}", why=asked.reason))
        return _ordering(county, found)


@review_acts.post(
    f"{ORDERING}/resume", summary="Let ordering go on", responses=problems({404: "No such county."})
)
async def resume_ordering(given: Given, county: County, _: Halting, by: ActingBy) -> Ordering:
    async with given.transaction() as work:
        done = await halts.resume(work, county.county)
        await audited(work, by.on(f"ordering/{county.county}", "done" if done else "unchanged"))
    return Ordering(county=county.county, halted=False)


async def _act(
    given: Dependencies, county: CountyFile, caller: Caller, asked: LinesBody, verb: Verb
) -> Acted:
    lines = [Line(ReviewId(each.review_id), each.digest) for each in asked.lines]
    if len({each.review_id for each in lines}) < len(lines):
        raise Refusal(422, "named_twice", "Named twice", "Each review stands in one line only.")
    author = partial(author_on, caller, county.county)
    bulk = Bulk(
        verb.act,
        verb.name,
        author,
        caller.account,
        caller.role,
        given.new_id,
        _asked(verb, asked),
        verb.key,
        verb.note,
        follows=verb.follows,
    )
    results = await act_on(given.transaction, given.counties, lines, bulk)
    if len(results) == 1 and results[0].result in STATUS:
        raise _refusal(results[0])
    return Acted(
        results=dict(sorted(Counter(each.result for each in results).items())),
        not_done=[LineResult(**each._asdict()) for each in results if each.result in STATUS],
    )


def _asked(verb: Verb, body: LinesBody) -> str:
    """Tells one act from another, whatever the reviews and however they were shown."""
    said = json.dumps([verb.name, body.model_dump(mode="json", exclude={"lines"})])
    return hashlib.sha256(said.encode()).hexdigest()


def _refusal(one: Result) -> Refusal:
    titles = {"changed": "It changed since it was shown", "refused": "Not possible", "not_found": "Not found"}
    return Refusal(STATUS[one.result], one.code or one.result, titles[one.result], one.why or "")


def _ordering(county: CountyFile, found: halts.Halt | None) -> Ordering:
    if found is None:
        return Ordering(county=county.county, halted=False)
    return Ordering(county=county.county, halted=True, at=found.at, by=found.by_account, reason=found.reason)
