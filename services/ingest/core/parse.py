"""A message to what it says: a person's rows, a court's case, or why it is neither. Pure."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.court_case import CourtCase
from reliefstream_contracts.receipts import Problem
from services.ingest.core.counties import CountyIntake
from services.ingest.core.court.cases import Unread, problems_of
from services.ingest.core.court.strict_json import SIZE_LIMIT, read_case
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.rows import Encoding, is_header, split, subject_of
from services.ingest.core.doj.file.rows import lines as rows_in
from services.ingest.core.doj.file.unit import Place, ReadUnit, read_unit
from services.ingest.core.doj.file.uniting import extract_number
from services.ingest.core.doj.file.withheld import withheld
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.physical_lines import BOM
from services.ingest.core.profile.case import SentCase, SentUnit, read_sent_case, where_is
from services.ingest.core.profile.profile import Profile
from services.ingest.core.where import MESSAGE, Where, header_where, line_where

_ENCODINGS: dict[str, Encoding] = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
}


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Rows of one person; ``record_id`` is the SUBJECT_ID. Some of the rows may be refused."""

    record_id: str
    extract: int
    unit: ReadUnit
    withheld: tuple["ReadRows", ...] = ()
    """Other persons whom refused rows name: their histories lack them, too."""


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case that can be recorded."""

    record_id: str
    case: CourtCase
    place: Place
    unread: tuple[Unread, ...] = ()
    """What the county's profile lets be unknown."""
    profile: str = ""
    """The fingerprint of the profile that it was read by; empty for the strict JSON."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing of it can be recorded."""

    problems: tuple[Problem, ...]
    withheld: tuple[ReadRows, ...] = ()
    """Of DOJ's rows: each person whose history lacks them, all of its rows among the refused."""


Reading = ReadRows | ReadCase | Unreadable


class SaidOfRows(NamedTuple):
    """What a sender says of DOJ's rows."""

    extract: int
    encoding: Encoding


Profiles = Mapping[str, Profile]
NO_PROFILES: Profiles = {}

EXTRACT_IS_DATE = 9_999_999  # a number above it is read as a date, YYYYMMDD


def read(
    message: SourceMessage, intake: CountyIntake, received_on: date, profiles: Profiles = NO_PROFILES
) -> Reading:
    """What a message says. Never raises. ``profiles``: the county's own feeds by name."""
    form = message.metadata.format
    if form == "doj":
        return _rows(message, received_on)
    if form == "court":
        name = message.metadata.profile
        if name and name not in profiles:
            return _unreadable(
                "unknown_profile",
                header_where("profile"),
                "the county has no profile of this name",
                f"send one of {', '.join(sorted(profiles)) or 'none (the strict JSON)'}, or add its file",
            )
        return _case(message, intake, received_on, profiles.get(name))
    unknown = _unreadable(
        "missing_format_header" if not form else "unknown_format",
        header_where("format"),
        "the message does not say what it is" if not form else "no such format",
        "send the header format: doj (rows of one person) or court (one case in JSON)",
    )
    lines = [line for line in _lines(message) if len(split(line.decode("latin-1"))) == len(COLUMNS)]
    return _withholding(unknown, message, lines, "", received_on)


def _unreadable(code: str, where: Where, what: str, remedy: str) -> Unreadable:
    return Unreadable((where.problem(code, what, remedy),))


def _too_long(message: SourceMessage) -> bool:
    return "row_too_long" in message.metadata.row_faults.values()


def _place(message: SourceMessage, number: int | None) -> Place | Unreadable:
    sha = message.metadata.file_sha256
    if sha and not re.fullmatch(r"[0-9a-f]{64}", sha):
        return _unreadable(
            "invalid_header",
            header_where("file_sha256"),
            "this is not a SHA-256 in hexadecimal",
            "send 64 hexadecimal digits, or leave the header out",
        )
    return Place(sha, number) if sha and number else Place()


def _case(
    message: SourceMessage, intake: CountyIntake, received_on: date, profile: Profile | None
) -> Reading:
    if profile is not None:
        return _profiled(message, intake, received_on, profile)
    number = message.metadata.rows[0] if message.metadata.rows else None
    place = _place(message, number)
    if isinstance(place, Unreadable):
        return place
    where = line_where(number)
    if _too_long(message):
        return _unreadable(
            "case_too_large",
            where,
            f"the case is longer than {SIZE_LIMIT:,} bytes",
            "send one case in each JSON object",
        )
    case = read_case(message.value, where)
    if not isinstance(case, CourtCase):
        return Unreadable(case)
    problems = problems_of(case, intake, received_on, where)
    return Unreadable(problems) if problems else ReadCase(case.record_id, case, place)


def _profiled(message: SourceMessage, intake: CountyIntake, received_on: date, profile: Profile) -> Reading:
    """A case as the county's own feed writes it."""
    numbers = message.metadata.rows
    place = _place(message, numbers[0] if numbers else None)
    if isinstance(place, Unreadable):
        return place
    where = where_is(profile, numbers)
    if _too_long(message) or len(message.value) > SIZE_LIMIT:
        return _unreadable(
            "case_too_large",
            where,
            f"the case, or a row of it, is longer than {SIZE_LIMIT:,} bytes",
            "look for a missing line end, and for what the profile takes as one case (case_by)",
        )
    found = read_sent_case(profile, SentUnit(message.value, numbers), received_on)
    if not isinstance(found, SentCase):
        return Unreadable(found)
    problems = problems_of(found.case, intake, received_on, where)
    return (
        Unreadable(problems)
        if problems
        else ReadCase(found.case.record_id, found.case, place, found.unread, profile.fingerprint)
    )


def _rows(message: SourceMessage, received_on: date) -> Reading:
    lines = _lines(message)
    found = _rows_as_said(message, lines, received_on)
    if isinstance(found, Unreadable):
        return _withholding(found, message, lines, message.key, received_on)
    return found


def _lines(message: SourceMessage) -> list[bytes]:
    found = message.value.removeprefix(BOM).split(b"\n")
    if any(line.count(b'"') % 2 or b"\r" in line for line in found):
        return [line.raw for line in rows_in(io.BytesIO(message.value))]
    return [line for line in found if line.strip() and not is_header(line)]


def _withholding(
    refused: Unreadable, message: SourceMessage, lines: Sequence[bytes], sender_says: str, received_on: date
) -> Unreadable:
    """A refusal that tells whose rows of which extract it keeps back, as far as they can be told."""
    extract = _extract(message.metadata, received_on)
    if isinstance(extract, Unreadable):
        return refused
    units = withheld(map(UnitRow, lines), refused.problems, sender_says)
    return replace(refused, withheld=_lacking(units, extract))


def _rows_as_said(message: SourceMessage, lines: Sequence[bytes], received_on: date) -> Reading:
    said = said_of_rows(message.metadata, received_on)
    if isinstance(said, Unreadable):
        return said
    place = _place(message, 1)
    if isinstance(place, Unreadable):
        return place
    if not lines:
        return _unreadable("empty", MESSAGE, "there is no row in it", "send the rows of one person")
    numbers = message.metadata.rows
    if "rows" in message.metadata.unread or (numbers and len(numbers) != len(lines)):
        return _unreadable(
            "invalid_header",
            header_where("rows"),
            f"it does not number the {len(lines)} rows of the message",
            "send the row's numbers in the file, with commas, or leave the header out",
        )
    faults = message.metadata.row_faults
    rows = [
        UnitRow(line, number, faults.get(number) if number else None)
        for line, number in zip(lines, numbers or [None] * len(lines), strict=True)
    ]
    return read_rows(rows, said, place.file_sha256, again=message.resubmitted is not None)


def said_of_rows(metadata: Metadata, received_on: date) -> SaidOfRows | Unreadable:
    """What the sender says of rows, or which header is wrong."""
    extract = _extract(metadata, received_on)
    if isinstance(extract, Unreadable):
        return extract
    encoding = _ENCODINGS.get(metadata.encoding.strip().lower() or "utf-8")
    if encoding is None:
        return _unreadable(
            "invalid_header", header_where("encoding"), "no such encoding here", "send utf-8 or latin-1"
        )
    return SaidOfRows(extract, encoding)


def _extract(metadata: Metadata, received_on: date) -> int | Unreadable:
    extract = extract_number(metadata.extract)
    if extract is None:
        return _unreadable(
            "invalid_header",
            header_where("extract"),
            "an extract is a date (YYYY-MM-DD) or a number",
            "send --extract DATE, or leave it out",
        )
    if extract > EXTRACT_IS_DATE and extract > int(f"{received_on:%Y%m%d}"):
        return _unreadable(
            "date_in_the_future",
            header_where("extract"),
            "the extract is of a day that has not come: it would shut out every extract until then",
            "correct --extract DATE",
        )
    return extract


def read_rows(
    rows: Iterable[UnitRow], said: SaidOfRows, file_sha256: str | None, *, again: bool = False
) -> ReadRows | Unreadable:
    """What rows of one person say. ``again``: they were refused before."""
    extract, encoding = said
    unit = read_unit(rows, encoding, file_sha256, again=again)
    subjects = {row.subject_id for row, _ in unit.rows}
    if len(subjects) > 1:
        return _unreadable(
            "several_subjects",
            Where(column="SUBJECT_ID"),
            f"the message has rows of {len(subjects)} persons",
            "send one message for each SUBJECT_ID, or the whole file: reliefstream submit",
        )
    if not subjects:
        key = _subject_of_refused(unit)
        return ReadRows(key, extract, unit) if key else Unreadable(tuple(r.problem for r in unit.refused))
    subject = subjects.pop()
    strange = [row for row in unit.refused if subject_of(row.raw) != subject]
    if not strange:
        return ReadRows(subject, extract, unit)
    others = withheld((UnitRow(row.raw) for row in strange), [strange[0].problem])
    return ReadRows(subject, extract, unit, _lacking(others, extract, but=subject))


def _lacking(units: Mapping[str, ReadUnit], extract: int, *, but: str = "") -> tuple[ReadRows, ...]:
    return tuple(ReadRows(name, extract, unit) for name, unit in units.items() if name != but)


def _subject_of_refused(unit: ReadUnit) -> str:
    """Whose history is incomplete, when no row could be read but all name the same person."""
    named = {subject_of(row.raw) for row in unit.refused}
    found = named.pop() if len(named) == 1 else ""
    return found if len(found) <= 60 and found.isprintable() else ""
