"""When two names of a person contradict each other, however they are written."""

import unicodedata
from functools import lru_cache

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
PARTICLES = frozenset(
    {"da", "de", "del", "der", "di", "do", "dos", "el", "la", "las", "los", "mc", "st", "van", "von", "y"}
)

UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
"""Letters of Latin scripts that Unicode does not decompose into a plain one and a mark."""

NameParts = tuple[str, ...]
"""The parts of a surname or of given names, comparable: ``("garcia", "lopez")``. Empty: unknown."""


@lru_cache(maxsize=65536)
def name_parts(written: str | None) -> NameParts:
    """The comparable parts of a name; case, accents, punctuation and a suffix (JR, III) are left out."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", written or "") if not unicodedata.combining(c))
    plain = plain.casefold().translate(UNDECOMPOSED)
    apart = "".join(c if c.isalnum() else "" if c in "'’`." else " " for c in plain)
    parts = apart.split()
    while len(parts) > 1 and parts[-1] in SUFFIXES:
        parts.pop()
    return tuple(parts)


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
