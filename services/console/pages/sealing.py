"""Sealing: what is due, what the other dismissals wait for and why; certificates, legal holds, sealing at once; a seal
that was a mistake."""

from typing import Any, Final

from starlette.responses import Response

from services.console.called.call_faults import Refused
from services.console.paper import certificate
from services.console.paper.print import PRINTER, pdf_file
from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import sealing as words

LISTED: Final = "/counties/{county}/sealing"
ONE: Final = f"{LISTED}/{{relief}}"
PAGE_LENGTH: Final = 50


async def show_sealing(visit: Visit) -> Response:
    """All dismissals that are not sealed yet."""
    return await _listed(visit)


async def seal_due(visit: Visit) -> Response:
    """Seals now what is due."""
    await visit.services.post("relief", f"/v1/counties/{visit.county}/seals")
    return visit.to(visit.place, notice="What was due is being sealed.")


async def verify(visit: Visit) -> Response:
    """Whether a certificate that somebody shows is genuine."""
    body = {
        name: visit.form.get(name) or None for name in ("code", "case_number", "section", "conviction_date")
    }
    if not body["code"] or not body["section"]:
        raise NotDone("Type the code and the section, as they stand on the certificate.")
    verified = await visit.services.post("relief", f"/v1/counties/{visit.county}/certificates/verify", body)
    return await _listed(visit, verified)


async def remove_seal(visit: Visit) -> Response:
    """Takes away a seal that was a mistake, by the case number and section that the clerk knows."""
    which = {"case_number": visit.form.get("sealed_case"), "section": visit.form.get("sealed_section")}
    if not (which["case_number"] and which["section"] and (reason := visit.form.get("reason"))):
        raise NotDone("Type the case number, the section, and why the seal was a mistake.")
    found = await visit.services.post("ingest", f"/v1/counties/{visit.county}/seals/find", which)
    if not found["reliefs"]:
        raise NotDone(
            "No conviction of this section and case is sealed here. Write the section with its code, as HS 11359."
        )
    if len(found["reliefs"]) > 1:
        ids = ", ".join(found["reliefs"])
        raise NotDone(
            f"More than one of this section and case is sealed. By the command, one of them: {ids}."
        )
    await visit.services.post("ingest", f"/v1/seals/{found['reliefs'][0]}/remove", {"reason": reason})
    return visit.to(
        visit.place,
        notice="The seal is taken away. Now have the court and DOJ send their records of the case again.",
    )


async def show_dismissal(visit: Visit) -> Response:
    """One dismissal."""
    place = f"/v1/counties/{visit.county}/seals/dismissals"
    found = await visit.services.get("relief", place, {"relief_id": visit.id("relief")})
    if not found["dismissals"]:
        raise Refused(404, "not_found", "")
    return visit.page(
        "dismissal.html",
        one=found["dismissals"][0],
        stages=words.STAGES,
        why=words.WHY,
        words=words,
        gone=words.GONE,
        kept=words.KEPT,
    )


async def make_certificate(visit: Visit) -> Response:
    """The certificate as PDF, for the person."""
    name = visit.form.get("name")
    found = await visit.services.post("relief", f"{_top(visit)}/certificate")
    return pdf_file(await PRINTER.pdf("certificate", certificate.said(found, name)), "certificate-of-relief")


async def told(visit: Visit) -> Response:
    """The person was told."""
    body = {"on": visit.form.get("on") or None}
    return await _act(visit, "told", body, "Kept: the person was told.")


async def hold(visit: Visit) -> Response:
    """A legal hold, for a reason."""
    if not (reason := visit.form.get("reason")):
        raise NotDone("Say why it has to be kept.")
    done = "It is under a legal hold: it is not sealed until that ends."
    return await _act(visit, "legal-hold", {"reason": reason}, done)


async def release(visit: Visit) -> Response:
    """Ends the legal hold."""
    return await _act(visit, "legal-hold/end", None, "The legal hold is ended.")


async def seal_now(visit: Visit) -> Response:
    """Seals it at once, for a reason."""
    if not (reason := visit.form.get("reason")):
        raise NotDone("Say why it is sealed before its time.")
    if not visit.form.get("sure"):
        raise NotDone("Confirm that you know that it cannot be undone.")
    done = "It is being sealed: every service forgets it, for good."
    return await _act(visit, "seal", {"reason": reason}, done, f"/counties/{visit.county}/sealing")


async def _act(visit: Visit, verb: str, body: Any, done: str, place: str = "") -> Response:
    await visit.services.post("relief", f"{_top(visit)}/{verb}", body)
    return visit.to(place or visit.place, notice=done)


async def _listed(visit: Visit, verified: dict[str, Any] | None = None) -> Response:
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
        numbers=numbers,
        dismissals=found["dismissals"],
        after=found["next"],
        stages=words.STAGES,
        why=words.WHY,
        words=words,
        asked=query,
        verified=verified,
    )


def _top(visit: Visit) -> str:
    return f"/v1/reliefs/{visit.id('relief')}"


PAGES = (
    Page("GET", LISTED, show_sealing),
    Page("POST", f"{LISTED}/seal-due", seal_due, show_sealing),
    Page("POST", f"{LISTED}/verify", verify, show_sealing),
    Page("POST", f"{LISTED}/remove-seal", remove_seal, show_sealing),
    Page("GET", ONE, show_dismissal),
    Page("POST", f"{ONE}/certificate", make_certificate, show_dismissal),
    Page("POST", f"{ONE}/told", told, show_dismissal),
    Page("POST", f"{ONE}/legal-hold", hold, show_dismissal),
    Page("POST", f"{ONE}/end-legal-hold", release, show_dismissal),
    Page("POST", f"{ONE}/seal", seal_now, show_dismissal),
)
