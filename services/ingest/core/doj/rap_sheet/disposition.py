"""Whether a disposition's text (DISP_DESCR) is a conviction."""

import re
from functools import lru_cache

_ACQUITTED = re.compile(r"\bNOT\s+(?:GUILTY|CONVICTED)|\bNO\s+CONV\w*|\bACQUIT\w*")
_NOT_PROSECUTED = re.compile(r"\s*(?:DISM|PROS\b|REL\b|REL/)")
_SPEAKS_OF_CONVICTION = re.compile(r"CONV|GUILTY|NOLO|\bNO\s+CONTEST|SENTENC|\bP/?G\b")
_SENTENCE = re.compile(
    r"\bPRISON\b|\bJAIL\b|\bPROB(?:ATION)?\b|\bFINED?\b|\bTIME\s+SERVED\b|\bCRC\b|\bCYA\b|\bDJ[JF]\b|\bCAMP\b|\bSUITABLE\s+PLACE\w*|\bCOMM(?:UNITY|\.)?\s+SERV\w*"
    r"|\bIMP(?:OSITION)?\b.*\bSENT?\b|\bPROP(?:OSITION)?\.?\s*36\b|\bDEATH\s+PENALTY\b|\bLIFE\b|\bBAIL\s+FORF\w*|\bFORF\w*\s+(?:OF\s+)?BAIL\b"
)
"""What follows a conviction only; a forfeited bail may be one."""
_NOT_KNOWN = re.compile(
    r"\bUNK(?:NOWN|N)?\b|\bNOT\s+(?:REPORTED|RECEIVED|AVAIL\w*|ON\s+FILE|STATED|GIVEN|KNOWN)\b|\bNO\s+DISP\w*|\bUNAVAILABLE\b"
    r"|\bSEE\s+COMM\w*|\bILLEGIBLE\b|^\W+$"
)
_ENDED_OTHERWISE = re.compile(
    r"\bDIVER\w*|\bDEFER\w*|\bDEJ\b|\bINFORMAL\b|\bDISM\w*|\bREJ\w*|\bREL(?:EASED?)?\b|\bDENIED\b|\bPEND\w*|\bSTAY\w*"
)
_REVOKED = re.compile(r"\bPROB(?:ATION)?\b\.?[\s/-]*REV(?!IEW)|\bREV(?:OKED?|OC\w*)?\.?\s+PROB")
_SUSTAINED = re.compile(
    r"\bSUST(?:AINED)?\b|\b(?:TRUE\s+FINDING|FOUND\s+TRUE)\b|\bPET(?:ITION|N)?\b\.?[\s/-]*ADMITTED\b"
    r"|\bADMITTED\s+(?:THE\s+)?(?:PET|ALLEG)\w*|\b(?:ADJ\w*|DECLARED|MADE|CONTINUED)[\s/-]+(?:A\s+)?WARD\b|\bWARDSHIP\b"
    r"|\bWARD\s+OF\s+(?:THE\s+)?(?:JUV\w*\s+)?C(?:OUR)?T\b|\bJUV\w*\s+(?:COURT\s+)?ADJ\w*"
    r"|\b602\s*\(?A?\)?\s*W.*\b(?:WARD|PROB)|\b(?:WARD|PROB)\w*\b.*\b602\s*\(?A?\)?\s*W|\b725\s*\(?A?\)?\s*W"
)
_NOT_SUSTAINED = re.compile(
    r"\bNOT\b|\bDISM\w*|\bDENIED\b|\bUNSUST|\bTERMINAT\w*|\bSEALED\b|\bDEMUR\w*|\bOBJECTION\b|\bMOTION\b|\bINFORMAL\b"
)
MURDER_RESENTENCED = re.compile(r"\b1172\.6\b|\b1170\.95\b")
"""PC 1172.6, before 2022 1170.95: a murder conviction is vacated, and the person resentenced on what is left."""
_CHANGED = re.compile(
    rf"{_REVOKED.pattern}|\bPROB(?:ATION)?\b\.?[\s/-]*(?:VIOL|REINST|EXTEN|MODIF)|\bRE-?SENTENC"
)


@lru_cache(maxsize=10_000)
def convicted(text: str) -> bool:
    """DOJ's own words for a conviction all begin with CONVICTED."""
    return text.upper().startswith("CONVICTED")


def speaks_of_conviction(text: str) -> bool:
    """Whether a text says that there was a conviction, or may mean one."""
    return convicted(text) or may_be_convicted(text)


@lru_cache(maxsize=10_000)
def may_be_convicted(text: str) -> bool:
    """Whether a text that DOJ does not use may mean a conviction (``CONV-PRISON``, ``FOUND GUILTY``)."""
    upper = text.upper()
    if convicted(text) or _NOT_PROSECUTED.match(upper):
        return False
    return bool(_SPEAKS_OF_CONVICTION.search(_ACQUITTED.sub("", upper)))


@lru_cache(maxsize=10_000)
def leaves_open(text: str) -> bool:
    """Whether what a court reports says neither that there was a conviction nor that the charge ended otherwise: a
    sentence alone (``STATE PRISON``), or that nobody knows (``DISP UNKNOWN``)."""
    upper = text.upper()
    if speaks_of_conviction(text) or sustained(text) or changes_sentence(text) or _ACQUITTED.search(upper):
        return False
    return bool((_SENTENCE.search(upper) or _NOT_KNOWN.search(upper)) and not _ENDED_OTHERWISE.search(upper))


@lru_cache(maxsize=10_000)
def sustained(text: str) -> bool:
    """Whether a text is a juvenile court's adjudication (WI 602): ``PETITION SUSTAINED``, ``DECLARED WARD``."""
    upper = text.upper()
    return _SUSTAINED.search(upper) is not None and _NOT_SUSTAINED.search(upper) is None


@lru_cache(maxsize=10_000)
def changes_sentence(text: str) -> bool:
    """Whether a text says that the sentence did not stay as it was: probation revoked, resentenced.

    PC 1172.6 changes the conviction itself (later/undone.py).
    """
    upper = text.upper()
    return _CHANGED.search(upper) is not None and MURDER_RESENTENCED.search(upper) is None


def revokes_probation(text: str) -> bool:
    """Whether a text that changes a sentence does so by revoking probation."""
    return _REVOKED.search(text.upper()) is not None
