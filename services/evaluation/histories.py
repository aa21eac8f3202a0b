"""Histories of everyone in a county's files, without a server, each given to a task.

Memory does not grow with what stands in the files, only by some bytes for each person (files/index.py,
linkage/components.py); workers read the files, and hold a parcel of people at a time.

1. The files are indexed: whose rows stand where.
2. Each person's rows, from all files, become a record by the rules of intake. If all input is rap sheets, each is
   judged at once: DOJ identifies its persons, and hardly any two are linked.
3. Persons that share an identifier, or one of whom may be a court's defendant by name and birth date
   (linkage/resemblance.py), are judged together.
"""

import pickle
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.receipts import Problem
from services.evaluation.files.feed_as_cases import is_doj, laid_out
from services.evaluation.files.file_intake import FileIntake, Refusal
from services.evaluation.files.index import ChunkIndex, Index, InputFile, chunks, open_input
from services.evaluation.linkage.components import Components
from services.evaluation.linkage.resemblance import BUCKETS
from services.evaluation.processes.records_on_disk import Written
from services.evaluation.processes.worker import (
    Judged,
    Linked,
    Part,
    People,
    Setting,
    compare_bucket,
    index_part,
    judge_linked,
    nobodys_file,
    oversized_file,
    read_people,
    results_file,
)
from services.evaluation.processes.workers import WORTH_A_PROCESS, Workers, cores
from services.evaluation.statements import NOTHING_STATED, Statements
from services.ingest.core.counties import CountyIntake
from services.ingest.core.doj.file.file_faults import no_row_fits
from services.ingest.core.message import NOTHING_SAID, Metadata
from services.ingest.core.parse import NO_PROFILES
from services.ingest.core.profile.profile import Profile

T = TypeVar("T")
Progress = Callable[[str, float], None]
"""Told what is being done, and which share of it is done, from 0 to 1."""

PARCEL = 1 << 18
"""Bytes of input that are read in one job."""
GROUPS = 100
"""Groups of linked people that are judged in one job."""


def silent(_: str, __: float) -> None:
    """A progress callback that shows nothing."""


class OfflineHistories:
    """DOJ files and court case files, told apart by content, read exactly as a service reads them."""

    def __init__(
        self,
        files: Sequence[Path],
        intake: CountyIntake,
        received_on: date,
        metadata: Metadata = NOTHING_SAID,
        *,
        profile: Profile | None = None,
        workers: int | None = None,
        progress: Progress = silent,
        statements: Statements = NOTHING_STATED,
    ) -> None:
        """``received_on``: the real day; what is dated later is refused, as a service would.

        ``metadata``: what is said of every file (``extract``, ``encoding``). ``profile``: how the county's court
        writes its files; None: our JSON. ``workers``: processes, one for each
        core by default; 1 is this process alone. ``statements``: what people stated of what stands in the files.
        """
        self.files = files
        self._profile = profile
        self._intake = FileIntake(
            intake, received_on, metadata, {profile.name: profile} if profile else NO_PROFILES
        )
        self._workers, self._progress, self._statements = workers or cores(), progress, statements
        self._refusals: list[Refusal] = []
        self._applied: dict[str, bool] = {}
        self.doj: list[tuple[Path, str]] = []
        """DOJ's files and their SHA-256; complete once ``map`` is through."""
        self.rows_read = self.rows_recorded = self.rows_repeated = 0
        """Data rows of DOJ's files and court cases; complete once ``map`` is through."""

    @property
    def refused(self) -> list[tuple[Path, Problem]]:
        """What was refused, in the order of files and rows, then of statements; complete once ``map`` is through."""
        stated = self._statements
        of_files = [(self.files[one.file], one.problem) for one in sorted(self._refusals, key=_place)]
        return [*of_files, *((stated.path, one) for one in (*stated.refused, *stated.unused(self._applied)))]

    def map(self, task: Callable[[HistoryChanged], T]) -> Iterator[T]:
        """``task`` of each person's history, in an order that the same files always give.

        ``task`` may run in another process: a top-level function, a partial of one, or an instance of a top-level
        class. Raises OSError, WorkerKilled.
        """
        with tempfile.TemporaryDirectory(prefix="reliefstream-") as folder:
            files = tuple(self._opened(number, Path(folder)) for number in range(len(self.files)))
            small = sum(file.size for file in files) < WORTH_A_PROCESS
            setting = Setting(self._intake, files, task, Path(folder), self._statements)
            with Workers(1 if small else self._workers, setting) as workers:
                yield from self._results(setting, workers)

    def _opened(self, number: int, folder: Path) -> InputFile:
        """A file that can be read; an empty one in place of a file that cannot."""
        path = self.files[number]
        own = self._profile if self._profile and not is_doj(path) else None
        found = laid_out(path, own, folder / f"feed-{number}") if own else open_input(path)
        if isinstance(found, Problem):
            self._refusals.append(Refusal(number, 0, 0, found))
            return InputFile(path, "doj", 0, "")
        if found.source == "doj":
            self.doj.append((path, found.sha256))
        return found

    def _results(self, setting: Setting, workers: Workers[Setting]) -> Iterator[Any]:
        index = self._index(setting, workers)
        nobodys_file(setting.folder).write_text("\n".join(sorted(index.nobodys)), encoding="utf-8")
        components = Components(len(index))
        wait = any(file.source == "court" for file in setting.files)
        jobs = list(_jobs(index))
        written = self._read(jobs, wait, index, workers, components)
        oversized = set(components.oversized())
        if wait:
            for number, alike in enumerate(workers.map(compare_bucket, range(BUCKETS)), 1):
                oversized.update(alike.oversized)
                for one, other in alike.pairs:
                    components.join(one, other)
                self._progress("comparing people", number / BUCKETS)
        oversized_file(setting.folder).write_bytes(array("Q", sorted(oversized)).tobytes())
        groups = components.linked()
        linked = {member for group in groups for member in group}
        if wait:
            groups += [[member] for member in range(len(index)) if member not in linked]
        for number in range(len(jobs)):
            for member, judged in _left(setting.folder, number):
                if member not in linked:
                    self._applied |= judged.applied
                    yield from judged.results
        yield from self._linked(groups, written, workers)

    def _index(self, setting: Setting, workers: Workers[Setting]) -> Index:
        index = Index()
        size = sum(file.size for file in setting.files) or 1
        parts = [
            Part(number, start, end)
            for number, file in enumerate(setting.files)
            for start, end in chunks(file)
        ]
        found = zip(parts, workers.map(index_part, parts), strict=True)
        done = 0
        for number, of_file in groupby(found, key=lambda pair: pair[0].file):
            of_chunks: list[tuple[ChunkIndex, int, int]] = []
            numbered = physical = 0
            for part, chunk in of_file:
                of_chunks.append((chunk, numbered, physical))
                numbered, physical = numbered + chunk.numbered, physical + chunk.physical
                done += part.end - part.start
                self._progress("looking for people", done / size)
            if not any(chunk.fitting for chunk, *_ in of_chunks):
                columns = next((chunk.columns for chunk, *_ in of_chunks if chunk.columns), 0)
                self._refusals.append(Refusal(number, 0, 0, no_row_fits(numbered, columns)))
                continue
            for chunk, *before in of_chunks:
                index.add(number, chunk, *before)
        index.close()
        self.rows_read = index.rows
        return index

    def _read(
        self,
        jobs: Sequence[Sequence[int]],
        wait: bool,
        index: Index,
        workers: Workers[Setting],
        components: Components,
    ) -> Written:
        written = Written()
        people = (
            People(number, members, [index.pieces(member) for member in members], wait)
            for number, members in enumerate(jobs)
        )
        for number, read in enumerate(workers.map(read_people, people)):
            for member, identifiers in zip(jobs[number], read.identifiers, strict=True):
                components.add(member, identifiers)
            written.add(number, read.written)
            self._refusals += read.refused
            self.rows_recorded += read.rows
            self.rows_repeated += read.repeats
            self._progress("reading" if wait else "judging", (number + 1) / len(jobs))
        return written

    def _linked(
        self, groups: Sequence[Sequence[int]], written: Written, workers: Workers[Setting]
    ) -> Iterator[Any]:
        batches = [groups[start : start + GROUPS] for start in range(0, len(groups), GROUPS)]
        given = (Linked([[written.of(member) for member in group] for group in batch]) for batch in batches)
        for number, judged in enumerate(workers.map(judge_linked, given), 1):
            self._progress("judging people of several records", number / len(batches))
            self._applied |= judged.applied
            yield from judged.results


def _jobs(index: Index) -> Iterator[Sequence[int]]:
    """Members in parcels, in order."""
    members: list[int] = []
    size = 0
    for member in range(len(index)):
        members.append(member)
        size += sum(piece.length for piece in index.pieces(member))
        if size > PARCEL:
            yield members
            members, size = [], 0
    if members:
        yield members


def _left(folder: Path, number: int) -> list[tuple[int, Judged]]:
    with results_file(folder, number).open("rb") as file:
        found: list[tuple[int, Judged]] = pickle.load(file)  # noqa: S301 - our worker's, in our own folder
        return found


def _place(refusal: Refusal) -> tuple[int, int, int]:
    return refusal.file, refusal.first, refusal.place
