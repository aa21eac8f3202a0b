"""The events for integrators. Topic ``dismissals-v1-COUNTY``: nothing of a person, no challenge."""

from datetime import date, datetime
from typing import ClassVar, Literal

from reliefstream_contracts.determinations import RedesignatedTo
from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.identifiers import CaseNumber, CountyName, ReliefId, Source


class OfDismissal(Event):
    """What stands on a county's topic of one dismissal: the last of them takes the place of those before it."""

    TOPIC: ClassVar[str] = "dismissals-v1-{county}"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("notification",)

    dismissal_id: ReliefId
    county: CountyName

    def topic(self) -> str:
        return self.TOPIC.format(county=self.county)

    def key(self) -> str:
        return str(self.dismissal_id)

    def identity(self) -> str:
        return str(self.dismissal_id)


class ConvictionDismissed(OfDismissal):
    """A court ordered a conviction dismissed and sealed, or redesignated. There is one event for each order.

    ``case_number`` is exactly as the court writes it, None where no source gave one. Deduplicate by the
    CloudEvents id, which is derived from ``dismissal_id``.
    """

    TYPE: ClassVar[str] = "reliefstream.conviction.dismissed.v1"

    court: str | None
    case_number: CaseNumber | None
    source_case_numbers: dict[Source, CaseNumber]
    code_section: str
    relief: Literal["dismissal", "redesignation"]
    redesignated_to: RedesignatedTo | None = None
    """Of a redesignation: to which level; None: the court's order says."""
    conviction_date: date | None
    disposition_date: date | None
    ordered_on: date
    order_number: str
    published_at: datetime


class DeliveredDismissal(ConvictionDismissed):
    """A dismissal as it stands on its county's topic, with the person as one integrator knows it."""

    subject_id: str
    """A pairwise id: the same on each dismissal of one person, another one for each integrator. Two of them are of one
    person where its records were linked in between."""


class DismissalMessage(Frozen):
    """The body of a webhook that tells of a dismissal, after Standard Webhooks. It stands on no topic."""

    type: Literal["reliefstream.conviction.dismissed.v1"] = "reliefstream.conviction.dismissed.v1"
    timestamp: datetime
    data: DeliveredDismissal


class ConvictionSealed(OfDismissal):
    """A dismissed conviction is sealed: whoever holds its dismissal is asked to forget it.

    It takes the place of the dismissal on the topic, under the same key, so that compaction removes that.
    """

    TYPE: ClassVar[str] = "reliefstream.conviction.sealed.v1"

    published_at: datetime


class SealedMessage(Frozen):
    """The body of a webhook that asks to forget a dismissal, after Standard Webhooks. It stands on no topic."""

    type: Literal["reliefstream.conviction.sealed.v1"] = "reliefstream.conviction.sealed.v1"
    timestamp: datetime
    data: ConvictionSealed
