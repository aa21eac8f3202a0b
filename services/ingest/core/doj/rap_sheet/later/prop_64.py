"""Relief under Proposition 64 (HS 11361.8, 11361.9) in a rap sheet's words: granted, or only spoken of."""

import re

from reliefstream_contracts.vocabulary.offense import ReliefKind

PROP_64 = re.compile(r"\b11361\.[89]\b|\bPROP(?:OSITION)?\.?\s*64\b|\bP[-\s]?64\b")
IN_A_COMMENT = re.compile(r"\bGRANTED\b|\bDISM(?:ISSED)?\s*(?:AND|&|/)\s*SEALED\b")

_DISMISSED = re.compile(
    r"\bDISMISSED\b|\bDISM\s*(?:PER|PURS|UNDER|AND|&|/)|\bSEALED\b|\bDISMISSAL\s+GRANTED\b"
    r"|\b(?:CONV(?:ICTION)?|VERDICT|PLEA)\s+SET\s+ASIDE\b|\bSET\s+ASIDE\s*(?:PER|PURS|UNDER|AND|&|/)"
)
_REDESIGNATED = re.compile(
    r"\bREDESIGNATED\b|\bREDUCED\b|\bRESENTENCED\b"
    r"|\b(?:REDESIGNATION|REDUCTION|RESENTENCING)\s+GRANTED\b"
)
# Asked for, set for a hearing, refused, opposed or undone: whatever else the text says.
_NO_GRANT = re.compile(
    r"\bPET(?:ITION|N)|\bAPPLIC|\bMOTION|\bMTN\b|\bMOT\b|\bREQ|\bFILED\b|\bHEARING|\bHRG\b|\bSET\s+FOR\b"
    r"|\bCALEND|\bCONTINU|\bPEND|\bDEN(?:IED|Y|IAL)?\b|\bREFUS|\bREJECT|\bDECLIN|\bOPPOS|\bOBJECT|\bCHALLENG"
    r"|\bVACAT|\bREVERS|\bRESCIND|\bREVOK|\bREINST|\bUNSEAL|\bWITHDR|\bAPPEAL|\bSTAY|\bELIG|\bINELIG"
    r"|\bNOT\b|\bNO\b(?!\.?\s*[A-Z]*\d)|\bBE\b|\bMAY\b|\bIF\b|\bUNLESS\b|\bRECOMMEND|\bPROPOSED|\bTENTATIVE|\bCONSIDER|\bREVIEW"
    r"|\bPREJ|\bERROR|\bCORRECT|\b(?:ORDER|DISMISSAL|RELIEF|GRANT)\s+SET\s+ASIDE\b"
)
_OTHER_AUTHORITY = re.compile(r"\b1203\.4|\b1385\b|\b1170\.18\b")


def prop_64_in(text: str) -> ReliefKind | None:
    """The grant in an upper-case text that names Proposition 64; None: no grant, or it is unclear which.

    Only a completed grant counts, in the clause that names the law.
    """
    if _NO_GRANT.search(text):
        return None
    clauses = [clause for clause in text.split(";") if PROP_64.search(clause)]
    if any(_OTHER_AUTHORITY.search(clause) for clause in clauses):
        return None
    dismissed = any(_DISMISSED.search(clause) for clause in clauses)
    redesignated = any(_REDESIGNATED.search(clause) for clause in clauses)
    if dismissed == redesignated:
        return None
    return "hs_11361_8_dismissal" if dismissed else "hs_11361_8_redesignation"
