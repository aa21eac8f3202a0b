"""Texts beside a charge that say which charge the conviction was of in the end."""

import re

from reliefstream_contracts.vocabulary.offense import Offense
from services.ingest.core.charges.code_sections import read_offense, same_section
from services.ingest.core.charges.mistyped_sections import looks_mistyped

_AMENDED_TO = re.compile(
    r"\b(?:AMEND\w*|AMND|AMD|PLED|PLD|PLEAD\w*|PLEA|REDUC\w*|CHANGED|CHGD)\b[^\d]{0,40}?\bTO\b"
    r"|(?<!\bNOT )\bCONV(?:ICTED)?\s+(?:OF|UNDER)\b"
)
_RELIEF = frozenset({"17", "1203.4", "1203.4a", "1170.18", "1385", "11361.8", "11361.9"})
"""Sections by which a charge is reduced, not to which."""


def amended_to(comment: str) -> Offense | None:
    """The charge that a comment says this one was amended, pleaded or reduced to; None: it says none.

    Without sections where the comment says so and cannot be read.
    """
    upper = comment.upper()
    for match in _AMENDED_TO.finditer(upper):
        read = read_offense(upper[match.end() :])
        if read.sections and all(section.section in _RELIEF for section in read.sections):
            continue
        if read.sections or looks_mistyped(read.as_written, ()):
            return read
    return None


def same_charge(one: Offense, other: Offense) -> bool:
    """Whether two texts name the same charge; a code that one leaves out contradicts nothing."""
    how = [(o.attempt, o.conspiracy, o.accessory, len(o.sections)) for o in (one, other)]
    return (
        bool(one.sections)
        and how[0] == how[1]
        and all(any(same_section(section, s) for s in other.sections) for section in one.sections)
    )
