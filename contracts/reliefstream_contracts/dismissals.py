"""The events for integrators. Topic ``dismissals-v1``: no name, no birth date, no challenge."""

from datetime import date, datetime
from typing import ClassVar, Literal

from reliefstream_contracts.event import Event
from reliefstream_contracts.identifiers import CaseNumber, CountyName, ReliefId, Source, SubjectId


class ConvictionDismissed(Event):
    """A court ordered a conviction dismissed and sealed, or redesignated. There is one event for each order.

    ``case_number`` is exactly as the court writes it, None where no source gave one. Deduplicate by the
    CloudEvents id, which is derived from ``dismissal_id``.
    """

    TYPE: ClassVar[str] = "reliefstream.conviction.dismissed.v1"
    TOPIC: ClassVar[str] = "dismissals-v1"

    dismissal_id: ReliefId
    subject_id: SubjectId
    county: CountyName
    court: str | None
    case_number: CaseNumber | None
    source_case_numbers: dict[Source, CaseNumber]
    code_section: str
    relief: Literal["dismissal", "redesignation"]
    conviction_date: date | None
    disposition_date: date | None
    ordered_on: date
    order_number: str
    published_at: datetime

    def key(self) -> str:
        return str(self.dismissal_id)

    def identity(self) -> str:
        return str(self.dismissal_id)
