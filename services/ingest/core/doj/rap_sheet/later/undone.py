"""What a later step undoes: a conviction reversed, vacated or set aside, a new trial, an acquittal."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from reliefstream_contracts.records import Count
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt
from services.ingest.core.charges.code_sections import may_be_same_section, read_offense
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.disposition import MURDER_RESENTENCED, begins_convicted
from services.ingest.core.doj.rap_sheet.later.relief import relief_of

Undoing = Literal["certain", "unclear"]

_UNDONE = re.compile(
    r"\bREVERS\w*|\bOVERTURN\w*|\bVACAT\w*|\bANNUL(?:LED|MENT)\b|\bNULLIFIED\b"
    r"|\bEXONERAT\w*|\bFACTUAL(?:LY)?\s+INNOCEN\w*|\bSET[\s-]*ASIDE\b|\bNEW\s+TRIAL\b|\bRETRIAL\b"
    r"|\bACQUIT\w*|\bNOT\s+GUILTY\b|\bHABEAS\b|\bRECALLED\b|\bWITHDR[AE]W\w*\s+(?:OF\s+)?PLEA|\bPLEA\s+WITHDR[AE]W\w*"
    r"|\bPLEA\s+W/?D\w*|\bW/?D\w*\s+(?:OF\s+)?PLEA|\bCORAM\s+NOBIS\b|\b1181(?:\s*P\.?C\b|\s+GRANTED)|\bARREST\w*\s+OF\s+JUDG\w*|\bJUDG\w*\s+ARREST\w*"
    r"|\b(?:CONV\w*|JUDG\w*|VERDICT|PLEA)\s+(?:(?:IS|WAS)\s+)?(?:VAC(?:'?D)?|VOID(?:ED)?|QUASHED|INVALID\w*)\b"
    r"|\b(?:CONV\w*|JUDG\w*|VERDICT)\s+REV(?:'?D)?\b|\bREV(?:'?D)?\s+(?:BY|ON|PER)\s+(?:C(?:OUR)?T\s+OF\s+)?(?:APP|DCA|SUP)"
)
_CONVICTED_AND_UNDONE = re.compile(
    r"CONVICTED\W+(?:REVERSED|OVERTURNED|VACATED|SET[\s-]*ASIDE)(?:\s+(?:ON|BY|PER)\s+APPEAL)?\W*"
)
_OF_A_CONVICTION = re.compile(
    r"\bCONV\w*|\bJUDG\w*|\bVERDICT\b|\bPLEA\b|\bGUILTY\b|\bAPPEAL\w*|\bNEW\s+TRIAL\s+GRANTED|\bACQUIT\w*|\bNOT\s+GUILTY"
    r"|\bEXONERAT\w*|\bINNOCEN\w*"
)
_OF_SOMETHING_ELSE = re.compile(
    r"\bWARR\w*|\bB/?W\b|\bFINE\w*|\bFEES?\b|\bBAIL\b|\bBOND\b|\bHEARING\b|\bORDER\b|\bPROB(?:ATION)?\b|\bREVOC\w*|\bDIV(?:ERSION)?\b"
    r"|\bDATES?\b|\bSTAY\b|\b(?:JURY|COURT)\s+TRIAL\b|\bPRE-?TRIAL\b"
)
_AFFIRMED = re.compile(r"\bAFFIRM\w*")
_NOT_UNDONE = re.compile(r"\bDENIED\b|\bDENY\b|\bNOT\s+GRANTED\b|\bPENDING\b|\bREINSTAT\w*")
_BAIL = re.compile(
    r"\b(?:BAIL|BOND|SURETY)\b[\s/&-]*(?:BOND\b[\s-]*)?(?:IS\s+|WAS\s+)?EXON\w*|\bEXON\w*\s+(?:OF\s+)?(?:BAIL|BOND|SURETY)\b"
)
"""It ends with every case, whatever became of the charge."""
_TRIED_AGAIN = re.compile(
    r"\b(?:RE-?TRIAL|NEW\s+TRIAL)\s+(?:IS\s+)?PENDING\b|\bPENDING\s+(?:RE-?TRIAL|NEW\s+TRIAL)\b|\bMISTRIAL\b"
    r"|\bHUNG\s+JURY\b|\bJURY\s+(?:HUNG|DEADLOCK\w*)"
)
_OF_LESS = re.compile(
    r"\b(?:CONV\w*|JUDG\w*|CHARGE|COUNT|CNT|OFFENSE|VERDICT)\b.*\b(?:REDUC\w*|AMEND\w*|MODIF\w*|CHANGED)\s+TO\b|\bLESSER\b"
    r"|^\W*AMEND\w*\s+TO\b"
)
_NOT_THE_PERSONS = re.compile(
    r"\b(?:ENTERED|REPORTED|POSTED|RECORDED)\s+IN\s+ERROR\b|\bERRONEOUS\w*\s+(?:ENTRY|ENTERED|REPORT\w*|POSTED)\b"
    r"|\bWRONG\s+(?:PERSON|SUBJECT|SUBJ|DEF\w*|MAN|INDIVIDUAL)\b|\bMIS-?IDENTI\w*|\bMISTAKEN\s+IDENT\w*"
    r"|\b(?:IDENTITY\s+THEFT|STOLEN\s+IDENTITY)\b|\bUSED\s+(?:THE\s+)?(?:NAME|IDENT\w*|ID)\s+OF\b|\bNOT\s+(?:THIS\s+|THE\s+)?SUBJ(?:ECT)?\b"
    r"|\b(?:FINGER)?PRINTS?\s+(?:DO(?:ES)?\s+NOT|DID\s+NOT|DON'?T)\s+MATCH\b|\bBELONGS\s+TO\s+ANOTHER\b"
)
"""The conviction is another person's, or was never entered."""
_IN_PART = re.compile(
    r"\bPART(?:LY|IAL\w*)?\b|\bSENT(?:ENCE)?\w*|\bREMAND\w*|\bMODIF\w*|\bMOTION\b|\bPETITION\b|\bREQUEST\w*"
)
_PARDONED = re.compile(r"\bPARDON\w*|\bCLEMENCY\s+GRANTED\b")
"""Whether a pardoned conviction still counts as a prior depends on the pardon."""
_OFF_THE_RECORD = re.compile(
    r"\b(?:CONV\w*|JUDG\w*|VERDICT|PLEA)\s+(?:(?:IS|WAS)\s+)?(?:STRICKEN|STRUCK|RESCINDED|CANCEL\w*|DELETED|EXPUNGED|SEALED|PURGED)\b"
    r"|\bABATED\b"
)
"""By an order of no kind that the text names."""
_DEFERRED = re.compile(r"\b1203\.43\b")
"""The plea to a deferred entry of judgment is withdrawn, and the charge dismissed."""
_DISMISSED = re.compile(r"\bDISM\w*|\bNOLLE\b|\bNOL\.?\s*PROS\b")
_NOT_THE_CHARGE = re.compile(
    r"\bPROB\w*|\bVIOL\w*|\bVOP\b|\bPETITION\b|\b1203\.2\b|(?<!AFTER )(?<!ON )\bAPPEAL\b|\bWRIT\b|\bMOTION\b"
    r"|\bENHANC\w*|\bALLEG\w*|\bPRIORS?\b|\bSTRIKES?\b|\bWARR\w*"
)

_IN_A_COMMENT = re.compile(
    r"\bREVERS\w*|\bREV(?:'?D)?\s+(?:BY|ON)\b|\bOVERTURN\w*|\bVACAT\w*|\bANNUL(?:LED|MENT)\b|\bNULLIFIED\b|\bEXONERAT\w*"
    r"|\bINNOCEN\w*|\bHABEAS\b.*\bGRANTED\b|\bNEW\s+TRIAL\s+GRANTED\b|\bACQUITTED\b|\bSET[\s-]*ASIDE\b|\bPARDONED\b"
    r"|\b1172\.6\b|\b1170\.95\b"
)
"""A plea that is withdrawn, or other counts that are dismissed, stand in the comments of standing convictions."""
_OF_ANOTHER_COUNT = re.compile(r"\bACQUIT\w*.*\b(?:CNT|CT|COUNT)S?\b|\b(?:CNT|CT|COUNT)S?\b.*\bACQUIT\w*")
_PROCEDURE = frozenset({"1016.5", "1018", "1170.95", "1172.6", "1181", "1473", "1473.6", "1473.7"})
"""Sections of the Penal Code by which a conviction is undone; no charges."""
COMMENTED = "a comment says reversed, vacated or the like"


@lru_cache(maxsize=10_000)
def undoing(disposition: str) -> Undoing | None:
    """Whether a disposition undoes a conviction that was entered before it; None: it does not.

    ``unclear`` where only a part, the sentence or a motion is named, a pardon, a trial that begins again, a conviction
    of less, an entry of another person's, or a dismissal of no kind that is relief.
    """
    upper = _BAIL.sub("", disposition.upper())
    if not upper:
        return None
    if begins_convicted(disposition):
        return "certain" if _CONVICTED_AND_UNDONE.fullmatch(upper) else None
    if any(text.search(upper) for text in (_DEFERRED, _OFF_THE_RECORD, _TRIED_AGAIN, _NOT_THE_PERSONS)):
        return "unclear"
    if _NOT_UNDONE.search(upper):
        return None
    undone = _UNDONE.search(upper)
    if _AFFIRMED.search(upper):
        return "unclear" if undone else None
    if _PARDONED.search(upper) or MURDER_RESENTENCED.search(upper) or _OF_LESS.search(upper):
        return "unclear"
    if not undone:
        return "unclear" if _DISMISSED.search(upper) and not _NOT_THE_CHARGE.search(upper) else None
    plain = upper.strip(" .") in ("REVERSED", "VACATED", "SET ASIDE", "OVERTURNED")
    if _IN_PART.search(upper) or _DISMISSED.match(upper):
        return "unclear"
    if _OF_A_CONVICTION.search(upper) or plain:
        return "certain"
    return None if _OF_SOMETHING_ELSE.search(upper) else "unclear"


@lru_cache(maxsize=10_000)
def may_be_undone_in(comment: str) -> bool:
    """Whether the comment on a conviction may say that it was undone, or is another person's."""
    upper = _BAIL.sub("", comment.upper())
    if _NOT_THE_PERSONS.search(upper):
        return True
    return bool(_IN_A_COMMENT.search(upper) and not _OF_ANOTHER_COUNT.search(upper) and undoing(comment))


def doubts_of_comments(rows: Sequence[DojRow], own: Sequence[CodeSection]) -> tuple[Doubt, ...]:
    """The doubt about a conviction of which a comment may say that it was undone, and that names no other charge."""
    for row in rows:
        if may_be_undone_in(row.comment_text) and not relief_of(row).any:
            named = read_offense("-", row.comment_text).comment_sections
            others = [one for one in named if one.section not in _PROCEDURE]
            if all(any(may_be_same_section(one, section) for section in own) for one in others):
                said = tuple(filter(None, (row.disp_descr, COMMENTED)))
                return (Doubt(field="disposition", kind="contradictory", as_written=said),)
    return ()


def is_undoing_step(rows: Sequence[DojRow]) -> bool:
    """Whether rows of one count say that a conviction is undone, and nothing else: no relief (PC 1203.4, 1385)."""
    said = [row for row in rows if row.disp_descr]
    return bool(said) and all(undoing(row.disp_descr) and not relief_of(row).any for row in said)


def affirms(rows: Sequence[DojRow]) -> bool:
    """Whether rows of one count say that a conviction was affirmed, and nothing else: none is added by that."""
    said = [row for row in rows if row.disp_descr]
    return bool(said) and all(
        _AFFIRMED.search(row.disp_descr.upper())
        and not begins_convicted(row.disp_descr)
        and not undoing(row.disp_descr)
        for row in said
    )


def undone(count: Count, row: DojRow) -> Count:
    """The conviction after that row: none any more, or in doubt where the row is unclear."""
    if undoing(row.disp_descr) == "certain":
        written = " / ".join(filter(None, (count.disposition, row.disp_descr)))
        return count.replace(outcome="not_convicted", disposition=written)
    return in_doubt(count, row)


def is_undone(count: Count) -> bool:
    """Whether it was a conviction that a later step undid."""
    return count.outcome == "not_convicted" and begins_convicted(count.disposition)


def in_doubt(count: Count, row: DojRow) -> Count:
    """The conviction, of which nobody can tell whether that row undoes it."""
    doubt = Doubt(field="disposition", kind="contradictory", as_written=(row.disp_descr,))
    return count.replace(doubts=tuple(dict.fromkeys((*count.doubts, doubt))))
