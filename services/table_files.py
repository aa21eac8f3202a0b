"""Rows of a table as a spreadsheet wrote it: CSV in its usual spellings, or XLSX. Pure."""

import csv
import io
import zipfile
from datetime import date, datetime
from itertools import islice
from typing import Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ARCHIVE: Final = b"PK\x03\x04"
"""How an XLSX file begins: it is a ZIP archive."""
LARGEST_INFLATED: Final = 64 * 1024 * 1024
"""Bytes that the parts of an XLSX file may come to: 12,000 lines of an order have some 10 million."""
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
"""Of an XLSX file; what lies beyond is not read."""
csv.field_size_limit(2**20)  # a long cell costs its own line, and not the table


class UnreadableTable(Exception):
    """It is no table; the text says why, and what to send instead."""


def table_rows(body: bytes) -> list[list[str]]:
    """The rows that have something in them, each cell as text: a day as YYYY-MM-DD, a whole number without a fraction.

    Of an XLSX file its first sheet. Raises UnreadableTable.
    """
    rows = _of_xlsx(body) if body.startswith(ARCHIVE) else _of_csv(body)
    return [cut for row in rows if (cut := _cut(row))]


def _of_csv(body: bytes) -> list[list[str]]:
    text = _text(body)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise UnreadableTable(
            "The body is no CSV: one header line, then a line each, fields after RFC 4180."
        ) from None


def _text(body: bytes) -> str:
    """As a spreadsheet writes it: UTF-8 or UTF-16 with its mark, else Windows' Western table."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _of_xlsx(body: bytes) -> list[list[str]]:
    from openpyxl import load_workbook  # type: ignore[import-untyped] # not above: only files need it

    try:
        inflated = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(body)).infolist())
        if inflated <= LARGEST_INFLATED:
            sheet = load_workbook(io.BytesIO(body), read_only=True, data_only=True).worksheets[0]
            sheet.reset_dimensions()  # a file may say any
            return [[_cell(value) for value in row[:MOST_COLUMNS]] for row in islice(sheet.values, MOST_ROWS)]
    except Exception:  # of a damaged file openpyxl raises whatever its parts ran into
        raise UnreadableTable(
            "The file is no XLSX workbook that can be read: save the table as CSV, and send that."
        ) from None
    raise UnreadableTable("The workbook is too large: save its first sheet as CSV, and send that.")


def _cut(row: list[str]) -> list[str]:
    """Without empty cells at its end, with which a spreadsheet fills rows up."""
    filled = [place for place, cell in enumerate(row, 1) if cell.strip()]
    return row[: filled[-1]] if filled else []


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
