"""Words that a clerk writes where a name is not known. They say nothing about a person, and link nobody."""

NameParts = tuple[str, ...]

_PLACEHOLDERS = frozenset(
    {
        "lnu", "fnu", "mnu", "nln", "nfn", "nmn", "nmi", "nlm", "nfm", "nmu",
        "unknown", "unk", "unkn", "unknwn", "unnamed", "unidentified", "anonymous", "noname", "none", "null",
        "refused", "withheld", "undetermined", "tbd", "unassigned", "xx", "xxx", "xxxx",
    }
)  # fmt: skip
"""Last, first or middle name unknown (LNU, FNU) or none (NMN, NMI), and words for it."""
_UNNAMED = frozenset({"doe", "roe"})
_NEWBORN = frozenset({"baby", "boy", "girl", "infant", "newborn", "child", "unborn", "male", "female"})
_OF_THE_UNNAMED = _NEWBORN | {"john", "jon", "johnny", "jane", "janie", "richard"}


def without_placeholders(
    surname: NameParts, given: NameParts, middle: NameParts
) -> tuple[NameParts, NameParts, NameParts]:
    """Surname, given and middle name, empty where a placeholder stands for them.

    ``LNU``, ``FNU``, ``UNKNOWN``, ``REFUSED`` and the like are placeholders in any part of a name; ``JOHN DOE``, ``JANE
    DOE`` and ``BABY BOY`` are placeholders as whole names. A name of initials only becomes empty too.
    """
    surname, given, middle = (_named(parts) for parts in (surname, given, middle))
    if len(surname) > 1 and _NEWBORN.issuperset(surname):
        return (), (), ()
    if given and len(given) > 1 and _NEWBORN.issuperset(given):
        given, middle = (), ()
    unnamed = tuple(part for part in surname if not part.isdigit())
    if (
        len(unnamed) == 1
        and _UNNAMED.issuperset(unnamed)
        and (not given or _OF_THE_UNNAMED.issuperset(given))
    ):
        surname, given, middle = (), (), ()
    if all(len(part) == 1 for part in (*surname, *given, *middle)):
        return (), (), ()
    return surname, given, middle


def _named(parts: NameParts) -> NameParts:
    """The name; empty when it contains a placeholder, as ``UNKNOWN MALE`` and ``NO LAST NAME`` do."""
    return () if _PLACEHOLDERS.intersection(parts) or {"no", "name"}.issubset(parts) else parts
