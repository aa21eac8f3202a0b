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
from services.evaluation.statements import NOTHING_STATED, Statements, applied_in, hashed_statements, naming
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


class Judged(NamedTuple):
    """What the task made of histories. ``applied``: whether they have facts of each statement given."""

    results: list[Any]
    applied: dict[str, bool]


class Linked(NamedTuple):
    """Groups of members that may be one person's."""

    groups: Sequence[Sequence[WrittenAt]]


def index_part(setting: Setting, part: Part) -> ChunkIndex:
    """The index of a part of a file."""
    return index_chunk(setting.files[part.file], part.start, part.end, setting.intake.encoding)


def read_people(setting: Setting, people: People) -> PeopleRead:
    """Builds the records of members and, unless they wait, judges each alone.

    This is wasted for members that turn out to share an identifier; among rap sheets alone these are few. Each step is
    done for all members before the next one: a processor's caches hold the code of one step, and not of all.
    """
    opened = _opened(tuple(file.path for file in setting.files))
    taken = setting.intake.take(people.pieces, setting.files, opened, _nobodys(setting.folder))
    with records_file(setting.folder, people.number).open("wb") as file:
        written = [write_records(file, one.encoded) for one in taken]
    identifiers = [[key for record in one.records for key in _shared(setting, record)] for one in taken]
    recorded = [
        (member, one.records) for member, one in zip(people.members, taken, strict=True) if one.records
    ]
    results: list[tuple[int, Judged]] = []
    if people.wait:
        describe(setting.folder, recorded)
    else:
        stated = [naming(setting.statements, records) for _, records in recorded]
        found = [
            list(histories(records, statements=given))
            for (_, records), given in zip(recorded, stated, strict=True)
        ]
        judged = [list(map(setting.task, of_member)) for of_member in found]
        applied = map(applied_in, stated, found)
        members = (member for member, _ in recorded)
        results = list(zip(members, map(Judged, judged, applied), strict=True))
    with results_file(setting.folder, people.number).open("wb") as file:
        pickle.dump(results, file, pickle.HIGHEST_PROTOCOL)
    return PeopleRead(
        identifiers,
        written,
        [refusal for one in taken for refusal in one.refused],
        sum(one.rows for one in taken),
        sum(one.repeats for one in taken),
    )


def compare_bucket(setting: Setting, bucket: int) -> Alike:
    """The waiting members that must be judged together although they share no identifier."""
    return compare(setting.folder, bucket)


def judge_linked(setting: Setting, linked: Linked) -> Judged:
    """The results of groups, in their order, now that all records of each are known."""
    found: list[HistoryChanged] = []
    applied: dict[str, bool] = {}
    for group in linked.groups:
        records = [record for written in group for record in read_records(setting.folder, written)]
        oversized = frozenset(key for record in records for key in _oversized_keys(setting.folder, record))
        stated = naming(setting.statements, records)
        of_group = list(histories(records, oversized, load_model(), statements=stated))
        applied.update(applied_in(stated, of_group))
        found += of_group
    return Judged(list(map(setting.task, found)), applied)


def results_file(folder: Path, number: int) -> Path:
    """Where ``read_people`` leaves results: (member, its results), in order."""
    return folder / f"results-{number}"


def oversized_file(folder: Path) -> Path:
    """Where the keys that too many records hold stand, sorted, 8 bytes each; written before ``judge_linked``."""
    return folder / "oversized"


def nobodys_file(folder: Path) -> Path:
    """Where the CII numbers stand of rows whose SUBJECT_ID names nobody, one a line; written before ``read_people``."""
    return folder / "nobodys"


@cache
def _nobodys(folder: Path) -> frozenset[str]:
    return frozenset(nobodys_file(folder).read_text(encoding="utf-8").split("\n")) - {""}


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
