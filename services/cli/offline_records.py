"""Files read without a server, through the very door that a service has: records, and what was refused."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reliefstream_contracts.identifiers import CountyName, RecordId, Source
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.records import SourceRecord
from services.ingest.bodies import CSV, NDJSON, sendings
from services.ingest.decision import Held, decide
from services.ingest.formats.counties import Door
from services.ingest.reading import ReadCase, Unreadable, read


@dataclass(slots=True)
class OfflineRecords:
    """The door of one county, with what it has taken in so far."""

    door: Door
    received_on: date
    """The real day: what is dated later is refused, as a service would."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What is said of every file: ``extract``, ``encoding``."""
    records: dict[str, SourceRecord] = field(default_factory=dict)
    """The newest of each record, by its key."""
    refused: list[tuple[Path, Problem]] = field(default_factory=list)
    _held: dict[tuple[CountyName, Source, RecordId], Held] = field(default_factory=dict)

    def take(self, paths: Iterable[Path], progress: Callable[[Iterable[Path]], Iterable[Path]]) -> None:
        """Takes in the files one after another; ``progress`` wraps them. OSError when one cannot be read."""
        for path in progress(paths):
            for problem in self._take(path.read_bytes()):
                self.refused.append((path, problem))

    def _take(self, body: bytes) -> Iterator[Problem]:
        media_type = NDJSON if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else CSV
        messages = sendings(
            self.door.county, hashlib.sha256(body).hexdigest(), media_type, body, self.headers
        )
        if isinstance(messages, Problem):
            yield messages
            return
        for message in messages:
            reading = read(message, self.door, self.received_on)
            if isinstance(reading, Unreadable):
                yield from reading.problems
                continue
            source: Source = "court" if isinstance(reading, ReadCase) else "doj"
            key = (self.door.county, source, RecordId(reading.record_id))
            decision = decide(self._held.get(key), reading, self.door, self.received_on)
            if decision.held is not None:
                self._held[key] = decision.held
            if decision.event is not None:
                self.records[decision.event.key()] = decision.event
            yield from decision.problems
