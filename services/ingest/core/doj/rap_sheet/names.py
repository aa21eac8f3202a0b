"""DOJ's names: ``LAST,FIRST MIDDLE SUFFIX``."""

import re
from functools import lru_cache

from reliefstream_contracts.records import PersonName
from reliefstream_contracts.vocabulary.name_suffixes import name_suffix

_LETTER_BY_LETTER = re.compile(r"\b([JS])\.\s?R\b")
"""``J.R.``: a suffix, not two initials."""


@lru_cache(maxsize=1_000)
def read_name(text: str) -> PersonName | None:
    """The parts of a name in upper case; None when blank.

    A suffix is one wherever it stands but as the only surname or given name: ``SANTOS JR,MARIO``,
    ``SANTOS,MARIO JUNIOR``, ``SANTOS,JUNIOR MARIO``. ``V`` is one at the end, after two given names or more.
    """
    surname, _, rest = _LETTER_BY_LETTER.sub(r"\1R", text.upper()).replace(".", " ").partition(",")
    given = rest.replace(",", " ").split()
    family = surname.split()
    suffix = _take_suffix(given) or _take_suffix(family)
    if not family and not given:
        return None
    return PersonName(
        surname=" ".join(family) or None,
        given=given[0] if given else None,
        middle=" ".join(given[1:]) or None,
        suffix=suffix,
    )


def _take_suffix(words: list[str]) -> str | None:
    """The last suffix among the words, as written, which then lack it."""
    for at in range(len(words) - 1, -1 if len(words) > 1 else 0, -1):
        if words[at] == "V" and not 1 < at == len(words) - 1:
            continue
        if name_suffix(words[at]):
            return words.pop(at)
    return None
