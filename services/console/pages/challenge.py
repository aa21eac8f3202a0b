"""One objection: what it is about and what the defence answered; defenders answer, log contacts, hand over, print."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from services.console.paper.print import PRINTER, pdf_file
from services.console.web.not_done import NotDone
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
    found = await _read(visit)
    return visit.page(
        "challenge.html",
        found=found,
        relief=found["relief"],
        objections=names.OBJECTIONS,
        how=HOW,
        outcomes=OUTCOMES,
    )


async def answer(visit: Visit) -> Response:
    """Answers it, for the court and the prosecution."""
    text = visit.form.get("text")
    if not text:
        raise NotDone("Write what the defence says.")
    return await _act(visit, "answer", {"text": text}, "Answered. The court and the prosecution read it.")


async def log_contact(visit: Visit) -> Response:
    """Logs a contact with the client, or that there was none."""
    body: dict[str, Any] = {name: visit.form.get(name) for name in ("how", "outcome")}
    if not all(body.values()):
        raise NotDone("Choose how, and what came of it.")
    body["note"] = visit.form.get("note") or None
    return await _act(visit, "contacts", body, "Logged. Defenders alone read it.")


async def hand_over(visit: Visit) -> Response:
    """Hands the case over on a conflict of interests; a clerk, to whom the court appointed."""
    note = visit.form.get("note")
    if not note:
        raise NotDone("Say in the note why: defenders alone read it.")
    body = {"note": note, "to_account": visit.form.get("to_account") or None}
    done = "Handed over." if visit.may("clerk") else "Handed over. You see this case no more."
    return await _act(visit, "hand-over", body, done, f"/counties/{visit.county}/challenges")


async def forms(visit: Visit) -> Response:
    """A data sheet for each of the court's forms."""
    relief = (await _read(visit))["relief"]
    case = court_forms.of_challenge(visit.county, relief)
    made = await PRINTER.pdf("data_sheets", court_forms.data_sheets(court_forms.adult(case)))
    return pdf_file(made, f"data-sheets-{visit.id('relief')}")


async def _act(visit: Visit, verb: str, body: Mapping[str, Any], done: str, place: str = "") -> Response:
    await visit.services.post("relief", f"{_top(visit)}/{verb}", body, visit.form.get("once"))
    return visit.to(place or visit.place, notice=done)


async def _read(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = await visit.services.get("relief", _top(visit))
    return found


def _top(visit: Visit) -> str:
    return f"/v1/counties/{visit.county}/challenges/{visit.id('relief')}"


PAGES = (
    Page("GET", ONE, show_challenge),
    Page("POST", f"{ONE}/forms", forms, show_challenge),
    Page("POST", f"{ONE}/answer", answer, show_challenge),
    Page("POST", f"{ONE}/contacts", log_contact, show_challenge),
    Page("POST", f"{ONE}/hand-over", hand_over, show_challenge),
)
