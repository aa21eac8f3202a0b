"""Which field a problem is about, without the row that it stands in: what refusals are counted by. Pure."""

import re

_COLUMN = re.compile(r"\bcolumn ([^;]+)")
_PLACES = re.compile(r"(?:rows?|line|record|message|byte|character|body|file)\b")


def field_of(where: str) -> str:
    """``row 17, column Born`` is ``Born``; ``line 4, charges[0].plea`` is ``charges[].plea``; empty where a problem
    is about the whole row or message."""
    column = _COLUMN.search(where)
    if column:
        return column[1].strip()
    last = where.rsplit(", ", maxsplit=1)[-1].strip()
    if _PLACES.match(last):
        return ""
    return re.sub(r"\[[0-9]+\]", "[]", last) if re.search("[A-Za-z]", last) else ""
