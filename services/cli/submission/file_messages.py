"""A file to the messages that its county sends for it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

from services.evaluation.files.court_feed import CourtFeed
from services.evaluation.files.doj_file import BEGINNING, DojFile, UnreadableFile, file_sha256
from services.ingest.core.court.file_faults import fault_of_json_lines
from services.ingest.core.court.strict_json import SIZE_LIMIT
from services.ingest.core.doj.file.file_faults import fault_of_beginning
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.message_of_rows import rows_metadata, rows_value
from services.ingest.core.files.line_ends import NOTHING, with_line_feeds
from services.ingest.core.files.physical_lines import CUT
from services.ingest.core.message import Metadata
from services.ingest.core.profile.feed_units import unit_metadata
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.sent_case import record_id_of
from services.ingest.core.record_identity import record_id_in
from services.ingest.core.source_location import FILE

Format = Literal["doj", "court"]
MESSAGE_LIMIT = 1_000_000
"""Bytes of the largest message, below what Kafka takes by default (1 MiB)."""


class Message(NamedTuple):
    key: bytes
    value: bytes
    metadata: Metadata


class SubmittedFile(NamedTuple):
    """A file that can be sent. ``doj`` is its index, None for a court's file; ``feed``: a county's own one."""

    path: Path
    sha256: str
    doj: DojFile | None
    feed: CourtFeed | None = None

    def messages(self) -> Iterator[Message]:
        """One for each person or case, in the file's order; the same at every call."""
        if self.feed:
            return _feed(self.feed)
        return _persons(self.doj, self.sha256) if self.doj else _cases(self.path, self.sha256)

    def open(self) -> AbstractContextManager[object]:
        """Closes the index when left."""
        return self.feed or self.doj or nullcontext()


def submitted_file(path: Path, form: Format, profile: Profile | None = None) -> SubmittedFile:
    """The file, read once; by a county's own profile, where one is given. Raises UnreadableFile, OSError."""
    if profile is not None:
        feed = CourtFeed(path, profile)
        return SubmittedFile(path, feed.sha256, None, feed)
    if form == "doj":
        index = DojFile(path)
        return SubmittedFile(path, index.sha256, index)
    with with_line_feeds(path.open("rb")) as stream:
        _check_cases(stream.read(BEGINNING))
    return SubmittedFile(path, file_sha256(path), None)


def _check_cases(beginning: bytes) -> None:
    """Raises UnreadableFile for what is not JSON lines at all."""
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    fault = fault_of_beginning(beginning)
    if fault and fault.code == "not_csv" and not text.startswith((b"{", b"[")):
        raise UnreadableFile(
            fault.replace(
                code="not_json_lines",
                what=fault.what.replace("DOJ's CSV", "JSON lines"),
                remedy="send one JSON object for each case, one a line, as text, not packed",
            )
        )
    if fault and fault.code == "empty_file":
        raise UnreadableFile(fault)
    first = text.split(b"\n", 1)[0].strip()
    if first in (b"{", b"[") or (first.startswith(b"[") and text.rstrip().endswith((b"]", b","))):
        raise UnreadableFile(
            FILE.problem(
                "not_json_lines",
                "the file is one JSON text over several lines, or a list",
                "write each case as one JSON object on one line (jq -c '.[]' does it)",
            )
        )
    fault = fault_of_json_lines(beginning)
    if fault:
        raise UnreadableFile(fault)


def _persons(file: DojFile, sha: str) -> Iterator[Message]:
    for unit in file.units():
        part: list[UnitRow] = []
        size = 0
        for row in unit.rows:
            if part and size + len(row.raw) + 1 > MESSAGE_LIMIT:
                yield Message(unit.subject.encode(), rows_value(part), rows_metadata(part, sha))
                part, size = [], 0
            part.append(row)
            size += len(row.raw) + 1
        yield Message(unit.subject.encode(), rows_value(part), rows_metadata(part, sha))


def _cases(path: Path, sha: str) -> Iterator[Message]:
    with with_line_feeds(path.open("rb")) as stream:
        number = 0
        while line := stream.readline(SIZE_LIMIT + 1):
            number += 1
            too_long = len(line) > SIZE_LIMIT and not line.endswith(b"\n")
            while too_long and (rest := stream.readline(SIZE_LIMIT)) and not rest.endswith(b"\n"):
                pass
            if not line.strip(NOTHING):
                continue
            metadata = Metadata(format="court", file_sha256=sha, rows=(number,))
            if too_long:
                line, metadata = line[:CUT], replace(metadata, row_faults={number: "row_too_long"})
            yield Message(record_id_in(line).encode()[:200], line.rstrip(b"\r\n"), metadata)


def _feed(feed: CourtFeed) -> Iterator[Message]:
    for unit in feed.units():
        key = record_id_of(feed.profile, unit.sent()).encode()[:200]
        yield Message(key, unit.value, unit_metadata(feed.profile, unit, feed.sha256))
