"""A file to the messages that its county sends for it."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Literal, NamedTuple

from reliefstream_contracts.receipts import Problem
from services.evaluation.court_feed import CourtFeed
from services.evaluation.doj_file import BEGINNING, DojFile, UnreadableFile, file_sha256
from services.ingest.core.court.file_faults import fault_of_json_lines
from services.ingest.core.court.strict_json import SIZE_LIMIT
from services.ingest.core.doj.file.file_faults import fault_of_beginning
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.rows import masked
from services.ingest.core.file_lines import line_offset, said_of_lines
from services.ingest.core.profile.case import record_id_of
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.units import feed_headers

Format = Literal["doj", "court"]
MESSAGE_LIMIT = 1_000_000
"""Bytes of the largest message, below what Kafka takes by default (1 MiB)."""


class Message(NamedTuple):
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


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
    with path.open("rb") as stream:
        _check_cases(stream.read(BEGINNING))
    return SubmittedFile(path, file_sha256(path), None)


def _check_cases(beginning: bytes) -> None:
    """Raises UnreadableFile for what is not JSON lines at all."""
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    fault = fault_of_beginning(beginning)
    if fault and fault.code == "not_csv" and not text.startswith((b"{", b"[")):
        raise UnreadableFile(
            fault.model_copy(
                update={
                    "code": "not_json_lines",
                    "what": fault.what.replace("DOJ's CSV", "JSON lines"),
                    "remedy": "send one JSON object for each case, one a line, as text, not packed",
                }
            )
        )
    if fault and fault.code == "empty_file":
        raise UnreadableFile(fault)
    first = text.split(b"\n", 1)[0].strip()
    if first in (b"{", b"[") or (first.startswith(b"[") and text.rstrip().endswith((b"]", b","))):
        raise UnreadableFile(
            Problem(
                code="not_json_lines",
                where="file",
                what="the file is one JSON text over several lines, or a list",
                remedy="write each case as one JSON object on one line (jq -c '.[]' does it)",
            )
        )
    fault = fault_of_json_lines(beginning)
    if fault:
        raise UnreadableFile(fault)


def _persons(file: DojFile, sha: str) -> Iterator[Message]:
    for unit in file.units():
        part: list[tuple[UnitRow, bytes]] = []
        size = 0
        for row in unit.rows:
            raw = masked(row.raw)
            if part and size + len(raw) + 1 > MESSAGE_LIMIT:
                yield _rows(unit.subject, part, sha)
                part, size = [], 0
            part.append((row, raw))
            size += len(raw) + 1
        yield _rows(unit.subject, part, sha)


def _rows(subject: str, part: list[tuple[UnitRow, bytes]], sha: str) -> Message:
    rows = [row for row, _ in part]
    headers = [
        ("format", b"doj"),
        ("file_sha256", sha.encode()),
        ("rows", ",".join(str(row.number) for row in rows).encode()),
    ]
    faults = ",".join(f"{row.number}={row.fault}" for row in rows if row.fault)
    if faults:
        headers.append(("row_faults", faults.encode()))
    offset = line_offset((row.number, row.line) for row in rows)
    headers += [(name, text.encode()) for name, text in said_of_lines(offset).items()]
    return Message(subject.encode(), b"\n".join(raw for _, raw in part), headers)


def _cases(path: Path, sha: str) -> Iterator[Message]:
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(SIZE_LIMIT + 1):
            number += 1
            too_long = len(line) > SIZE_LIMIT and not line.endswith(b"\n")
            while too_long and (rest := stream.readline(SIZE_LIMIT)) and not rest.endswith(b"\n"):
                pass
            if not line.strip():
                continue
            headers = [("format", b"court"), ("file_sha256", sha.encode()), ("row", str(number).encode())]
            if too_long:
                line = line[:4096]
                headers.append(("row_faults", f"{number}=row_too_long".encode()))
            yield Message(_record_id(line), line.rstrip(b"\r\n"), headers)


def _feed(feed: CourtFeed) -> Iterator[Message]:
    for unit in feed.units():
        headers = feed_headers(feed.profile, unit, feed.sha256)
        key = record_id_of(feed.profile, unit.sent()).encode()[:200]
        yield Message(key, unit.value, [(name, text.encode()) for name, text in headers.items()])


def _record_id(line: bytes) -> bytes:
    """The key that keeps a case's revisions in order; empty for what cannot be read: ingest says why."""
    try:
        found = json.loads(line)
        return str(found["record_id"]).encode()[:200]
    except (ValueError, KeyError, TypeError, RecursionError):
        return b""
