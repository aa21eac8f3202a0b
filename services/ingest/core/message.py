"""What comes in over Kafka, HTTP or from a file: one message with headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from reliefstream_contracts.event import header, trace_of
from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.work import Received, Trace

TOPIC: Final = "source-records-v1-"

HEADERS: Final = (
    "format",  # doj or court
    "profile",  # court: which of the county's own feeds; none: the strict JSON
    "submission_id",  # repeated in the receipt
    "unit",  # the sender's number of this message, repeated in the receipt
    "file_sha256",  # of the file that it comes from
    "extract",  # doj: which extract, a date or a number
    "encoding",  # doj: utf-8 or latin-1
    "rows",  # doj, and court with a profile of rows: their 1-based numbers in the file, with commas
    "line_offset",  # what to add to a number of `rows` to have its line in the file, for people: formats/file_lines.py
    "row",  # court: the line's number, or the record's
    "row_faults",  # what the sender saw of a row: 17=row_too_long,40=row_truncated
    "traceparent",
)


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """One message. ``headers`` has those of HEADERS that came as text."""

    receipt_id: str
    county: CountyName
    headers: Mapping[str, str]
    value: bytes
    resubmitted: UUID | None = None
    """The quarantine entry that is tried again."""
    arrived_at: datetime | None = None
    """When it reached intake, in UTC; None: now."""
    key: str = ""
    """Of Kafka: the sender's choice; ``submit`` sends the record's id."""

    @property
    def traceparent(self) -> str:
        """The W3C trace context that the county sent, if it is valid, else one of its own."""
        return trace_of(self.receipt_id, self.headers.get("traceparent"))

    def trace(self, now: datetime) -> Trace:
        """What its events carry on."""
        return Trace(self.traceparent, (self.arrived_at or now).isoformat())

    @property
    def submission_id(self) -> str | None:
        return (self.headers.get("submission_id") or "")[:100] or None

    @property
    def unit(self) -> int | None:
        text = self.headers.get("unit", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def from_topic(record: Received) -> SourceMessage:
    """A message on a county's own topic."""
    found = {name: header(record.headers, name) for name in HEADERS}
    headers = {name: text for name, text in found.items() if text is not None and "\x00" not in text}
    receipt_id = f"{record.topic}/{record.partition}/{record.offset}"
    return SourceMessage(
        receipt_id=receipt_id,
        county=CountyName(record.topic.removeprefix(TOPIC)),
        headers=traced(receipt_id, headers),
        value=record.value,
        arrived_at=record.timestamp,
        key=record.key or "",
    )


def traced(receipt_id: str, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with a valid trace context, so that what is resubmitted goes on under the same trace."""
    return {**headers, "traceparent": trace_of(receipt_id, headers.get("traceparent"))}
