"""Convictions that stand in a comment on another charge, and nowhere else: a person has to find the record."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from reliefstream_contracts.records import Count
from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.disposition import begins_convicted

_CONVICTED = re.compile(
    r"\bCONV(?:ICTED|ICTION|D|'D)?\b\.?|\bGU?I?LTY\b|\bNOLO\b|\bNO\s+CONTEST\b|\bP/?G\b|\bADJ(?:UDGED|UDICATED)\b"
)
_COUNTED = re.compile(
    r"\b(?:CNT|CT|COUNT)S?\b\.?\s*#?\s*[0-9]|\bSENT(?:ENCED?)?\b|\bPLED\s+TO\b|\bPLEA\s+TO\b|\bALSO\b"
    r"|\bPLUS\b|\bADD'?(?:L|ITIONAL)\b|\bTOGETHER\b|(?:^|[\s,;])(?:[+&]|AND\b|W/|WITH\b)\s*(?:H\.?S\.?C?\s*)?113[56][0-9]\b"
)
_ACCUSED_ONLY = re.compile(
    r"\bARR\w*|\bCITED\b|\bDETAIN\w*|\bORIG\w*|\bAMEND\w*|\bREDUC\w*|\bCHARGED\b|\bPEND\w*"
)
_NOT_CONVICTED = re.compile(
    r"\bDISM\w*|\bNOL\.?\s*PROS|\bNOLLE\b|\bNOT\b|\bNO\s+CONV|\bACQUIT\w*|\bREJ\w*|\bREVERS\w*|\bVACAT\w*|\bPRIOR\w*"
)


@lru_cache(maxsize=10_000)
def convicted_in_comment(comment: str, on_conviction: bool = True) -> frozenset[CodeSection]:
    """The cannabis sections that a comment says were convicted (``ALSO CONV 11359 HS CNT 02``), or, on a conviction,
    names as another count (``CNT 2 11359 HS``)."""
    upper = comment.upper()
    counted = on_conviction and _COUNTED.search(upper) and not _ACCUSED_ONLY.search(upper)
    if not (counted or _CONVICTED.search(upper)) or _NOT_CONVICTED.search(upper):
        return frozenset()
    named = read_offense("SEE COMMENT", comment).sections or read_offense("-", comment).comment_sections
    return frozenset(section for section in named if section.section in PROPOSITION_64)


def with_comment_convictions(counts: Sequence[Count], rows: Iterable[DojRow]) -> Sequence[Count]:
    """The counts; one whose comment tells of a cannabis conviction that its cycle lacks is a conviction in doubt.

    Its charge is then not known (``offense`` without sections), so that a person looks at it.
    """
    told: dict[str, set[CodeSection]] = {}
    for row in rows:
        if row.comment_text and (
            sections := convicted_in_comment(row.comment_text, begins_convicted(row.disp_descr))
        ):
            told.setdefault(row.cnt_order[:9], set()).update(sections)
    if not told:
        return counts
    known = {
        (count.count_id[:3], section.section)
        for count in counts
        for section in count.offense.sections
        if count.outcome == "convicted"
    }
    found = []
    for count in counts:
        missing = [
            section
            for section in sorted(told.get(count.count_id, ()), key=str)
            if (count.count_id[:3], section.section) not in known
        ]
        unclear = any(doubt.field == "offense" for doubt in count.doubts)
        found.append(_in_doubt(count, missing) if missing and not unclear else count)
    return found


def _in_doubt(count: Count, missing: Iterable[CodeSection]) -> Count:
    written = (count.offense.as_written, *(f"comment: {section}" for section in missing))
    doubt = Doubt(field="offense", kind="contradictory", as_written=tuple(filter(None, written)))
    offense = count.offense.replace(sections=())
    return count.replace(outcome="convicted", offense=offense, doubts=(*count.doubts, doubt))
