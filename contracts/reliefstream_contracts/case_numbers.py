"""One case number in the writings of several sources."""

import re
import unicodedata

from reliefstream_contracts.identifiers import CaseNumber

_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
_SIGNIFICANT_DIGIT = re.compile(r"[1-9]")
_DEFENDANT = re.compile(
    r"(?:[\s/._:,(#-]+(?:(?:CO-?)?D(?:EF(?:T|ENDANT)?)?[\s.#-]*)?(?:[0-9]{1,3}|[A-Z])\s*\)?|(?<=[0-9])[A-Z])$"
)
_RUN_ON = re.compile(r"(?<=[0-9]{6})0[1-9]$")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def comparable(written: CaseNumber | None) -> str | None:
    """A case number without case, dashes, spaces and leading zeros; each source's own writing stays its own.

    None where there is none to compare: blank, without a digit (``PENDING``) or all zeros.
    ``BA-012345``, ``ba 12345`` and ``BA012345`` are the same; ``BA12345-01`` is another.
    """
    plain = unicodedata.normalize("NFKC", written or "").upper()
    shortened = _LEADING_ZEROS.sub("", _NEITHER_LETTER_NOR_DIGIT.sub("", plain))
    return shortened if _SIGNIFICANT_DIGIT.search(shortened) else None


def without_defendant(written: CaseNumber | None) -> tuple[str, ...]:
    """A case number without the number or letter that a court puts after it for a defendant, comparable; where two
    such suffixes stand, without the last one, then without both.

    ``SF1234567-02``, ``SF1234567 D2``, ``SF1234567(02)``, ``SF1234567-B`` and ``SF1234567B`` give ``SF1234567``.
    Empty where no suffix stands, or fewer than four digits would be left (``04-12`` is no case with a defendant).
    """
    plain = unicodedata.normalize("NFKC", written or "").upper().strip()
    found: list[str] = []
    while len(found) < 2 and (suffix := _DEFENDANT.search(plain)):
        plain = plain[: suffix.start()]
        shortened = comparable(CaseNumber(plain))
        if shortened is None or sum(map(str.isdigit, plain)) < 4:
            break
        found.append(shortened)
    return tuple(found)


def with_and_without_defendant(written: CaseNumber | None) -> tuple[str, ...]:
    """The comparable number, then ``without_defendant``; empty where there is none to compare."""
    whole = comparable(written)
    return (whole, *without_defendant(written)) if whole else ()


def without_run_on(number: str) -> str | None:
    """A comparable number without a defendant's that is run on (``SF123456702``): two digits, 01 to 09, behind six or
    more; None where none is. Other numbers end so, too: for convictions of one person and one day only.
    """
    return number[:-2] if _RUN_ON.search(number) else None
