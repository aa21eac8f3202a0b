"""What may be a court's number of a case, and what stands where nobody wrote one."""

import re

from services.spreadsheet_damage import spreadsheet_damage

_SIGNIFICANT = re.compile("[1-9]")


def numbers_no_case(text: str) -> bool:
    """Whether it has no digit but zeros, as ``N/A``, ``UNKNOWN``, ``SEE COMMENT`` and ``000000``.

    What a spreadsheet wrote in the place of a number (``#REF!``) is none of it: there was a number.
    """
    return _SIGNIFICANT.search(text) is None and spreadsheet_damage(text) is None
