"""Faults of a whole file that is not DOJ's bulk file: reported once, not once a row."""

import re

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.columns import COLUMNS, PLACE
from services.ingest.core.doj.file.rows import is_header, split
from services.ingest.core.source_location import FILE, SourceLocation

_KINDS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"{": "JSON",
    b"[": "JSON",
    b"<": "XML or HTML",
}
_MARKS = re.compile(r"[^A-Z0-9]+")
NAMES_OF_A_HEADER = 10
"""Columns that a first line names at least where it is a header, whatever its first cell is; a row names none."""


def fault_of_beginning(beginning: bytes) -> Problem | None:
    """The fault that the first bytes (some thousands) show of a file; None: it may be CSV."""
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return FILE.problem("empty_file", "the file is empty", "export it again; nothing was sent")
    kind = next((name for mark, name in _KINDS.items() if text.startswith(mark)), None)
    if kind is None and b"\x00" in beginning and not any(map(_is_row, beginning.splitlines())):
        kind = "binary data"
    return not_csv(kind) if kind is not None else _fault_of_header(text.splitlines()[0])


def _is_row(line: bytes) -> bool:
    """Beside such a row one that holds a NUL is refused by itself."""
    return b"\x00" not in line and len(split(line.decode("latin-1"))) == len(COLUMNS)


def _fault_of_header(first: bytes) -> Problem | None:
    """Columns are read by their place: a header that names them in another order would be misread in silence."""
    names = [_MARKS.sub("_", name.upper()).strip("_") for name in split(first.decode("latin-1"))]
    if not is_header(first) and len(PLACE.keys() & set(names)) < NAMES_OF_A_HEADER:
        return None
    for place, (name, ours) in enumerate(zip(names, COLUMNS, strict=False), start=1):
        if name != ours and name in PLACE:
            return SourceLocation("header", column=str(place)).problem(
                "columns_in_another_order",
                f"the header names column {place} {name}, where DOJ's layout has {ours}",
                "export the 95 columns in DOJ's order; if only the header is wrong, send the file without it",
            )
    return None


def not_csv(kind: str) -> Problem:
    return FILE.problem(
        "not_csv",
        f"the file is {kind}, not DOJ's CSV",
        "send the bulk file as DOJ delivers it: CSV of 95 columns, as text, not packed",
    )


def no_row_fits(rows: int, columns: int) -> Problem:
    """No row of the file has 95 columns; ``columns``: how many the first one has."""
    if rows == 0:
        return FILE.problem(
            "no_rows", "the file has a header and no rows", "export it again; nothing was sent"
        )
    return FILE.problem(
        "not_doj_layout",
        f"none of the {rows:,} rows has 95 columns; the first has {columns}",
        "send DOJ's bulk file: comma-separated, 95 columns, with or without its header",
    )
