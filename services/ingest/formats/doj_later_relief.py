"""Relief that a rap sheet shows in its texts."""

import re

from reliefstream_contracts.offense import ReliefKind

_PROP_64 = re.compile(r"\b11361\.[89]\b|\bPROP(?:OSITION)?\.?\s*64\b")
_REDUCED = re.compile(r"REDESIG|REDUC|RECALL|RESENT|\bMISD|\bINFRACTION")
_ENDED = re.compile(r"DISM|SEAL|SET\s+ASIDE|VACAT")
_PC_1203_4 = re.compile(r"\b1203\.4A?\b")
_PC_17 = re.compile(r"\b17\s*(?:\(\s*B\s*\)|B)?\s*(?:\(\s*\d\s*\)\s*)?P\.?C\b|\bPC\s*17\b")
_TO_MISDEMEANOR = re.compile(r"\bREDUCED\s+TO\s+(?:A\s+)?MISD")
_PC_1170_18 = re.compile(r"\b1170\.18\b|\bPROP(?:OSITION)?\.?\s*47\b")
_PC_1385 = re.compile(r"\b1385\b|FURTHERANCE\s+OF\s+JUSTICE|\bFURTH\w*\s+(?:OF\s+)?JUST")
_MODIFIED = re.compile(r"\bSENT(?:ENCE)?\.?\s+MODIF")
_NOT_GRANTED = re.compile(r"\bDENIED\b|\bDENY\b|\bWITHDRAWN\b|\bPENDING\b|\bNOT\s+GRANTED\b|\bINELIGIBLE\b")


def reliefs_in(text: str) -> tuple[ReliefKind, ...]:
    """Every relief that a disposition, sentence or comment text grants.

    A motion denied, pending or withdrawn is no relief. Text that names Proposition 64 means dismissal when it
    speaks of dismissing or sealing, redesignation when it speaks of reducing.
    """
    upper = text.upper()
    if not upper or _NOT_GRANTED.search(upper):
        return ()
    found: list[ReliefKind] = []
    if _PROP_64.search(upper):
        if _REDUCED.search(upper):
            found.append("hs_11361_8_redesignation")
        elif _ENDED.search(upper):
            found.append("hs_11361_8_dismissal")
    elif _PC_1170_18.search(upper):
        found.append("pc_1170_18")
    elif _PC_17.search(upper) or _TO_MISDEMEANOR.search(upper):
        found.append("pc_17b")
    if _PC_1203_4.search(upper):
        found.append("pc_1203_4")
    if _PC_1385.search(upper):
        found.append("pc_1385")
    if _MODIFIED.search(upper):
        found.append("sentence_modified")
    return tuple(found)
