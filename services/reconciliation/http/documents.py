"""What the answers of reconciliation hold."""

from typing import Any, NotRequired

from pydantic import BaseModel
from typing_extensions import TypedDict

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountyName, Source, SubjectId
from services.chassis.http.text import Moment
from services.reconciliation.http.as_recorded import CountSaid
from services.reconciliation.linkage.identity.explanation import Likeness, Link
from services.reconciliation.linkage.resemblance.weights import Evidence


class RecordShown(BaseModel):
    """One record; ``counts``: how many it has."""

    record: str
    source: Source
    county: CountyName
    revision: int
    sequence: int
    withdrawn: bool
    counts: int


class Undecided(TypedDict):
    """A subject that may be the same person, with how much it resembles where that can be said."""

    subject_id: SubjectId
    records: NotRequired[tuple[str, ...]]
    others: NotRequired[tuple[str, ...]]
    probability: NotRequired[float]
    bits: NotRequired[float]
    prior: NotRequired[float]
    evidence: NotRequired[tuple[Evidence, ...]]
    linked: NotRequired[bool]
    weights: NotRequired[str]


class Decided(BaseModel):
    """What a person decided about two records."""

    one: str
    other: str
    same: bool
    decided_by: str
    reason: str
    decided_at: Moment


class SubjectShown(BaseModel):
    """``retired``: ids that led here. ``names``: as records give them, the most frequent first. ``counts``: as each
    source has them. ``history``: as HistoryChanged, without its ids and version."""

    subject_id: SubjectId
    version: int
    retired: list[SubjectId]
    in_doubt: bool
    names: list[str]
    records: list[RecordShown]
    counts: list[CountSaid]
    links: list[Link]
    likenesses: list[Likeness]
    undecided: list[Undecided]
    decisions: list[Decided]
    history: dict[str, Any]
    discrepancies: list[DiscrepancyChanged]


class OpenAndResolved(BaseModel):
    open: int
    resolved: int


class Counts(BaseModel):
    """``oversized_keys``: identifiers, and blocks of comparison, that more records hold than can be one person's."""

    records: int
    withdrawn: int
    subjects: int
    retired: int
    in_doubt: int
    oversized_keys: dict[str, int]
    discrepancies: dict[str, OpenAndResolved]


class SubjectsNow(BaseModel):
    """The subjects of both sides after a decision."""

    subjects: list[SubjectId]
