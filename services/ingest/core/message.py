"""What comes in over Kafka, HTTP or from a file: one message with its metadata. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from reliefstream_contracts.event import trace_of
from reliefstream_contracts.identifiers import CountyName
from services.ingest.core.doj.file.rows import Fault
from services.ingest.core.files.file_lines import LineOffset

TOPIC: Final = "source-records-v1-"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the sender says of a message; texts as they were sent, empty where nothing was said."""

    format: str = ""
    """``doj`` (rows of one person) or ``court`` (one case), in lower case; any other text is refused."""
    profile: str = ""
    """Court: which of the county's own feeds; empty: the strict JSON."""
    submission_id: str = ""
    """Repeated in the receipt."""
    unit: int | None = None
    """The sender's number of this message, repeated in the receipt."""
    file_sha256: str = ""
    """Of the file that it comes from."""
    extract: str = ""
    """DOJ: which extract, a date or a number."""
    encoding: str = ""
    """DOJ: utf-8 or latin-1; empty: utf-8."""
    rows: tuple[int, ...] = ()
    """1-based numbers of its rows in the file; of a case in JSON the number of its line or object."""
    row_faults: Mapping[int, Fault] = field(default_factory=dict)
    """What the sender saw of a row, by its number."""
    line_offset: LineOffset = ()
    """How to get the line of a row in the file from its number; empty: not known."""
    traceparent: str = ""
    """W3C trace context."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Kafka headers whose text is not what they are for, by name."""


NOTHING_SAID: Final = Metadata()


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """One message of a county."""

    receipt_id: str
    county: CountyName
    metadata: Metadata
    value: bytes
    resubmitted: UUID | None = None
    """The quarantine entry that is tried again."""
    arrived_at: datetime | None = None
    """When it reached intake, in UTC; None: now."""
    granted: frozenset[str] | None = None
    """The formats that its sender may send; None: any, or that was asked before."""
    key: str = ""
    """Of Kafka: the sender's choice; ``submit`` sends the record's id."""

    @property
    def traceparent(self) -> str:
        """The W3C trace context that the county sent, if it is valid, else one of its own."""
        return trace_of(self.receipt_id, self.metadata.traceparent)

    @property
    def submission_id(self) -> str | None:
        """At most 100 characters; None: the sender gave none."""
        return self.metadata.submission_id[:100] or None
