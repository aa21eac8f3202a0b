"""Whether a disposition's text (DISP_DESCR) is a conviction."""

import re
from functools import lru_cache

_SENTENCE_WORDS = (
    r"PRISON|JAIL|PROB|PROBATION|FINED?|STATE|COUNTY|CO|TIME|SERVED|CRC|CYA|CDCR?|YA|DJ[JF]|CAMP|SUSP|SUSPENDED|SENT|SENTENCED?|IMP|IMPOSITION|IMPOSED"
    r"|EXEC|EXECUTION|WORK|RELEASE|PROGRAM|PROG|COMM|COMMUNITY|SERV|SERVICE|REST|RESTITUTION|FORMAL|SUMMARY|COURT|COND|CONDITIONAL|SUPERVISION"
    r"|MANDATORY|SPLIT|LIFE|DEATH|PENALTY|W/O|WITHOUT|PAROLE|LWOP|HOSPITAL|REHAB|CENTER|TREATMENT|DRUG|HOUSE|HOME|WEEKENDS?|DAYS?|MONTHS?|YEARS?|YRS"
)
_CHARGE_WORDS = (
    r"FEL|FELONY|MISD|MISDEMEANOR|INFRACTION|LESSER|INCLUDED|OFFENSE|CHARGE|COUNT|AMENDED|PLEA|PLED|JURY|TRIAL|VERDICT|GUILTY|NOLO(?:\s+CONTENDERE)?"
    r"|NO\s+CONTEST|OF|TO|BY|AS|ON|AND|THE|A|IN|HS|PC|VC|BP|WI|[0-9]+(?:\.[0-9]+)?(?:\([0-9A-Z]+\))*"
)
_CERTAIN = re.compile(rf"CONVICTED(?:[\s/&,.:;+()-]+(?:(?:{_SENTENCE_WORDS}|{_CHARGE_WORDS})(?![A-Z0-9]))?)*")
"""DOJ's own words for a conviction all begin with CONVICTED; what follows is its sentence, charge or level."""
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
_NO_CONVICTION = re.compile(
    rf"{_ENDED_OTHERWISE.pattern}|{_ACQUITTED.pattern}|\bNO[LT]\.?\s*PROS\w*|\bNOLLE\b|\bDROP\w*|\bINSUFF\w*|\bLACK\s+OF\b|\bPROS\b|\bPROSECUT\w*"
    r"|\bNOT\s+(?:FILED|PROS\w*|HELD|TRUE|INVOLVED|CHARGED|ISSUED|BOUND|ADJ\w*|COMPET\w*|RESP\w*)\b|\bNO\s+(?:COMPL\w*|FILING|CHARGES?|ACTION|PROBABLE|PC\b|BILL|CASE|EVID\w*|INFORMATION)"
    r"|\bCOMPL(?:AINT)?\.?\s+(?:REFUSED|DENIED|WITHDR\w*|NOT)|\bDECLIN\w*|\bREFUSED\b|\bWITHDR\w*|\bDETENTION\s+ONLY\b|\bDET\s+ONLY\b|\b849\b"
    r"|\bHELD\s+TO\b|\bBOUND\s+OVER\b|\bCERTIFIED\b|\bTRANS\w*|\bTOT\b|\bREMAND\w*|\bREFER\w*|\bEXTRAD\w*|\bCHANGE\s+OF\s+VENUE\b|\bCONSOL\w*|\bCOMBINED\b|\bMERGED\b|\bJOINED\b"
    r"|\bCONTINU\w*|\bCONT'?D\b|\bOFF\s+CAL\w*|\bHEARING\b|\bTRIAL\b|\bSET\s+FOR\b|\bARRAIGN\w*|\bWARR\w*|\bB/?W\b|\bFTA\b|\bFAIL\w*\s+TO\s+APP\w*|\bSUSPENDED\b|\b1368\b|\bINCOMPET\w*"
    r"|\bINSANE\b|\bINSANITY\b|\bNGI\b|\bNGRI\b|\bDECEASED\b|\bDEATH\s+OF\b|\bABATE\w*|\bDEMURR\w*|\bQUASH\w*|\bSUPPRESS\w*|\b1538\.5\b|\b995\b|\bUNFOUNDED\b|\bEXON\w*|\bINNOCEN\w*"
    r"|\bPETITION\b|\bMOTION\b|\bAPPEAL\w*|\bSEALED\b|\bDESTR\w*|\bEXPUNG\w*|\bREDUC\w*|\bRESENT\w*|\bTERMINAT\w*|\bREINST\w*|\bMODIF\w*|\bREVOK\w*|\bVIOL\w*"
    r"|\bMIS-?TRIAL\b|\bHUNG\b|\bAFFIRM\w*|\bEXPIRED\b|\bSTATUTE\b"
)
"""How a charge ends, goes on or moves without a conviction, and what comes only after one (relief, a revocation; what
undoes one is in later/undone.py)."""
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
    """Whether a text says for certain that there was a conviction: CONVICTED, alone or with words of a sentence, a
    charge or a level, none of which undoes it or asks (``CONVICTED-VACATED``, ``CONVICTED-PROB?``)."""
    return _CERTAIN.fullmatch(text.upper()) is not None


def begins_convicted(text: str) -> bool:
    """Whether a text is of a conviction's own row, whatever else it says."""
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
def is_unreadable(text: str) -> bool:
    """Whether a text says nothing that is known of the end of a charge (``VERDICT: GULITY``, ``25 YEARS``): it may
    mean a conviction."""
    if not text or speaks_of_conviction(text) or sustained(text) or changes_sentence(text):
        return False
    upper = text.upper()
    return not (_NO_CONVICTION.search(upper) or _NOT_SUSTAINED.search(upper))


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
