"""One conviction that waits: what the records say, what the law finds, what would settle this, and what to do."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from reliefstream_contracts.vocabulary.stated_facts import FACTS
from services.chassis.identity.caller import Grant
from services.console.called import statements
from services.console.called.call_faults import Refused
from services.console.pages import side_by_side
from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import names
from services.console.words.time_line import time_line

PLACE: Final = "/counties/{county}/reviews/{review}"
READS_PERSONS: Final = ("district_attorney", "records_unit")
"""Roles to whom reconciliation shows a person."""
REASONS: Final = {
    "decide": ("file_reviewed", "interest_of_justice", "statute_compels", "other"),
    "hold": ("file_ordered", "waits_for_answer", "absence", "other"),
    "refer": ("another_office", "conflict", "other"),
}
"""Codes that a page offers for each act."""
WAITING: Final = ("open", "prepared")
"""States in which an office has still to decide."""
DATED: Final = frozenset(code for code, fact in FACTS.items() if not fact.values)
"""Facts that a day answers."""


STATED: Final = "Your answer is stated. The law is applied anew within seconds."


async def show_review(visit: Visit) -> Response:
    """The page."""
    review = await _read(visit)
    words, history, person = await asyncio.gather(
        visit.services.post("eligibility", "/v1/grounds-in-words", {"grounds": review["grounds"]}),
        visit.services.get("relief", f"{_top(visit)}/history"),
        _person(visit, review),
    )
    sources = side_by_side.sources(person, review["counts"]) if person else None
    every = person["history"]["convictions"] if person else ()
    return visit.page(
        "review.html",
        review=review,
        own_grants=_own_grants(visit, review),
        clauses=words["clauses"],
        history=history,
        person=person,
        sources=sources,
        line=time_line(every, sources.conviction) if sources else None,
        others=side_by_side.others(person, review["counts"]) if person else (),
        code=_code,
        reasons=REASONS,
        objections=names.OBJECTIONS,
        dated=DATED,
    )


def _own_grants(visit: Visit, review: Mapping[str, Any]) -> list[Grant]:
    """The person's grants for the office that has the review, while it waits; none: every act would be refused."""
    if review["state"] not in WAITING or review["in_county"] != visit.county:
        return []
    place = (review["in_county"], review["city"])
    return [one for one in visit.grants if one.role == review["office"] and one.reaches(*place)]


async def decide(visit: Visit) -> Response:
    """Prepares a motion, or leaves it to a petition."""
    said = visit.form.get("decision")
    decision, _, level = said.partition(":")
    if not said:
        raise NotDone("Choose what to move for.")
    body = {
        "decision": decision,
        "redesignated_to": level or None,
        "reason_code": visit.form.get("reason_code"),
    }
    return await _act(visit, "decide", body, "Prepared. Somebody else has to sign it.")


async def object_(visit: Visit) -> Response:
    """Prepares a challenge."""
    body = {
        "reason_code": visit.form.get("reason_code"),
        "still_serving": visit.form.get("still_serving") == "yes",
    }
    if not body["reason_code"]:
        raise NotDone("Choose why you object.")
    return await _act(visit, "challenge", body, "Your objection is prepared. Somebody else has to sign it.")


async def sign(visit: Visit) -> Response:
    """Signs what somebody else prepared."""
    return await _act(visit, "sign", {}, "Signed.")


async def send_back(visit: Visit) -> Response:
    """Sends back what was prepared, or a referral."""
    if not visit.form.get("note"):
        raise NotDone("Say in the note what is missing.")
    return await _act(visit, "send-back", {"note": visit.form.get("note")}, "Sent back.")


async def claim(visit: Visit) -> Response:
    """Claims it."""
    return await _act(visit, "claim", {}, "You have claimed this one.", stay=True)


async def release(visit: Visit) -> Response:
    """Gives it back."""
    return await _act(visit, "release", {}, "Given back.")


async def hold(visit: Visit) -> Response:
    """Puts it off until a day."""
    body = {"until": visit.form.get("until"), "reason_code": visit.form.get("reason_code")}
    if not body["until"]:
        raise NotDone("Say until which day it is put off.")
    return await _act(visit, "hold", body, "Put off.")


async def refer(visit: Visit) -> Response:
    """Refers it to another office."""
    office, city = visit.form.get("office"), visit.form.get("city")
    note = visit.form.get("note")
    if not office or not note:
        raise NotDone("Choose the office, and say in the note what it is to know.")
    body = {
        "office": office,
        "city": city or None,
        "reason_code": visit.form.get("reason_code"),
        "note": note,
    }
    return await _act(visit, "refer", body, "Referred.")


async def answer(visit: Visit) -> Response:
    """States the answer to a question, as a fact of this conviction."""
    review = await _read(visit)
    question = next(
        (one for one in review["open_questions"] if _code(one) == visit.form.get("question")), None
    )
    value = visit.form.get("value") or visit.form.get("day")
    basis = " ".join(visit.form.get("basis").split())
    if question is None or visit.form.get("digest") != review["digest"]:
        raise NotDone("It changed since you opened the page: look at it again. What you typed is kept below.")
    if not value or not basis:
        raise NotDone("Choose an answer, and name the document and page that it rests on.")
    await statements.answer(visit.services, review["county"], question, value, basis)
    if len(review["open_questions"]) > 1:
        return visit.to(visit.place, notice=f"{STATED} Open this page again to see, or answer the next one.")
    return visit.to(
        f"/counties/{visit.county}/queue", notice=f"{STATED} What is still to be decided stays here."
    )


async def _act(
    visit: Visit, verb: str, body: Mapping[str, Any], done: str, *, stay: bool = False
) -> Response:
    """Does it, and leads back to the queue."""
    line = {"review_id": visit.request.path_params["review"], "digest": visit.form.get("digest")}
    place = f"/v1/counties/{visit.county}/reviews/{verb}"
    found = await visit.services.post("relief", place, {"lines": [line], **body}, visit.form.get("once"))
    if found["results"].get("done_before"):
        done = "This was done already; nothing was done twice."
    return visit.to(visit.place if stay else f"/counties/{visit.county}/queue", notice=done)


async def _read(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = await visit.services.get("relief", _top(visit))
    return found


async def _person(visit: Visit, review: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is known of the person; None where the grants do not reach that, or the person is in no record any more."""
    if not visit.may(*READS_PERSONS):
        return None
    try:
        found: dict[str, Any] = await visit.services.get(
            "reconciliation", f"/v1/subjects/{review['subject_id']}"
        )
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return None
    return found


def _code(question: Mapping[str, Any]) -> str:
    """Tells one question of a review from another."""
    return f"{question['code']}|{question['count']}"


def _top(visit: Visit) -> str:
    return f"/v1/counties/{visit.county}/reviews/{visit.id('review')}"


PAGES = (
    Page("GET", PLACE, show_review),
    Page("POST", f"{PLACE}/decide", decide, show_review),
    Page("POST", f"{PLACE}/challenge", object_, show_review),
    Page("POST", f"{PLACE}/sign", sign, show_review),
    Page("POST", f"{PLACE}/send-back", send_back, show_review),
    Page("POST", f"{PLACE}/claim", claim, show_review),
    Page("POST", f"{PLACE}/release", release, show_review),
    Page("POST", f"{PLACE}/hold", hold, show_review),
    Page("POST", f"{PLACE}/refer", refer, show_review),
    Page("POST", f"{PLACE}/answer", answer, show_review),
)
