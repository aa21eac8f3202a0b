"""What a later step undoes: a conviction reversed, vacated or set aside, a new trial, an acquittal."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from reliefstream_contracts.offense import Doubt
from reliefstream_contracts.records import Count
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.disposition import convicted
from services.ingest.core.doj.rap_sheet.later.relief import relief_of

Undoing = Literal["certain", "unclear"]

_UNDONE = re.compile(
    r"\bREVERS\w*|\bOVERTURN\w*|\bVACAT\w*|\bANNUL(?:LED|MENT)\b|\bNULLIFIED\b"
    r"|\bEXONERAT\w*|\bFACTUAL(?:LY)?\s+INNOCEN\w*|\bSET[\s-]*ASIDE\b|\bNEW\s+TRIAL\b|\bRETRIAL\b"
    r"|\bACQUIT\w*|\bNOT\s+GUILTY\b|\bHABEAS\b|\bRECALLED\b|\bWITHDR[AE]W\w*\s+(?:OF\s+)?PLEA|\bPLEA\s+WITHDR[AE]W\w*"
)
_OF_A_CONVICTION = re.compile(
    r"\bCONV\w*|\bJUDG\w*|\bVERDICT\b|\bPLEA\b|\bGUILTY\b|\bAPPEAL\w*|\bNEW\s+TRIAL\s+GRANTED|\bACQUIT\w*|\bNOT\s+GUILTY"
    r"|\bEXONERAT\w*|\bINNOCEN\w*"
)
_OF_SOMETHING_ELSE = re.compile(
    r"\bWARR\w*|\bFINE\w*|\bFEES?\b|\bBAIL\b|\bBOND\b|\bHEARING\b|\bORDER\b|\bPROB(?:ATION)?\b|\bREVOC\w*|\bDIV(?:ERSION)?\b"
)
_AFFIRMED = re.compile(r"\bAFFIRM\w*")
_NOT_UNDONE = re.compile(r"\bDENIED\b|\bDENY\b|\bAFFIRM\w*|\bNOT\s+GRANTED\b|\bPENDING\b|\bREINSTAT\w*")
_IN_PART = re.compile(
    r"\bPART(?:LY|IAL\w*)?\b|\bSENT(?:ENCE)?\w*|\bREMAND\w*|\bMODIF\w*|\bMOTION\b|\bPETITION\b|\bREQUEST\w*"
)
_PARDONED = re.compile(r"\bPARDON\w*|\bCLEMENCY\s+GRANTED\b")
"""Whether a pardoned conviction still counts as a prior depends on the pardon."""
_DISMISSED = re.compile(r"\s*(?:(?:CHARGE|COUNT|CNT|CASE|ACTION)S?\b[\s-]*)?DISM|.*\b1203\.43\b")
"""PC 1203.43: the plea to a deferred entry of judgment is withdrawn, and the charge dismissed."""
_OF_A_VIOLATION = re.compile(r"\bPROB\w*|\bVIOL\w*|\bVOP\b|\bPETITION\b|\b1203\.2\b")


@lru_cache(maxsize=10_000)
def undoing(disposition: str) -> Undoing | None:
    """Whether a disposition undoes a conviction that was entered before it; None: it does not.

    ``unclear`` where only a part, the sentence or a motion is named, a pardon, or a dismissal of no kind that
    is relief.
    """
    upper = disposition.upper()
    if not upper or convicted(disposition):
        return None
    if _DISMISSED.match(upper):
        return None if _OF_A_VIOLATION.search(upper) else "unclear"
    if _NOT_UNDONE.search(upper):
        return None
    if _PARDONED.search(upper):
        return "unclear"
    if not _UNDONE.search(upper):
        return None
    plain = upper.strip(" .") in ("REVERSED", "VACATED", "SET ASIDE", "OVERTURNED")
    if _IN_PART.search(upper):
        return "unclear"
    if _OF_A_CONVICTION.search(upper) or plain:
        return "certain"
    return None if _OF_SOMETHING_ELSE.search(upper) else "unclear"


def is_undoing_step(rows: Sequence[DojRow]) -> bool:
    """Whether rows of one count say that a conviction is undone, and nothing else: no relief (PC 1203.4, 1385)."""
    said = [row for row in rows if row.disp_descr]
    return bool(said) and all(undoing(row.disp_descr) and not relief_of(row).any for row in said)


def affirms(rows: Sequence[DojRow]) -> bool:
    """Whether rows of one count say that a conviction was affirmed, and nothing else: none is added by that."""
    said = [row for row in rows if row.disp_descr]
    return bool(said) and all(
        _AFFIRMED.search(row.disp_descr.upper()) and not convicted(row.disp_descr) for row in said
    )


def undone(count: Count, row: DojRow) -> Count:
    """The conviction after that row: none any more, or in doubt where the row is unclear."""
    if undoing(row.disp_descr) == "certain":
        written = " / ".join(filter(None, (count.disposition, row.disp_descr)))
        return count.model_copy(update={"outcome": "not_convicted", "disposition": written})
    return in_doubt(count, row)


def is_undone(count: Count) -> bool:
    """Whether it was a conviction that a later step undid."""
    return count.outcome == "not_convicted" and convicted(count.disposition)


def in_doubt(count: Count, row: DojRow) -> Count:
    """The conviction, of which nobody can tell whether that row undoes it."""
    doubt = Doubt(field="disposition", kind="contradictory", as_written=(row.disp_descr,))
    return count.model_copy(update={"doubts": tuple(dict.fromkeys((*count.doubts, doubt)))})
