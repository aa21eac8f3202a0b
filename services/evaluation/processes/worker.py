"""What one worker does with its share of the files: index a part, judge who is alone, judge who is linked."""

import os
import pickle
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import SourceRecord
from services.evaluation.files.file_intake import FileIntake, Refusal
from services.evaluation.files.index import ChunkIndex, InputFile, Piece, index_chunk
from services.evaluation.linkage.components import hashed, hashed_identifiers
from services.evaluation.linkage.resemblance import Alike, compare, describe
from services.evaluation.processes.records_on_disk import WrittenAt, read_records, records_file, write_records
from services.evaluation.statements import NOTHING_STATED, Statements, hashed_statements, naming
from services.reconciliation.linkage.conviction.histories import histories
from services.reconciliation.linkage.identity.components import keys_of
from services.reconciliation.linkage.identity.identifiers import Identifier
from services.reconciliation.weights_file import load_model

Task = Callable[[HistoryChanged], Any]


class Setting(NamedTuple):
    """What all jobs share. ``folder`` is for what one step leaves to the next."""

    intake: FileIntake
    files: tuple[InputFile, ...]
    task: Task
    folder: Path
    statements: Statements = NOTHING_STATED


class Part(NamedTuple):
    """A part of a file to index."""

    file: int
    start: int
    end: int


class People(NamedTuple):
    """Members to read, with their pieces. ``wait``: some may be linked to others, so that none is judged yet."""

    number: int
    members: Sequence[int]
    pieces: Sequence[Sequence[Piece]]
    wait: bool


class PeopleRead(NamedTuple):
    """What became of ``People``; ``identifiers`` member by member, and ``written``: from which byte on its records
    stand in this job's file. The results of the judged are in a file."""

    identifiers: list[list[int]]
    written: list[int]
    refused: list[Refusal]
    rows: int
    repeats: int


class Linked(NamedTuple):
    """Groups of members that may be one person's."""

    groups: Sequence[Sequence[WrittenAt]]


def index_part(setting: Setting, part: Part) -> ChunkIndex:
    """The index of a part of a file."""
    return index_chunk(setting.files[part.file], part.start, part.end, setting.intake.encoding)


def read_people(setting: Setting, people: People) -> PeopleRead:
    """Builds the records of members and, unless they wait, judges each alone.

    This is wasted for members that turn out to share an identifier; among rap sheets alone these are few.
    """
    opened = _opened(tuple(file.path for file in setting.files))
    done = PeopleRead([], [], [], 0, 0)
    rows = repeats = 0
    results: list[tuple[int, list[Any]]] = []
    described: list[tuple[int, list[SourceRecord]]] = []
    with records_file(setting.folder, people.number).open("wb") as written:
        for member, pieces in zip(people.members, people.pieces, strict=True):
            taken = setting.intake.take(pieces, setting.files, opened)
            done.refused.extend(taken.refused)
            rows, repeats = rows + taken.rows, repeats + taken.repeats
            done.identifiers.append([one for record in taken.records for one in _shared(setting, record)])
            done.written.append(write_records(written, taken.encoded))
            if people.wait:
                described.append((member, taken.records))
            elif taken.records:
                stated = naming(setting.statements, taken.records)
                found = histories(taken.records, statements=stated)
                results.append((member, [setting.task(one) for one in found]))
    if described:
        describe(setting.folder, described)
    with results_file(setting.folder, people.number).open("wb") as file:
        pickle.dump(results, file, pickle.HIGHEST_PROTOCOL)
    return done._replace(rows=rows, repeats=repeats)


def compare_bucket(setting: Setting, bucket: int) -> Alike:
    """The waiting members that must be judged together although they share no identifier."""
    return compare(setting.folder, bucket)


def judge_linked(setting: Setting, linked: Linked) -> list[Any]:
    """The results of groups, in their order, now that all records of each are known."""
    found = []
    for group in linked.groups:
        records = [record for written in group for record in read_records(setting.folder, written)]
        oversized = frozenset(key for record in records for key in _oversized_keys(setting.folder, record))
        stated = naming(setting.statements, records)
        given = histories(records, oversized, load_model(), statements=stated)
        found += [setting.task(one) for one in given]
    return found


def results_file(folder: Path, number: int) -> Path:
    """Where ``read_people`` leaves results: (member, its results), in order."""
    return folder / f"results-{number}"


def oversized_file(folder: Path) -> Path:
    """Where the keys that too many records hold stand, sorted, 8 bytes each; written before ``judge_linked``."""
    return folder / "oversized"


def _shared(setting: Setting, record: SourceRecord) -> list[int]:
    """What brings a record together with others: identifiers, and statements that name them too."""
    return [*hashed_identifiers(record), *hashed_statements(setting.statements, record)]


def _oversized_keys(folder: Path, record: SourceRecord) -> Iterator[Identifier]:
    oversized = _oversized(folder)
    for key in keys_of(record) if oversized else ():
        at = bisect_left(oversized, number := hashed(key))
        if at < len(oversized) and oversized[at] == number:
            yield key


@cache
def _oversized(folder: Path) -> "array[int]":
    found = array("Q")
    found.frombytes(oversized_file(folder).read_bytes())
    return found


@cache
def _opened(paths: tuple[Path, ...]) -> tuple[int, ...]:
    return tuple(os.open(path, os.O_RDONLY) for path in paths)
