"""One conviction that waits: what the records say, what the law finds, what would settle this, and what to do."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from reliefstream_contracts.vocabulary.stated_facts import FACTS
from services.console.called import statements
from services.console.called.call_faults import Refused, tried
from services.console.pages import side_by_side
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
DATED: Final = frozenset(code for code, fact in FACTS.items() if not fact.values)
"""Facts that a day answers."""


async def show_review(visit: Visit) -> Response:
    """The page."""
    return await _shown(visit)


async def decide(visit: Visit) -> Response:
    """Prepares a motion, or leaves it to a petition."""
    said = visit.form.get("decision")
    decision, _, level = said.partition(":")
    if not said:
        return await _shown(visit, "Choose what to move for.", "decide")
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
        return await _shown(visit, "Choose why you object.", "object")
    return await _act(visit, "challenge", body, "Your objection is prepared. Somebody else has to sign it.")


async def sign(visit: Visit) -> Response:
    """Signs what somebody else prepared."""
    return await _act(visit, "sign", {}, "Signed.")


async def send_back(visit: Visit) -> Response:
    """Sends back what was prepared, or a referral."""
    if not visit.form.get("note"):
        return await _shown(visit, "Say in the note what is missing.", "send-back")
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
        return await _shown(visit, "Say until which day it is put off.", "hold")
    return await _act(visit, "hold", body, "Put off.")


async def refer(visit: Visit) -> Response:
    """Refers it to another office."""
    office, _, city = visit.form.get("office").partition(":")
    note = visit.form.get("note")
    if not office or not note:
        return await _shown(visit, "Choose the office, and say in the note what it is to know.", "refer")
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
        said = (
            "The question changed since you opened the page: look at it again. What you typed is kept below."
        )
        return await _shown(visit, said, "answer", review)
    if not value or not basis:
        said = "Choose an answer, and name the document and page that it rests on."
        return await _shown(visit, said, "answer", review)
    stated = await tried(statements.answer(visit.services, review["county"], question, value, basis))
    if isinstance(stated, Refused):
        return await _shown(visit, stated.told, "answer", review)
    return visit.to(
        _path(visit),
        notice="Your answer is stated. The law is applied anew within seconds: open the page again to see.",
    )


async def _act(
    visit: Visit, verb: str, body: Mapping[str, Any], done: str, *, stay: bool = False
) -> Response:
    """Does it, and leads back to the queue; a refusal shows the page again with what was typed."""
    line = {"review_id": visit.request.path_params["review"], "digest": visit.form.get("digest")}
    place = f"/v1/counties/{visit.county}/reviews/{verb}"
    found = await tried(
        visit.services.post("relief", place, {"lines": [line], **body}, visit.form.get("once"))
    )
    if isinstance(found, Refused):
        return await _shown(visit, found.told, verb, status=found.status)
    if found["results"].get("done_before"):
        done = "This was done already; nothing was done twice."
    return visit.to(_path(visit) if stay else f"/counties/{visit.county}/queue", notice=done)


async def _shown(
    visit: Visit,
    problem: str = "",
    form: str = "",
    review: Mapping[str, Any] | None = None,
    *,
    status: int = 422,
) -> Response:
    """The page; with a problem, in its form ``form`` stands what was typed."""
    found = review or await _read(visit)
    words, history, person = await asyncio.gather(
        visit.services.post("eligibility", "/v1/grounds-in-words", {"grounds": found["grounds"]}),
        visit.services.get("relief", f"{_top(visit)}/history"),
        _person(visit, found),
    )
    sources = side_by_side.sources(person, found["counts"]) if person else None
    every = person["history"]["convictions"] if person else ()
    return visit.page(
        "review.html",
        status if problem else 200,
        review=found,
        clauses=words["clauses"],
        history=history,
        person=person,
        sources=sources,
        line=time_line(every, sources.conviction) if sources else None,
        others=side_by_side.others(person, found["counts"]) if person else (),
        code=_code,
        reasons=REASONS,
        objections=names.OBJECTIONS,
        dated=DATED,
        problem=problem,
        typed=visit.form,
        form=form or (visit.form.get("form") if visit.kept else ""),
    )


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


def _path(visit: Visit) -> str:
    return f"/counties/{visit.county}/reviews/{visit.request.path_params['review']}"


PAGES = (
    Page("GET", PLACE, show_review),
    Page("POST", f"{PLACE}/decide", decide),
    Page("POST", f"{PLACE}/challenge", object_),
    Page("POST", f"{PLACE}/sign", sign),
    Page("POST", f"{PLACE}/send-back", send_back),
    Page("POST", f"{PLACE}/claim", claim),
    Page("POST", f"{PLACE}/release", release),
    Page("POST", f"{PLACE}/hold", hold),
    Page("POST", f"{PLACE}/refer", refer),
    Page("POST", f"{PLACE}/answer", answer),
)
