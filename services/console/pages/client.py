"""A client who asks the public defender: what is on record, what waits, and what the court's forms ask."""

from typing import Final

from starlette.responses import Response

from services.console.paper.print import PRINTER, pdf_file
from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import court_forms, dates, names
from services.console.words.court_forms import Case

PLACE: Final = "/counties/{county}/client"
FIELDS: Final = (
    ("surname", "Surname"),
    ("given_name", "Given name"),
    ("middle_name", "Middle name, if known"),
    ("suffix", "Suffix, if any"),
    ("birth_date", "Birth date"),
    ("case_number", "Case number, if known"),
)
NEEDED: Final = ("surname", "given_name", "birth_date", "reason")


async def show_form(visit: Visit) -> Response:
    """Asks for the client and the reason."""
    return visit.page("client.html", fields=FIELDS, found=None)


async def look_up(visit: Visit) -> Response:
    """What is on record; nothing of the person is kept."""
    asked = {name: given for name in (*dict(FIELDS), "reason") if (given := visit.form.get(name))}
    if not asked.keys() >= set(NEEDED):
        raise NotDone("Give the client’s name and birth date, and why you look.")
    found = await visit.services.post("reconciliation", f"/v1/counties/{visit.county}/clients", asked)
    return visit.page("client.html", fields=FIELDS, found=found)


async def forms(visit: Visit) -> Response:
    """A data sheet for each of the court's forms, with what is on the page that it is sent from."""
    typed = visit.form
    born = typed.get("birth_date")
    given = " ".join(filter(None, (typed.get("given_name"), typed.get("middle_name"))))
    case = Case(
        county=names.county(visit.county),
        person=" ".join(filter(None, (given, typed.get("surname"), typed.get("suffix")))),
        birth_date=dates.fact(born) if born else "",
        case_number=typed.get("convicted_case"),
        section=typed.get("section"),
        level=typed.get("level"),
        convicted_on=dates.day(typed.get("convicted_on")) if typed.get("convicted_on") else "",
    )
    of = court_forms.juvenile if typed.get("of") == "juvenile" else court_forms.adult
    made = await PRINTER.pdf("data_sheets", court_forms.data_sheets(of(case)))
    return pdf_file(made, f"data-sheets-{typed.get('of') or 'adult'}")


PAGES = (
    Page("GET", PLACE, show_form),
    Page("POST", f"{PLACE}/look-up", look_up, show_form),
    Page("POST", f"{PLACE}/forms", forms, show_form),
)
