"""Lines of a CSV file that a person may open: no spreadsheet takes a cell for a formula; a program reads each exactly.

After OWASP's "CSV injection": a text that begins with ``= + - @`` (full-width ones too, behind blanks and quotes as
well), a tab or a line's end gets one apostrophe in front. ``as_written`` takes it away again: no two texts become the
same cell.
"""

import re
from collections.abc import Iterable

_BEGINS = frozenset(" \t\r\n\f\v\u00a0'\"=+-@\uff1d\uff0b\uff0d\uff20")
_FORMULA = re.compile("[\\s'\"]*[=+\\-@\uff1d\uff0b\uff0d\uff20](?s:.)|'*[\t\r\n]")  # a mark alone is none


def csv_line(values: Iterable[object]) -> str:
    """A line with its end, after RFC 4180: quotes around a field that holds a comma, a quote or a line's end. None is
    an empty field."""
    return ",".join(["" if value is None else _quoted(_no_formula(str(value))) for value in values]) + "\n"


def as_written(cell: str) -> str:
    """The text that a cell stands for: without the apostrophe that was put before a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def _no_formula(text: str) -> str:
    return f"'{text}" if text[:1] in _BEGINS and _FORMULA.match(text) else text


def _quoted(field: str) -> str:
    if '"' in field or "," in field or "\n" in field or "\r" in field:
        return '"' + field.replace('"', '""') + '"'
    return field
