"""Words that a clerk writes where a name is not known. They say nothing about a person, and link nobody."""

NameParts = tuple[str, ...]

_PLACEHOLDERS = frozenset(
    {
        "lnu", "fnu", "mnu", "nln", "nfn", "nmn", "nmi", "nlm", "nfm", "nmu",
        "unknown", "unk", "unkn", "unknwn", "unnamed", "unidentified", "anonymous", "noname", "none", "null",
        "refused", "withheld", "undetermined", "tbd", "unassigned",
        "pending", "illegible", "suspect", "defendant", "alias", "anon", "test", "xx", "xxx", "xxxx",
    }
)  # fmt: skip
"""Last, first or middle name unknown (LNU, FNU) or none (NMN, NMI), and words for it."""
_UNNAMED = frozenset({"doe", "roe"})
_NEWBORN = frozenset({"baby", "boy", "girl", "infant", "newborn", "child", "unborn", "male", "female"})
_CHILD = _NEWBORN | {"juvenile", "minor"}
_OF_THE_UNNAMED = _CHILD | _UNNAMED | {"john", "jon", "johnny", "jane", "janie", "richard"}


def without_placeholders(
    surname: NameParts, given: NameParts, middle: NameParts
) -> tuple[NameParts, NameParts, NameParts]:
    """Surname, given and middle name, empty where a placeholder stands for them.

    ``LNU``, ``FNU``, ``UNKNOWN``, ``REFUSED`` and the like are placeholders in any part of a name; ``JOHN DOE``, ``JANE
    DOE``, ``BABY BOY`` and ``JUVENILE MALE`` are as whole names, in any order, beside initials and numbers. ``BABY``,
    ``GIRL B`` and the like are for given and middle name. A name of initials only becomes empty too.
    """
    surname, given, middle = (_named(parts) for parts in (surname, given, middle))
    words = {part for part in (*surname, *given, *middle) if len(part) > 1 and not part.isdigit()}
    unnamed = bool(words & _UNNAMED) and words <= _OF_THE_UNNAMED
    if unnamed or words <= _CHILD or (len(surname) > 1 and _NEWBORN.issuperset(surname)):
        return (), (), ()
    names = {part for part in (*given, *middle) if len(part) > 1}
    if names and names <= _NEWBORN:
        return surname, (), ()
    return surname, given, middle


def _named(parts: NameParts) -> NameParts:
    """The name; empty when it contains a placeholder, as ``UNKNOWN MALE`` and ``NO LAST NAME`` do."""
    return () if _PLACEHOLDERS.intersection(parts) or {"no", "name"}.issubset(parts) else parts
