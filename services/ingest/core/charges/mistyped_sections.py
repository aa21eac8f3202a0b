"""Charges in which a section stands that does not exist: split, glued, cut short, with letters for digits."""

import re
from collections.abc import Iterable

from reliefstream_contracts.vocabulary.california_codes import (
    AMENDED_BY_PROPOSITION_64,
    PREDECESSORS,
    PROPOSITION_64,
    REST_OF_THE_ARTICLE,
)
from reliefstream_contracts.vocabulary.offense import CodeSection
from services.ingest.core.charges.charge_vocabulary import (
    ALSO_ABOUT_CANNABIS,
    SPEAKS_OF_ANOTHER_CRIME,
    SPEAKS_OF_CANNABIS,
)

LOOKALIKES = frozenset("OILBSZ")
"""Letters that look like digits."""

_LOOKALIKE = re.compile(r"(?<![A-Z0-9.])[0-9OILBSZ]{5}(?![0-9])")
_DIGITS = str.maketrans("OILBSZ", "011852")
# 1135 9, 11-359, 11,359: one number in two parts.
_SPLIT = re.compile(r"(?<![\d.])(?=(\d{1,4})[ ,.\-/]{1,2}(\d{1,4})(?![\d.]))")
_SCIENTIFIC = re.compile(r"(?<![\w.])[0-9](?:[.,][0-9]+)?E[+-][0-9]+")
"""What a spreadsheet writes of a number in a narrow column: ``1.14E+04`` of 11359."""
CUT_SHORT = frozenset({n[:i] + n[i + 1 :] for n in AMENDED_BY_PROPOSITION_64 for i in range(5)} | {"1153"})
"""A section of the article with one digit lost. The HS has sections of some of these numbers, none a crime."""
_KNOWN = frozenset((*AMENDED_BY_PROPOSITION_64, *PREDECESSORS, *REST_OF_THE_ARTICLE))
_WHOLE = frozenset(number for number in _KNOWN if "." not in number)
_DECIMAL = re.compile(r"(\d+)\.\d+")


def looks_mistyped(text: str, sections: Iterable[CodeSection]) -> bool:
    """Whether ``text`` means, or may mean, a cannabis section that is not among the sections read from it, or names
    another substance or crime where all of those are cannabis sections."""
    text, sections = text.upper(), tuple(sections)
    for match in _LOOKALIKE.finditer(text):
        written = match.group()
        if not written.isdigit() and written.translate(_DIGITS) in PROPOSITION_64:
            return True
    if _SCIENTIFIC.search(text):
        return True
    if any(a + b in PROPOSITION_64 for a, b in _SPLIT.findall(text)):
        return True
    if not SPEAKS_OF_CANNABIS.search(text):
        cannabis = bool(sections) and all(s.section in PROPOSITION_64 for s in sections)
        return cannabis and SPEAKS_OF_ANOTHER_CRIME.search(text) is not None
    return all(s.code in ("HS", "") for s in sections) and not any(
        s.section in PROPOSITION_64 or (s.code or "HS", s.section) in ALSO_ABOUT_CANNABIS for s in sections
    )


def exists(section: CodeSection) -> bool:
    """False for numbers that cannot be a section: too long, cut short, or with a decimal that nobody enacted.

    PC 664 has no decimals; 664.187 is read as an attempt before.
    """
    number, code = section.section, section.code
    whole = re.match(r"\d*", number)
    digits = len(whole.group()) if whole else 0
    if digits > 6 or (code == "PC" and digits > 5):
        return False
    if code not in ("HS", ""):
        return not (code == "PC" and number.startswith("664."))
    if number in CUT_SHORT or number.startswith("664."):
        return False
    decimal = _DECIMAL.fullmatch(number)
    return decimal is None or decimal[1] not in _WHOLE or number in _KNOWN
