"""One case number in the writings of several sources."""

import re
import unicodedata

from reliefstream_contracts.identifiers import CaseNumber

_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
_SIGNIFICANT_DIGIT = re.compile(r"[1-9]")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def comparable(written: CaseNumber | None) -> str | None:
    """A case number without case, dashes, spaces and leading zeros; each source's own writing stays its own.

    None where there is none to compare: blank, without a digit (``PENDING``) or all zeros.
    ``BA-012345``, ``ba 12345`` and ``BA012345`` are the same; ``BA12345-01`` is another.
    """
    plain = unicodedata.normalize("NFKC", written or "").upper()
    shortened = _LEADING_ZEROS.sub("", _NEITHER_LETTER_NOR_DIGIT.sub("", plain))
    return shortened if _SIGNIFICANT_DIGIT.search(shortened) else None
