"""What one person's rows, or one case's lines, make at intake: records, and what was refused."""

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.records import SourceRecord
from services.evaluation.files.feed_as_cases import laid_out_case
from services.evaluation.files.index import InputFile, Piece
from services.evaluation.processes.records_on_disk import Encoded
from services.ingest.core.counties import CountyIntake
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.rows import Encoding, is_header, lines, redacted
from services.ingest.core.doj.file.unit import Place, ReadUnit, RefusedRow
from services.ingest.core.doj.parse_rows import RowOptions, parse_rows, row_options
from services.ingest.core.files.file_lines import in_file
from services.ingest.core.files.physical_lines import on_one_line
from services.ingest.core.intake_decision import IntakeDecision, StoredRecord, decide
from services.ingest.core.message import NOTHING_SAID, Metadata, SourceMessage
from services.ingest.core.parse import Profiles, parse
from services.ingest.core.parsed import Parsed, ParsedCase, ParsedRows, Unparseable
from services.ingest.core.profile.feed_units import unit_metadata
from services.ingest.core.source_location import row_location

_OF_NOBODY = row_location(None).problem(
    "subject_id_missing", "a row with this person's CII number names no person", "correct it at its source"
)


class Refusal(NamedTuple):
    """A problem and where it is told: file, number of the first row of its person there, place among those."""

    file: int
    first: int
    place: int
    problem: Problem


class _Part(NamedTuple):
    """A person's rows in one file; ``first`` is the number of the first one."""

    file: int
    first: int
    parsed: Parsed


@dataclass(slots=True)
class Taken:
    """``rows``: DOJ's rows and court cases that are in the records, ``repeats``: that the records had already."""

    records: list[SourceRecord] = field(default_factory=list)
    encoded: list[Encoded] = field(default_factory=list)
    """The same records, as they wait on disk."""
    refused: list[Refusal] = field(default_factory=list)
    rows: int = 0
    repeats: int = 0

    def add(self, record: SourceRecord, encoded: bytes | None) -> None:
        """Adds a record; ``encoded`` as JSON, None: not yet."""
        self.records.append(record)
        self.encoded.append((record.source, encoded or record.to_json()))


@dataclass(slots=True)
class FileIntake:
    """The intake of one county, and what is said of every file that comes through it."""

    intake: CountyIntake
    received_on: date
    metadata: Metadata = NOTHING_SAID
    profiles: Profiles = field(default_factory=dict)
    _said: RowOptions | Unparseable = field(init=False)

    def __post_init__(self) -> None:
        self._said = row_options(self.metadata, self.received_on)

    @property
    def encoding(self) -> Encoding:
        """How the rows' bytes are read."""
        return self._said.encoding if isinstance(self._said, RowOptions) else "utf-8"

    def take(
        self,
        members: Sequence[Sequence[Piece]],
        files: Sequence[InputFile],
        opened: Sequence[int],
        nobodys: frozenset[str] = frozenset(),
    ) -> list[Taken]:
        """The records that the pieces of each member make, in order of files and rows; ``opened`` descriptors.
        ``nobodys``: CII numbers of refused rows that name no person, whose sheets are incomplete without them.

        The rows of all persons are parsed before the first one is decided on: a processor's caches hold the code of
        one step, and not of all.
        """
        parsed = [self._parse(pieces, files, opened) for pieces in members]
        return [
            self._cases(pieces, files, opened)
            if of_person is None
            else self._person(of_person, pieces, files, opened, nobodys)
            for pieces, of_person in zip(members, parsed, strict=True)
        ]

    def _parse(
        self, pieces: Sequence[Piece], files: Sequence[InputFile], opened: Sequence[int]
    ) -> list[_Part] | None:
        """The rows of one person in each file; None: they are a court's cases."""
        if files[pieces[0].file].source == "court":
            return None
        found = []
        for file, of_file in groupby(pieces, key=lambda piece: piece.file):
            rows = [row for piece in of_file for row in _unit_rows(piece, files[file], opened[file])]
            found.append(_Part(file, rows[0].number or 0, self._read(rows, files[file].sha256)))
        return found

    def _person(
        self,
        parsed: Iterable[_Part],
        pieces: Sequence[Piece],
        files: Sequence[InputFile],
        opened: Sequence[int],
        nobodys: frozenset[str],
    ) -> Taken:
        """All rows of a person are united first and decided on once: how they are split over files does not matter."""
        taken = Taken()
        parts: dict[str, list[tuple[int, int, ParsedRows]]] = {}
        for file, first, found in parsed:
            if isinstance(found, ParsedRows):
                parts.setdefault(found.record_id, []).append((file, first, found))
            elif isinstance(found, Unparseable):
                _refuse(taken, file, first, found.problems)
        for of_person in parts.values():
            self._decide(taken, of_person, nobodys)
        taken.refused = [_with_line(one, pieces, files, opened) for one in taken.refused]
        return taken

    def _read(self, rows: list[UnitRow], sha256: str) -> Parsed:
        if isinstance(self._said, Unparseable):
            return self._said
        if not all(row.raw.isascii() for row in rows):
            # As they would be sent: what stands in the place of a redacted number moves the bytes behind it.
            rows = [row._replace(raw=redacted(row.raw)[0]) for row in rows]
        return parse_rows(rows, self._said, sha256)

    def _decide(
        self, taken: Taken, parts: Sequence[tuple[int, int, ParsedRows]], nobodys: frozenset[str]
    ) -> None:
        file, first, parsed = parts[0]
        if len(parts) > 1:
            parsed = replace(parsed, unit=_united([part.unit for _, _, part in parts]))
        if nobodys:
            parsed = replace(parsed, unit=_lacking(parsed.unit, nobodys))
        united = parsed.unit
        decision = decide(None, parsed, self.intake, self.received_on)
        if decision.event is not None:
            taken.add(decision.event, decision.encoded)
            taken.rows += len(united.rows)
        of_rows = len(united.refused)
        own = decision.problems[: len(decision.problems) - of_rows]
        _refuse(taken, file, first, own)
        for file, first, parsed in parts:
            _refuse(taken, file, first, (row.problem for row in parsed.unit.refused))

    def _cases(self, pieces: Iterable[Piece], files: Sequence[InputFile], opened: Sequence[int]) -> Taken:
        taken = Taken()
        stored: dict[str, StoredRecord] = {}
        newest: dict[str, IntakeDecision] = {}
        for piece in pieces:
            raw = os.pread(opened[piece.file], piece.length, piece.offset).removesuffix(b"\n")
            sha256, profile = files[piece.file].sha256, files[piece.file].profile
            metadata = Metadata(format="court", rows=(piece.first,), file_sha256=sha256)
            if profile:
                unit = laid_out_case(raw)
                metadata, raw = unit_metadata(self.profiles[profile], unit, sha256), unit.value
            message = SourceMessage("", self.intake.county, metadata, raw)
            parsed = parse(message, self.intake, self.received_on, self.profiles)
            if not isinstance(parsed, ParsedCase):
                problems = parsed.problems if isinstance(parsed, Unparseable) else ()
                _refuse(taken, piece.file, piece.first, in_file(problems, metadata.line_offset))
                continue
            decision = decide(stored.get(parsed.record_id), parsed, self.intake, self.received_on)
            if decision.stored is not None:
                stored[parsed.record_id] = decision.stored
            if decision.event is not None:
                newest[decision.event.key()] = decision
            taken.rows += decision.status == "recorded"
            taken.repeats += decision.status == "repeat"
            _refuse(taken, piece.file, piece.first, in_file(decision.problems, metadata.line_offset))
        for decision in newest.values():
            if decision.event is not None:
                taken.add(decision.event, decision.encoded)
        return taken


def _united(units: Sequence[ReadUnit]) -> ReadUnit:
    return ReadUnit(
        tuple(row for unit in units for row in unit.rows),
        tuple(row for unit in units for row in unit.refused),
        frozenset().union(*(unit.digests for unit in units)),
    )


def _lacking(unit: ReadUnit, nobodys: frozenset[str]) -> ReadUnit:
    """The unit with a refused row for each CII number of its person that a row of nobody has. The row itself is told
    where it stands."""
    lacking = sorted({placed.row.cii_number.upper() for placed in unit.rows} & nobodys)
    rows = (RefusedRow(_OF_NOBODY, b"", Place(), f"nobody's {number}") for number in lacking)
    return unit._replace(refused=(*unit.refused, *rows))


def _refuse(taken: Taken, file: int, first: int, problems: Iterable[Problem]) -> None:
    for problem in problems:
        taken.refused.append(Refusal(file, first, len(taken.refused), problem))


def _with_line(
    refusal: Refusal, pieces: Sequence[Piece], files: Sequence[InputFile], opened: Sequence[int]
) -> Refusal:
    """The refusal with the line of its row, where that is among the pieces."""
    row = refusal.problem.row or 0
    for piece in pieces:
        if piece.file == refusal.file and piece.first <= row < piece.first + piece.rows:
            line = piece.line
            if piece.rows > 1:
                there = lines(io.BytesIO(_raw(piece, files[piece.file], opened[piece.file])))
                line += next(one.line for one in there if one.number > row - piece.first) - 1
            return refusal._replace(problem=refusal.problem.at_line(line))
    return refusal


def _raw(piece: Piece, file: InputFile, opened: int) -> bytes:
    raw = os.pread(opened, piece.length, piece.offset)
    return raw.replace(b"\r", b"\n") if file.carriage_returns else raw


def _unit_rows(piece: Piece, file: InputFile, opened: int) -> Iterator[UnitRow]:
    raw = _raw(piece, file, opened)
    if piece.rows == 1:
        yield UnitRow(on_one_line(raw), piece.first, piece.fault)
        return
    rows = [row for line in raw.split(b"\n") if (row := line.rstrip(b"\r")).strip() and not is_header(row)]
    if len(rows) != piece.rows:  # line ends stand inside of quotes
        rows = [line.raw for line in lines(io.BytesIO(raw))]
    for number, row in enumerate(rows, piece.first):
        yield UnitRow(row, number)
