"""DOJ's names: ``LAST,FIRST MIDDLE SUFFIX``."""

from functools import lru_cache

from reliefstream_contracts.records import PersonName

_SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV", "V"})


@lru_cache(maxsize=1_000)
def read_name(text: str) -> PersonName | None:
    """The parts of a name in upper case; None when blank."""
    surname, _, rest = text.upper().replace(".", " ").partition(",")
    given = rest.replace(",", " ").split()
    family = surname.split()
    suffix = None
    if len(given) > 1 and given[-1] in _SUFFIXES and (given[-1] != "V" or len(given) > 2):
        suffix = given.pop()
    elif len(family) > 1 and family[-1] in _SUFFIXES - {"V"}:
        suffix = family.pop()
    if not family and not given:
        return None
    return PersonName(
        surname=" ".join(family) or None,
        given=given[0] if given else None,
        middle=" ".join(given[1:]) or None,
        suffix=suffix,
    )
