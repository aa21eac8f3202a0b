"""The answer to each thing sent: recorded, repeat or quarantined. Topic ``receipts-v1-COUNTY``."""

from datetime import datetime
from typing import ClassVar, Literal

from reliefstream_contracts.event import Event, Frozen
from reliefstream_contracts.identifiers import CountyName, QuarantineId, RecordId, SubmissionId


class Problem(Frozen):
    """What is wrong, where, and what to do. No text repeats a person's data."""

    code: str
    """Stable snake_case."""
    where: str
    """``row 17, column STP_EVENT_DATE``; ``line 4, charges[0].level_convicted``; ``header format``."""
    what: str
    remedy: str


class ReceiptIssued(Event):
    """One answer for one message, HTTP record or file unit.

    ``recorded`` may carry problems: rows of a rap sheet that were refused while the others went through.
    """

    TYPE: ClassVar[str] = "reliefstream.receipt.issued.v1"
    TOPIC: ClassVar[str] = "receipts-v1-{county}"

    receipt_id: str
    """Where it came in: ``topic/partition/offset``, or an id of the HTTP request and the record in it."""
    county: CountyName
    status: Literal["recorded", "repeat", "quarantined"]
    record_id: RecordId | None = None
    revision: int | None = None
    problems: tuple[Problem, ...] = ()
    quarantine_ids: tuple[QuarantineId, ...] = ()
    submission_id: SubmissionId | None = None
    unit: int | None = None
    """The sender's own number of this unit within its submission."""
    received_at: datetime
    trace_id: str = ""
    """Of the record's way from here to the webhook: ``reliefstream trace TRACE_ID``."""

    def topic(self) -> str:
        return self.TOPIC.format(county=self.county)

    def key(self) -> str:
        return self.receipt_id

    def identity(self) -> str:
        return f"{self.county}/{self.receipt_id}"
