"""Whether a disposition's text (DISP_DESCR) is a conviction."""

import re
from functools import lru_cache

_ACQUITTED = re.compile(r"\bNOT\s+(?:GUILTY|CONVICTED)|\bNO\s+CONV\w*|\bACQUIT\w*")
_NOT_PROSECUTED = re.compile(r"\s*(?:DISM|PROS\b|REL\b|REL/)")
_SPEAKS_OF_CONVICTION = re.compile(r"CONV|GUILTY|NOLO|\bNO\s+CONTEST|SENTENC")
_REVOKED = re.compile(r"\bPROB(?:ATION)?\b\.?[\s/-]*REV(?!IEW)|\bREV(?:OKED?|OC\w*)?\.?\s+PROB")
_SUSTAINED = re.compile(
    r"\bPET(?:ITION|N)?\b\.?[\s/-]*(?:ADMITTED|FOUND\s+TRUE|SUST)|\bSUST(?:AINED)?\b[\s/-]*PET"
    r"|\bJUV\w*\b.*\bSUST|\bTRUE\s+FINDING\b|\b(?:ADJ\w*|DECLARED|MADE|CONTINUED)\s+(?:A\s+)?WARD\b|\bWARDSHIP\b"
    r"|\bWARD\s+OF\s+(?:THE\s+)?(?:JUV\w*\s+)?C(?:OUR)?T\b|\b602\b.*\bSUST|\bSUST(?:AINED)?\b.*\b602\b"
)
_NOT_SUSTAINED = re.compile(r"\bNOT\b|\bDISM\w*|\bDENIED\b|\bUNSUST|\bTERMINAT\w*|\bSEALED\b")
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
