"""The answer to each record sent: recorded, repeat or quarantined. Topic ``receipts-v1-COUNTY``."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from msgspec.structs import force_setattr

from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import Frozen, derived
from reliefstream_contracts.identifiers import CountyName, QuarantineId, RecordId, SubmissionId


class Problem(Frozen):
    """What is wrong, where, and what to do. No text repeats a person's data."""

    code: str
    """A stable code in snake_case."""
    part: str = ""
    """The part with the problem, if it is no numbered row of a file: ``message``, ``file``, ``body``, ``header``."""
    row: int | None = None
    """1-based number of the data row, a header not counted: in the file, or in the message where ``part`` says so."""
    other_rows: tuple[int, ...] = ()
    """Further rows with the same problem, ascending."""
    line: int | None = None
    """1-based physical line in the file; None where it is not known."""
    record: int | None = None
    """1-based number of the object in a file that is one JSON array."""
    column: str = ""
    """For rows: the column's name as the file writes it, or its number."""
    path: str = ""
    """For JSON: the field's path, ``charges[0].plea``; for a message: ``header extract``."""
    position: str = ""
    """The place in the row or text: ``byte 5``, ``character 12``, ``positions 1 to 2``."""
    what: str
    remedy: str

    field: Annotated[
        str,
        derived(
            "What refusals are counted by: the column, or the path without places in lists (``charges[].plea``);\n"
            "empty where a problem is about a whole row or message."
        ),
    ] = ""
    where: Annotated[
        str,
        derived(
            "The place in words: ``row 17 (line 18), column STP_EVENT_DATE``; ``line 4, charges[0].plea``."
        ),
    ] = ""

    def __post_init__(self) -> None:
        column = f"column {self.column}" if self.column else ""
        said = (self.part, self._numbered(), column, self.position, self.path)
        force_setattr(self, "field", self.column or re.sub(r"\[[0-9]+\]", "[]", self.path))
        force_setattr(self, "where", ", ".join(filter(None, said)))

    def _numbered(self) -> str:
        line = "" if self.line is None else f"line {self.line}"
        if self.other_rows and self.row is not None:
            return f"rows {_ranges(sorted({self.row, *self.other_rows}))}"
        if self.row is not None:
            return f"row {self.row}" + (f" ({line})" if line else "")
        return line if self.record is None else f"record {self.record}"

    def at_line(self, line: int) -> "Problem":
        """The same problem with its row's line in the file."""
        return self.replace(line=line)


def _ranges(numbers: Iterable[int]) -> str:
    """Ascending numbers as people write them: ``3, 7-9``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


class ReceiptIssued(Event):
    """One answer for one message, HTTP record or file unit.

    ``recorded`` may carry problems: rows of a rap sheet that were refused while the others went through.
    """

    TYPE: ClassVar[str] = "reliefstream.receipt.issued.v1"
    TOPIC: ClassVar[str] = "receipts-v1-{county}"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("ingest",)

    receipt_id: str
    """Where it arrived: ``topic/partition/offset``, or an id of the HTTP request and the record's number in it."""
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
    """The trace id of the record, from here to the webhook: ``reliefstream trace TRACE_ID``."""

    def topic(self) -> str:
        return self.TOPIC.format(county=self.county)

    def key(self) -> str:
        return self.receipt_id

    def identity(self) -> str:
        return f"{self.county}/{self.receipt_id}"
