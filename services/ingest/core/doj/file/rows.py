"""DOJ's bulk file as rows: a stray quote costs no other row, and a line end inside of quotes breaks none."""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Literal, NamedTuple

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.columns import COLUMNS, DROPPED, PLACE
from services.ingest.core.files.line_ends import END_OF_FILE, NOTHING, with_line_feeds
from services.ingest.core.files.physical_lines import ROW_LIMIT, Quoting, physical_lines, rows_of
from services.ingest.core.redaction import holds_number, redacted_fields, redacted_text
from services.ingest.core.source_location import row_location

csv.field_size_limit(ROW_LIMIT)  # Python's own limit of 131,072 characters would shift a row's columns
Encoding = Literal["utf-8", "latin-1"]
Fault = Literal["row_too_long", "row_truncated"]


class Line(NamedTuple):
    """One data row as it stands in the file. ``number`` counts data rows from 1."""

    number: int
    offset: int
    raw: bytes
    """Without its line end; only the first CUT bytes of a row that is too long."""
    fault: Fault | None = None
    line: int = 0
    """Its physical line, from 1 where the stream stood; 0: not known."""


def lines(stream: BinaryIO, offset: int = 0) -> Iterator[Line]:
    """The data rows of a file: without byte-order mark, header rows and blank lines.

    ``offset``: where in the file the stream stands, at the beginning of a line; rows are counted from there.
    """
    number = 0
    found = rows_of(physical_lines(with_line_feeds(stream), offset), _QUOTING)
    for start, written, whole, too_long, line in found:
        raw = written if whole else written.rstrip(END_OF_FILE)
        if not raw.strip(NOTHING) or is_header(raw):
            continue
        number += 1
        fault: Fault | None = "row_too_long" if too_long else None
        if fault is None and not whole and len(split(raw.decode("latin-1"))) < len(COLUMNS):
            fault = "row_truncated"
        yield Line(number, start, raw, fault, line)


def _complete(raw: bytes) -> bool:
    """Whether it is a row by itself: 95 fields whose quotes are pairs."""
    try:
        return len(next(csv.reader([raw.decode("latin-1")], strict=True), [])) == len(COLUMNS)
    except csv.Error:
        return False


_QUOTING = Quoting(b'"', b",", len(COLUMNS), _complete)


def may_fit(line: Line, columns: int) -> bool:
    """Whether a row with so many fields is one of DOJ's layout: of one that is too long only the beginning is here."""
    return columns == len(COLUMNS) or line.fault == "row_too_long"


_LONG = len(b"RECORDID")
_MARKS = re.compile(rb"[^A-Z0-9]+")


def is_header(raw: bytes) -> bool:
    """Whether a line is the header: its first field is RECORD_ID, in any case and with any marks (``Record Id``)."""
    first, _, _ = raw.partition(b",")
    return len(first) >= _LONG and _MARKS.sub(b"", first.upper()) == b"RECORDID"


def split(text: str) -> list[str]:
    """The fields of one line; quotes are taken literally where they are no pairs around fields.

    Only there: a row that lacks a column must not be filled up by a comma inside of quotes.
    """
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return text.split(",")


def subject_in(fields: list[str]) -> str:
    """The SUBJECT_ID among a row's fields, though the row may be refused later; empty when it has none, or a social
    security or licence number in its place."""
    place = PLACE["SUBJECT_ID"]
    found = fields[place].strip() if len(fields) > place else ""
    return "" if holds_number(found) else found


def subject_of(raw: bytes) -> str:
    """The SUBJECT_ID of a row as it stands in the file; empty when it has none."""
    return subject_in(split(raw.decode("latin-1")))


def fields_of(raw: bytes, number: int | None, encoding: Encoding, fault: str | None) -> list[str] | Problem:
    """The 95 fields of a row as they stand in it, or what is wrong with it."""
    if fault == "row_too_long":
        return row_location(number).problem(
            fault,
            f"the row is longer than {ROW_LIMIT:,} bytes",
            "look for a missing line end; send the corrected row in a later extract (--extract DATE)",
        )
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        return (
            row_location(number)
            .position_of(f"byte {error.start + 1}")
            .problem(
                "row_not_utf8",
                "the row is not UTF-8",
                "if the file is Latin-1, send it again with --encoding latin-1 (header encoding)",
            )
        )
    if "\x00" in text:
        return row_location(number).problem(
            "row_not_text",
            "the row holds a NUL byte",
            "export the file again as text, and send it as a later extract (--extract DATE)",
        )
    fields = split(text)
    if len(fields) == len(COLUMNS):
        return fields
    what = f"{len(fields)} columns instead of {len(COLUMNS)}"
    if fault == "row_truncated":
        return row_location(number).problem(
            fault,
            f"the file ends in the middle of this row: {what}",
            "copy the file again from its source and send it whole as a later extract (--extract DATE)",
        )
    return row_location(number).problem(
        "column_count",
        (what),
        (
            "look for an extra or missing comma (a value with a comma needs quotes around it); "
            "send the corrected file as a later extract (--extract DATE)"
        ),
    )


def fields_of_whole(raws: Sequence[bytes], encoding: Encoding) -> list[list[str]] | None:
    """As ``fields_of``, of rows that all have their 95 fields: one reader for all costs less. None: some row may be at
    fault."""
    if any(b"\x00" in raw for raw in raws):
        return None
    try:
        found = list(csv.reader([raw.decode(encoding) for raw in raws], strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    # A quote that is left open joins its row to the next one, so that there are fewer.
    whole = len(found) == len(raws) and all(len(fields) == len(COLUMNS) for fields in found)
    return found if whole else None


_DROPPED = tuple(PLACE[name] for name in DROPPED)


def redacted(raw: bytes) -> tuple[bytes, list[str]]:
    """The row without social security and licence numbers, and its fields: by column, or by pattern where it has no
    columns, and then the fields are those of the row as it came.

    Redacting twice gives the same as once.
    """
    fields = split(raw.decode("latin-1"))
    if len(fields) != len(COLUMNS):
        return redacted_text(raw), fields
    return redacted_fields(raw, fields, _DROPPED, ",", '"'), fields
