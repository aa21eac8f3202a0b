"""Records between the step that builds them and the step that judges them: on disk, so that each is built only once and
none stays in memory."""

import pickle
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord

_MODELS: dict[str, type[RapSheetRecorded | CaseRecorded]] = {"doj": RapSheetRecorded, "court": CaseRecorded}


Encoded = tuple[str, bytes]
"""A record's source, and the record as JSON."""


class WrittenAt(NamedTuple):
    """Where the records of one member stand: in the file of which job, from which byte."""

    job: int
    at: int


class Written:
    """Where each member's records stand, in some bytes for each."""

    def __init__(self) -> None:
        self._jobs, self._at = array("L"), array("Q")

    def add(self, job: int, at: Sequence[int]) -> None:
        """The next members, whose records one job wrote."""
        self._jobs.extend([job] * len(at))
        self._at.extend(at)

    def of(self, member: int) -> WrittenAt:
        """Where a member's records stand."""
        return WrittenAt(self._jobs[member], self._at[member])


def records_file(folder: Path, job: int) -> Path:
    """Where the records of one job stand."""
    return folder / f"records-{job}"


def write_records(file: BinaryIO, records: Sequence[Encoded]) -> int:
    """Writes the records of one member; returns from which byte on they stand."""
    at = file.tell()
    pickle.dump(list(records), file, pickle.HIGHEST_PROTOCOL)
    return at


def read_records(folder: Path, written: WrittenAt) -> list[SourceRecord]:
    """The records as they were written. The bytes are our own: read only from a folder that nobody else writes."""
    with records_file(folder, written.job).open("rb") as file:
        file.seek(written.at)
        found = pickle.load(file)  # noqa: S301 - written above, in a folder of our own
    return [_MODELS[source].from_json(text) for source, text in found]
