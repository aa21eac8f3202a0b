"""Differences between linked records, and who should resolve them. Topic ``discrepancies-v1``."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import at_least
from reliefstream_contracts.identifiers import ConvictionId, CountKey, CountyName, DiscrepancyId, SubjectId

DiscrepancyKind = Literal[
    "only_in_doj",
    "only_in_court",
    "differing_fact",
    "identity_in_doubt",
    "determination_changed_after_order",
    "relief_ordered_twice",
    "relief_not_shown",
    "relief_overdue",
    "impossible_date",
    "court_record_destroyed",
    "statement_stale",
    "not_on_record",
    "referral_overdue",
]
"""``relief_ordered_twice``: two records of one conviction, each relieved before they were linked.
``relief_not_shown``: the court's record does not show ordered relief after the court's time (PC 13151).
``relief_overdue``: a day of HS 11361.9 passed for a conviction on DOJ's list: the court's for its order
(1 March 2023), or DOJ's for its record (1 July 2023).
``impossible_date``: an impossible date, such as a conviction before the birth; no rule uses it.
``court_record_destroyed``: the court destroyed its record, lawfully for some convictions (HS 11361.5).
``statement_stale``: a statement of fact that no longer applies, as its counts were changed or are of several
convictions; its author is asked again (``values``: the statement's id, and why).
``not_on_record``: a person, or a case, that a community group named and no record of the county shows (``values``:
the referral and its line).
``referral_overdue``: the county has not answered a line of a referral by its day.
"""


class DiscrepancyChanged(Event):
    """One entry of the ledger, opened or resolved. The highest version counts.

    ``field`` and ``values`` are for ``differing_fact``: the values as (source, value), never a name or a
    birth date.
    """

    TYPE: ClassVar[str] = "reliefstream.discrepancy.changed.v1"
    TOPIC: ClassVar[str] = "discrepancies-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("reconciliation", "relief")

    discrepancy_id: DiscrepancyId
    version: Annotated[int, *at_least(1)]
    kind: DiscrepancyKind
    status: Literal["open", "resolved"]
    owner: Literal["county_court", "doj", "district_attorney", "city_attorney", "records_unit"]
    county: CountyName
    subject_id: SubjectId | None
    """None: of somebody whom no record shows."""
    conviction_id: ConvictionId | None = None
    counts: tuple[CountKey, ...] = ()
    field: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    due_by: date | None = None
    """The last day in time of ``relief_not_shown``, ``relief_overdue`` and a referral: overdue since the day after."""
    resolved_by: tuple[str, ...] = ()
    """Keys of the records, or the act, that resolved it; empty while it is open, or when another change resolved it."""
    first_seen: datetime | None = None
    """When it was first opened; None in entries of relief, where it is ``at`` of version 1."""
    at: datetime

    def key(self) -> str:
        return str(self.discrepancy_id)

    def identity(self) -> str:
        return f"{self.discrepancy_id}/{self.version}"
