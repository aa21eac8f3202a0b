"""Whom community groups named and the county has still to answer: the records unit does, the prosecutor sees it."""

from typing import Any, Final

from starlette.responses import Response

from services.console.called.call_faults import Refused, tried
from services.console.web.page_request import Page
from services.console.web.visit import Visit, an_id

PLACE: Final = "/counties/{county}/referral-lines"
PAGE_LENGTH: Final = 50
STANDINGS: Final = {
    "waiting": "It is being compared with the records.",
    "found": "The person is on record.",
    "missing": "No record here is this person’s.",
    "case_missing": "The person is on record, and the case that was named is not.",
    "in_doubt": "Somebody on record may be this person: say who, or that nobody is.",
}
ANSWERS: Final = {
    "record_sent": "We send the record; it is judged as it comes",
    "no_record": "We have no such record",
    "destroyed": "We destroyed the record, as the law asks (HS 11361.5)",
    "elsewhere": "The case is another county’s",
    "found": "The person is on record: this one",
}


async def show_lines(visit: Visit) -> Response:
    """The first due first."""
    return await _shown(visit)


async def answer(visit: Visit) -> Response:
    """Answers one line for the county."""
    said = visit.form.get("answer")
    if said not in ANSWERS:
        return await _shown(visit, "Choose an answer.")
    subject = visit.form.get("subject_id")
    if (said == "found") != bool(subject):
        return await _shown(
            visit, "Give the person’s id with “The person is on record: this one”, and with no other answer."
        )
    body: dict[str, Any] = {
        "lines": [int(visit.form.get("number") or 0)],
        "answer": said,
        "subject_id": subject or None,
        "note": visit.form.get("note") or None,
    }
    place = f"/v1/counties/{visit.county}/referrals/{an_id(visit.form.get('referral'))}/answer"
    found = await tried(visit.services.post("reconciliation", place, body))
    if isinstance(found, Refused):
        return await _shown(visit, found.told, found.status)
    return visit.to(f"/counties/{visit.county}/referral-lines", notice="Answered. The last answer counts.")


async def _shown(visit: Visit, problem: str = "", status: int = 422) -> Response:
    asked = {name: visit.request.query_params.get(name, "") for name in ("overdue", "after")}
    found = await visit.services.get(
        "reconciliation", f"/v1/counties/{visit.county}/referral-lines", {**asked, "limit": PAGE_LENGTH}
    )
    return visit.page(
        "referral_lines.html",
        status if problem else 200,
        lines=found["lines"],
        after=found["next"],
        asked=asked,
        standings=STANDINGS,
        answers=ANSWERS,
        problem=problem,
        typed=visit.form,
    )


PAGES = (Page("GET", PLACE, show_lines), Page("POST", f"{PLACE}/answer", answer))
