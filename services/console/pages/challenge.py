"""One objection: what it is about and what the defence answered; defenders answer, log contacts, hand over, print."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from services.console.called.call_faults import Refused, tried
from services.console.paper.print import PRINTER, TOO_BUSY, Busy, pdf_file
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import court_forms, names

ONE: Final = "/counties/{county}/challenges/{relief}"
HOW: Final = {
    "letter": "Letter",
    "telephone": "Telephone",
    "email": "Email",
    "visit": "Visit",
    "other": "In another way",
}
OUTCOMES: Final = {
    "reached": "The client was reached",
    "message_left": "A message was left",
    "not_reached": "Not reached",
    "address_unknown": "The address is not known",
}


async def show_challenge(visit: Visit) -> Response:
    """The page."""
    return await _shown(visit)


async def answer(visit: Visit) -> Response:
    """Answers it, for the court and the prosecution."""
    text = visit.form.get("text")
    if not text:
        return await _shown(visit, "Write what the defence says.", "answer")
    return await _act(visit, "answer", {"text": text}, "Answered. The court and the prosecution read it.")


async def log_contact(visit: Visit) -> Response:
    """Logs a contact with the client, or that there was none."""
    body: dict[str, Any] = {name: visit.form.get(name) for name in ("how", "outcome")}
    if not all(body.values()):
        return await _shown(visit, "Choose how, and what came of it.", "contacts")
    body["note"] = visit.form.get("note") or None
    return await _act(visit, "contacts", body, "Logged. Defenders alone read it.")


async def hand_over(visit: Visit) -> Response:
    """Hands the case over on a conflict of interests."""
    note = visit.form.get("note")
    if not note:
        return await _shown(visit, "Say in the note why: defenders alone read it.", "hand-over")
    body = {"note": note, "to_account": visit.form.get("to_account") or None}
    done = "Handed over. You see this case no more."
    return await _act(visit, "hand-over", body, done, f"/counties/{visit.county}/challenges")


async def forms(visit: Visit) -> Response:
    """A data sheet for each of the court's forms."""
    relief = (await _read(visit))["relief"]
    case = court_forms.of_challenge(visit.county, relief)
    try:
        made = await PRINTER.pdf("data_sheets", court_forms.data_sheets(court_forms.adult(case)))
    except Busy:
        return await _shown(visit, TOO_BUSY, status=503)
    return pdf_file(made, f"data-sheets-{visit.id('relief')}")


async def _act(visit: Visit, verb: str, body: Mapping[str, Any], done: str, place: str = "") -> Response:
    call = visit.services.post("relief", f"{_top(visit)}/{verb}", body, visit.form.get("once"))
    answer = await tried(call)
    if isinstance(answer, Refused):
        return await _shown(visit, answer.told, verb, answer.status)
    return visit.to(place or _place(visit), notice=done)


async def _shown(visit: Visit, problem: str = "", form: str = "", status: int = 422) -> Response:
    found = await _read(visit)
    return visit.page(
        "challenge.html",
        status if problem else 200,
        found=found,
        relief=found["relief"],
        objections=names.OBJECTIONS,
        how=HOW,
        outcomes=OUTCOMES,
        problem=problem,
        typed=visit.form,
        form=form or (visit.form.get("form") if visit.kept else ""),
    )


async def _read(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = await visit.services.get("relief", _top(visit))
    return found


def _top(visit: Visit) -> str:
    return f"/v1/counties/{visit.county}/challenges/{visit.id('relief')}"


def _place(visit: Visit) -> str:
    return f"/counties/{visit.county}/challenges/{visit.id('relief')}"


PAGES = (
    Page("GET", ONE, show_challenge),
    Page("GET", f"{ONE}/forms.pdf", forms),
    Page("POST", f"{ONE}/answer", answer),
    Page("POST", f"{ONE}/contacts", log_contact),
    Page("POST", f"{ONE}/hand-over", hand_over),
)
