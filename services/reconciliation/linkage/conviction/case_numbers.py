"""One case number in the writings of several sources."""

import re
import unicodedata

from reliefstream_contracts.identifiers import CaseNumber

_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
_SIGNIFICANT_DIGIT = re.compile(r"[1-9]")
_DEFENDANT = re.compile(r"(?:[\s/.-]+(?:D|DEF|DEFT)?[\s.-]*[0-9]{1,3}|[\s/.-]+[A-Z]|(?<=[0-9])[A-Z])$")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def comparable(written: CaseNumber | None) -> str | None:
    """A case number without case, dashes, spaces and leading zeros; each source's own writing stays its own.

    None where there is none to compare: blank, without a digit (``PENDING``) or all zeros.
    ``BA-012345``, ``ba 12345`` and ``BA012345`` are the same; ``BA12345-01`` is another.
    """
    plain = unicodedata.normalize("NFKC", written or "").upper()
    shortened = _LEADING_ZEROS.sub("", _NEITHER_LETTER_NOR_DIGIT.sub("", plain))
    return shortened if _SIGNIFICANT_DIGIT.search(shortened) else None


def without_defendant(written: CaseNumber | None) -> str | None:
    """A case number without the defendant's number or letter that a court puts after it, comparable.

    ``SF1234567-02``, ``SF1234567 D2``, ``SF1234567-B`` and ``SF1234567B`` give ``SF1234567``. None where no such
    suffix stands, or fewer than four digits would be left (``04-12`` is no case with a defendant).
    """
    plain = unicodedata.normalize("NFKC", written or "").upper().strip()
    suffix = _DEFENDANT.search(plain)
    if suffix is None or sum(map(str.isdigit, plain[: suffix.start()])) < 4:
        return None
    return comparable(CaseNumber(plain[: suffix.start()]))
