"""DOJ's qualifiers of an offense (OFFENSE_QUAL_LST): attempted, conspiracy, accessory."""

import re
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.vocabulary.offense import Offense

_SEPARATORS = re.compile(r"[,;|/]+")
_KNOWN = {
    "attempt": re.compile(r"ATT(?:EMPT(?:ED|S)?)?"),
    "conspiracy": re.compile(r"CONSP(?:IR\w*)?"),
    "accessory": re.compile(r"ACC?ESS?O?RY(?: AFTER(?: THE)? FACT)?"),
}


class Qualifiers(NamedTuple):
    """How the offense was committed; ``unread``: qualifiers of another kind, as written."""

    attempt: bool = False
    conspiracy: bool = False
    accessory: bool = False
    unread: tuple[str, ...] = ()


@lru_cache(maxsize=1_000)
def read_qualifiers(text: str) -> Qualifiers:
    """What a list of qualifiers says. Of one that is not known here nothing is guessed."""
    found: dict[str, bool] = {}
    unread = []
    for written in filter(None, (part.strip().upper() for part in _SEPARATORS.split(text))):
        name = next((name for name, pattern in _KNOWN.items() if pattern.fullmatch(written)), None)
        if name:
            found[name] = True
        else:
            unread.append(written)
    return Qualifiers(**found, unread=tuple(unread))


def qualified(offense: Offense, qualifiers: Qualifiers) -> Offense:
    """The offense with what its qualifiers say of how it was committed."""
    if not (qualifiers.attempt or qualifiers.conspiracy or qualifiers.accessory):
        return offense
    return offense.replace(
        attempt=offense.attempt or qualifiers.attempt,
        conspiracy=offense.conspiracy or qualifiers.conspiracy,
        accessory=offense.accessory or qualifiers.accessory,
    )
