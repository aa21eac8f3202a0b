"""Sealing: what is due, what the other dismissals wait for and why; certificates, legal holds, sealing at once."""

from typing import Any, Final

from starlette.responses import Response

from services.console.called.call_faults import Refused, tried
from services.console.paper import certificate
from services.console.paper.print import Busy, Printer
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import sealing as words

LISTED: Final = "/counties/{county}/sealing"
ONE: Final = f"{LISTED}/{{relief}}"
PAGE_LENGTH: Final = 50
PRINTER: Final = Printer()


async def show_sealing(visit: Visit) -> Response:
    """All dismissals that are not sealed yet."""
    return await _listed(visit)


async def seal_due(visit: Visit) -> Response:
    """Seals now what is due."""
    answer = await tried(visit.services.post("relief", f"/v1/counties/{visit.county}/seals"))
    if isinstance(answer, Refused):
        return await _listed(visit, answer.told, answer.status)
    return visit.to(f"/counties/{visit.county}/sealing", notice="What was due is being sealed.")


async def verify(visit: Visit) -> Response:
    """Whether a certificate that somebody shows is genuine."""
    body = {
        name: visit.form.get(name) or None for name in ("code", "case_number", "section", "conviction_date")
    }
    if not body["code"] or not body["section"]:
        return await _listed(visit, "Type the code and the section, as they stand on the certificate.")
    answer = await tried(
        visit.services.post("relief", f"/v1/counties/{visit.county}/certificates/verify", body)
    )
    if isinstance(answer, Refused):
        return await _listed(visit, answer.told, answer.status)
    return await _listed(visit, verified=answer)


async def show_dismissal(visit: Visit) -> Response:
    """One dismissal."""
    return await _shown(visit)


async def make_certificate(visit: Visit) -> Response:
    """The certificate as PDF, for the person."""
    name = visit.form.get("name")
    found = await tried(visit.services.post("relief", f"{_top(visit)}/certificate"))
    if isinstance(found, Refused):
        return await _shown(visit, found.told, "certificate", found.status)
    try:
        made = await PRINTER.pdf("certificate", certificate.said(found, name))
    except Busy:
        return await _shown(
            visit, "Other papers are being printed: try again in a few minutes.", "certificate", 503
        )
    held = {"Content-Disposition": 'attachment; filename="certificate-of-relief.pdf"'}
    return Response(made, media_type="application/pdf", headers=held)


async def told(visit: Visit) -> Response:
    """The person was told."""
    body = {"on": visit.form.get("on") or None}
    return await _act(visit, "told", body, "Kept: the person was told.")


async def hold(visit: Visit) -> Response:
    """A legal hold, for a reason."""
    if not (reason := visit.form.get("reason")):
        return await _shown(visit, "Say why it has to be kept.", "legal-hold")
    done = "It is under a legal hold: it is not sealed until that ends."
    return await _act(visit, "legal-hold", {"reason": reason}, done)


async def release(visit: Visit) -> Response:
    """Ends the legal hold."""
    return await _act(visit, "legal-hold/end", None, "The legal hold is ended.")


async def seal_now(visit: Visit) -> Response:
    """Seals it at once, for a reason."""
    if not (reason := visit.form.get("reason")):
        return await _shown(visit, "Say why it is sealed before its time.", "seal")
    if not visit.form.get("sure"):
        return await _shown(visit, "Confirm that you know that it cannot be undone.", "seal")
    done = "It is being sealed: every service forgets it, for good."
    return await _act(visit, "seal", {"reason": reason}, done, f"/counties/{visit.county}/sealing")


async def _act(visit: Visit, verb: str, body: Any, done: str, place: str = "") -> Response:
    answer = await tried(visit.services.post("relief", f"{_top(visit)}/{verb}", body))
    if isinstance(answer, Refused):
        return await _shown(visit, answer.told, verb.partition("/")[0], answer.status)
    own = f"/counties/{visit.county}/sealing/{visit.id('relief')}"
    return visit.to(place or own, notice=done)


async def _listed(
    visit: Visit, problem: str = "", status: int = 422, verified: dict[str, Any] | None = None
) -> Response:
    asked = visit.request.query_params
    stage = asked.get("stage", "") if asked.get("stage") in words.STAGES else ""
    query = {"stage": stage, "case_number": asked.get("case_number", ""), "limit": PAGE_LENGTH}
    top = f"/v1/counties/{visit.county}/seals"
    numbers = await visit.services.get("relief", top)
    found = await visit.services.get(
        "relief", f"{top}/dismissals", {**query, "after": asked.get("after", "")}
    )
    return visit.page(
        "sealing.html",
        status if problem else 200,
        numbers=numbers,
        dismissals=found["dismissals"],
        after=found["next"],
        stages=words.STAGES,
        why=words.WHY,
        asked=query,
        verified=verified,
        problem=problem,
        typed=visit.form,
    )


async def _shown(visit: Visit, problem: str = "", form: str = "", status: int = 422) -> Response:
    place = f"/v1/counties/{visit.county}/seals/dismissals"
    found = await visit.services.get("relief", place, {"relief_id": visit.id("relief")})
    if not found["dismissals"]:
        raise Refused(404, "not_found", "")
    return visit.page(
        "dismissal.html",
        status if problem else 200,
        one=found["dismissals"][0],
        stages=words.STAGES,
        why=words.WHY,
        gone=words.GONE,
        kept=words.KEPT,
        problem=problem,
        typed=visit.form,
        form=form or (visit.form.get("form") if visit.kept else ""),
    )


def _top(visit: Visit) -> str:
    return f"/v1/reliefs/{visit.id('relief')}"


PAGES = (
    Page("GET", LISTED, show_sealing),
    Page("POST", f"{LISTED}/seal-due", seal_due),
    Page("POST", f"{LISTED}/verify", verify),
    Page("GET", ONE, show_dismissal),
    Page("POST", f"{ONE}/certificate", make_certificate),
    Page("POST", f"{ONE}/told", told),
    Page("POST", f"{ONE}/legal-hold", hold),
    Page("POST", f"{ONE}/legal-hold/end", release),
    Page("POST", f"{ONE}/seal", seal_now),
)
