"""Names of persons made comparable, and when two of them contradict each other, however they are written."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.records import PersonName
from reliefstream_contracts.vocabulary.name_suffixes import name_suffix
from services.reconciliation.linkage.resemblance.placeholder_names import without_placeholders

PARTICLES = frozenset(
    {"da", "de", "del", "der", "di", "do", "dos", "el", "la", "las", "los", "mc", "st", "van", "von", "y"}
)

UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
"""Letters of Latin scripts that Unicode does not decompose into a plain one and a mark."""

NameParts = tuple[str, ...]
"""The parts of a surname or of given names, comparable: ``("garcia", "lopez")``. Empty: unknown."""


class Name(NamedTuple):
    """A person's name in comparable parts; empty where it is unknown or a placeholder stands for it."""

    surname: NameParts = ()
    given: NameParts = ()
    middle: NameParts = ()
    suffix: str = ""
    """``JR``, ``SR``, ``II`` and so on (name_suffixes.py)."""

    def contradicts(self, other: "Name") -> bool:
        """Whether surnames or given names contradict each other, their order taken as written."""
        return surnames_contradict(self.surname, other.surname) or given_names_contradict(
            self.given, other.given
        )

    def reordered(self, other: "Name") -> bool:
        """Whether two names have the same parts in another order: ``NGUYEN, VAN THAI`` and ``Thai, Nguyen Van``.

        One name may lack one part of the other. At least two different parts longer than an initial must be common.
        """
        fewer, more = sorted((self._parts(), other._parts()), key=len)
        left = list(more)
        for part in fewer:
            if part not in left:
                return False
            left.remove(part)
        return len(left) < 2 and len({part for part in fewer if len(part) > 1}) > 1

    def _parts(self) -> NameParts:
        return (*self.surname, *self.given, *self.middle)


@lru_cache(maxsize=2048)
def comparable_name(name: PersonName | None) -> Name:
    """A name in comparable parts: a suffix counts wherever it stands (``MARIO JUNIOR``), placeholders never."""
    if name is None:
        return Name()
    surname, given, middle = _folded(name.surname), _folded(name.given), _folded(name.middle)
    found = _suffix(name.suffix or "")
    for parts, fewest in ((middle, 0), (given, 1), (surname, 1)):
        while len(parts) > fewest and _suffix(parts[-1]) and parts[-1] != "v":
            found = found or _suffix(parts[-1])
            parts.pop()
    if given and given[0] != "v" and _suffix(given[0]) and (given[1:] or middle):
        found = found or _suffix(given[0])
        given, middle = (given[1:], middle) if given[1:] else (middle[:1], middle[1:])
    return Name(*without_placeholders(tuple(surname), tuple(given), tuple(middle)), found)


def _suffix(word: str) -> str:
    return name_suffix(word.strip()) or ""


def _folded(written: str | None) -> list[str]:
    """The parts of a name without case, accents and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", written or "") if not unicodedata.combining(c))
    plain = plain.casefold().translate(UNDECOMPOSED)
    return "".join(c if c.isalnum() else "" if c in "'’`." else " " for c in plain).split()


def surnames_contradict(one: NameParts, other: NameParts) -> bool:
    """True when both are known and neither is the other, nor one part of it.

    ``GARCIA`` does not contradict ``GARCIA-LOPEZ``, ``O BRIEN`` not ``O'Brien``; ``GARCIA`` and ``LOPEZ`` do.
    """
    if not one or not other:
        return False
    return not (_is_part(one, other) or _is_part(other, one))


def given_names_contradict(one: NameParts, other: NameParts) -> bool:
    """True when both are known and differ before one of them ends; an initial stands for any name it begins.

    ``MARY`` and ``M`` do not contradict ``MARY ANN``, nor does ``MARYANN``; ``ANN`` and ``JON`` for ``JOHN`` do.
    """
    if "".join(one) == "".join(other):
        return False
    return not all(_stands_for(part, its) for part, its in zip(one, other, strict=False))


def _stands_for(part: str, other: str) -> bool:
    return part == other or (part[0] == other[0] and 1 in (len(part), len(other)))


def _is_part(part: NameParts, whole: NameParts) -> bool:
    joined = "".join(part)
    if joined == "".join(whole):
        return True
    # A particle or an initial alone would match half of all surnames.
    if len(joined) < 2 or all(piece in PARTICLES for piece in part):
        return False
    ends = range(1, len(whole) + 1)
    return any("".join(whole[start:end]) == joined for end in ends for start in range(end))
