"""Parses a message of DOJ's rows, or says why nothing of it can be recorded. Pure; never raises."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.rows import Encoding, is_header, split, subject_of
from services.ingest.core.doj.file.rows import lines as rows_in
from services.ingest.core.doj.file.unit import ReadUnit, read_unit
from services.ingest.core.doj.file.uniting import extract_number
from services.ingest.core.doj.file.withheld import withheld
from services.ingest.core.files.physical_lines import BOM
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.parsed import Parsed, ParsedRows, Unparseable, place_in_file, unparseable
from services.ingest.core.source_location import MESSAGE, SourceLocation, header_location

_ENCODINGS: dict[str, Encoding] = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
}


EXTRACT_IS_DATE = 9_999_999  # a number above it is read as a date, YYYYMMDD


class RowOptions(NamedTuple):
    """How the sender says that DOJ's rows are to be read."""

    extract: int
    encoding: Encoding


def parse_rap_sheet(message: SourceMessage, received_on: date) -> Parsed:
    """The parsed rows of a message of one person."""
    lines = _lines(message)
    found = _rows_as_said(message, lines, received_on)
    if isinstance(found, Unparseable):
        return _withholding(found, message, lines, message.key, received_on)
    return found


def withholding_rap_sheets(refused: Unparseable, message: SourceMessage, received_on: date) -> Unparseable:
    """A refused message of unknown format, with the DOJ rows that it withholds if it holds any."""
    lines = [line for line in _lines(message) if len(split(line.decode("latin-1"))) == len(COLUMNS)]
    return _withholding(refused, message, lines, "", received_on)


def _lines(message: SourceMessage) -> list[bytes]:
    found = message.value.removeprefix(BOM).split(b"\n")
    if any(line.count(b'"') % 2 or b"\r" in line for line in found):
        return [line.raw for line in rows_in(io.BytesIO(message.value))]
    return [line for line in found if line.strip() and not is_header(line)]


def _withholding(
    refused: Unparseable, message: SourceMessage, lines: Sequence[bytes], sender_says: str, received_on: date
) -> Unparseable:
    """A refusal with the rows that it withholds, by person and extract, as far as these are known."""
    extract = _extract(message.metadata, received_on)
    if isinstance(extract, Unparseable):
        return refused
    units = withheld(map(UnitRow, lines), refused.problems, sender_says)
    return replace(refused, withheld=_lacking(units, extract))


def _rows_as_said(message: SourceMessage, lines: Sequence[bytes], received_on: date) -> Parsed:
    said = row_options(message.metadata, received_on)
    if isinstance(said, Unparseable):
        return said
    place = place_in_file(message.metadata, 1)
    if isinstance(place, Unparseable):
        return place
    if not lines:
        return unparseable("empty", MESSAGE, "there is no row in it", "send the rows of one person")
    numbers = message.metadata.rows
    if "rows" in message.metadata.unread or (numbers and len(numbers) != len(lines)):
        return unparseable(
            "invalid_header",
            header_location("rows"),
            f"it does not number the {len(lines)} rows of the message",
            "send the row's numbers in the file, with commas, or leave the header out",
        )
    faults = message.metadata.row_faults
    rows = [
        UnitRow(line, number, faults.get(number) if number else None)
        for line, number in zip(lines, numbers or [None] * len(lines), strict=True)
    ]
    return parse_rows(rows, said, place.file_sha256, again=message.resubmitted is not None)


def row_options(metadata: Metadata, received_on: date) -> RowOptions | Unparseable:
    """The options that the metadata state, or which header is wrong."""
    extract = _extract(metadata, received_on)
    if isinstance(extract, Unparseable):
        return extract
    encoding = _ENCODINGS.get(metadata.encoding.strip().lower() or "utf-8")
    if encoding is None:
        return unparseable(
            "invalid_header", header_location("encoding"), "no such encoding here", "send utf-8 or latin-1"
        )
    return RowOptions(extract, encoding)


def _extract(metadata: Metadata, received_on: date) -> int | Unparseable:
    extract = extract_number(metadata.extract)
    if extract is None:
        return unparseable(
            "invalid_header",
            header_location("extract"),
            "an extract is a date (YYYY-MM-DD) or a number",
            "send --extract DATE, or leave it out",
        )
    if extract > EXTRACT_IS_DATE and extract > int(f"{received_on:%Y%m%d}"):
        return unparseable(
            "date_in_the_future",
            header_location("extract"),
            "the extract is of a day that has not come: it would shut out every extract until then",
            "correct --extract DATE",
        )
    return extract


def parse_rows(
    rows: Iterable[UnitRow], said: RowOptions, file_sha256: str | None, *, again: bool = False
) -> ParsedRows | Unparseable:
    """Parses the rows of one person. ``again``: they were refused before."""
    extract, encoding = said
    unit = read_unit(rows, encoding, file_sha256, again=again)
    subjects = {row.subject_id for row, _ in unit.rows}
    if len(subjects) > 1:
        return unparseable(
            "several_subjects",
            SourceLocation(column="SUBJECT_ID"),
            f"the message has rows of {len(subjects)} persons",
            "send one message for each SUBJECT_ID, or the whole file: reliefstream submit",
        )
    if not subjects:
        key = _subject_of_refused(unit)
        return ParsedRows(key, extract, unit) if key else Unparseable(tuple(r.problem for r in unit.refused))
    subject = subjects.pop()
    strange = [row for row in unit.refused if subject_of(row.raw) != subject]
    if not strange:
        return ParsedRows(subject, extract, unit)
    others = withheld((UnitRow(row.raw) for row in strange), [strange[0].problem])
    return ParsedRows(subject, extract, unit, _lacking(others, extract, but=subject))


def _lacking(units: Mapping[str, ReadUnit], extract: int, *, but: str = "") -> tuple[ParsedRows, ...]:
    return tuple(ParsedRows(name, extract, unit) for name, unit in units.items() if name != but)


def _subject_of_refused(unit: ReadUnit) -> str:
    """The person whose history is incomplete, when no row could be read but all name the same person."""
    named = {subject_of(row.raw) for row in unit.refused}
    found = named.pop() if len(named) == 1 else ""
    return found if len(found) <= 60 and found.isprintable() else ""
