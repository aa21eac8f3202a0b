"""Whom community groups named and the county has still to answer: the records unit does, the prosecutor sees it."""

from typing import Any, Final

from starlette.responses import Response

from services.console.pages.identity import LETTERS
from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit, an_id

PLACE: Final = "/counties/{county}/referral-lines"
PAGE_LENGTH: Final = 50
STANDINGS: Final = {
    "waiting": "It is being compared with the records.",
    "found": "The person is on record.",
    "missing": "No record here is this person’s.",
    "case_missing": "The person is on record, and the case that was named is not.",
    "in_doubt": "Somebody on record may be this person: say below who, or that nobody is.",
}
ANSWERS: Final = {
    "record_sent": "We send the record; it is judged as it comes",
    "no_record": "We have no such record",
    "destroyed": "We destroyed the record, as the law asks (HS 11361.5)",
    "elsewhere": "The case is another county’s",
}
OTHER: Final = "found"
"""The person is on record, as the one whose id is typed; ``found:ID``: as this one, whom the page shows."""


async def show_lines(visit: Visit) -> Response:
    """The first due first."""
    asked = {name: visit.request.query_params.get(name, "") for name in ("overdue", "after")}
    found = await visit.services.get(
        "reconciliation", f"/v1/counties/{visit.county}/referral-lines", {**asked, "limit": PAGE_LENGTH}
    )
    return visit.page(
        "referral_lines.html",
        lines=found["lines"],
        after=found["next"],
        asked=asked,
        standings=STANDINGS,
        answers=ANSWERS,
        letters=LETTERS,
    )


async def answer(visit: Visit) -> Response:
    """Answers one line for the county."""
    said, _, shown = visit.form.get("answer").partition(":")
    if said not in (*ANSWERS, OTHER):
        raise NotDone("Choose an answer.")
    subject = shown or visit.form.get("subject_id")
    if (said == OTHER) != bool(subject):
        raise NotDone("Give the person’s id with the answer that asks for it, and with no other answer.")
    body: dict[str, Any] = {
        "lines": [int(visit.form.get("number") or 0)],
        "answer": said,
        "subject_id": subject or None,
        "note": visit.form.get("note") or None,
    }
    place = f"/v1/counties/{visit.county}/referrals/{an_id(visit.form.get('referral'))}/answer"
    await visit.services.post("reconciliation", place, body)
    return visit.to(visit.place, notice="Answered. The last answer counts.")


PAGES = (Page("GET", PLACE, show_lines), Page("POST", f"{PLACE}/answer", answer, show_lines))
