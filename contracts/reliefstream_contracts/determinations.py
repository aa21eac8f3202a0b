"""The determination on each conviction under the law and the county's policy. Topic ``determinations-v1``."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from msgspec import field

from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import Frozen, at_least
from reliefstream_contracts.identifiers import (
    CaseNumber,
    CiiNumber,
    ConvictionId,
    CountKey,
    CountyName,
    Source,
    SourceSubjectId,
    StatementId,
    SubjectId,
)
from reliefstream_contracts.statements import SeenCount
from reliefstream_contracts.vocabulary.offense import Level
from reliefstream_contracts.vocabulary.stated_facts import Office, StatedBy

Outcome = Literal[
    "dismissal", "redesignation", "not_eligible", "needs_review", "already_relieved", "not_covered"
]
Route = Literal["district_attorney", "city_attorney"]
RedesignatedTo = Literal["misdemeanor", "infraction"]


class Ground(Frozen):
    """One test with its citation: met, not met, or unknown because a fact that it needs is unknown."""

    rule: str
    """Stable snake_case name of the test."""
    citation: str
    finding: Literal["met", "not_met", "unknown"]
    facts: dict[str, Any] = field(default_factory=dict)
    """The facts that the test used: dates, sections, levels. Never a name or a birth date."""


class PossibleAnswer(Frozen):
    """One answer to an open question, and what the same law and policy then find."""

    value: str
    """As a statement of fact gives it. Of a date: ``before 2010-05-01``, ``from 2010-05-01``."""
    words: str
    outcome: Outcome
    reason: str


class Contradicting(Frozen):
    """One of the values that contradict each other, and who says it; ``stated_by`` None: the record itself."""

    value: str
    """Of a birth date: ``a day``."""
    stated_by: StatedBy | None = None
    statement_id: StatementId | None = None


class OpenQuestion(Frozen):
    """An unknown fact that can change the finding, as a question to a person."""

    code: str
    """The fact by its code; ``rap_sheet``: what else a complete state rap sheet would show."""
    count: CountKey
    """The count that it is a fact of: the one judged, or another of the person's."""
    counts: tuple[SeenCount, ...] = ()
    """All counts of that conviction, as a statement that answers the question names them."""
    section: str
    """That count's offense, so that its file is found."""
    case_number: CaseNumber | None = None
    question: str
    answers: tuple[PossibleAnswer, ...]
    asked_of: tuple[Office, ...]
    contradicting: tuple[Contradicting, ...] = ()
    """Where what is on record contradicts itself: a statement has to be revised or withdrawn, or the record corrected.
    Empty: nobody says anything."""


class Determination(Frozen):
    """The determination on one conviction on one day. The deciding ground comes first."""

    conviction_id: ConvictionId
    counts: tuple[CountKey, ...]
    source: Literal["doj", "court", "doj+court"]
    county: CountyName
    court: str | None = None
    file_sha256: str | None = None
    source_row: int | None = None
    source_subject_id: SourceSubjectId | None = None
    cii_number: CiiNumber | None = None
    case_number: CaseNumber | None = None
    source_case_numbers: dict[Source, CaseNumber] = field(default_factory=dict)
    """The case number exactly as each source writes it."""
    section: str
    level: Level | None
    conviction_date: date | None
    disposition_date: date | None
    outcome: Outcome
    redesignated_to: RedesignatedTo | None = None
    """Of a redesignation: what the offense is today; None: a fact that decides is unknown."""
    route: Route | None
    city: str | None = None
    reason: str
    determination_label: str
    reason_label: str
    legal_minimum: Outcome | None
    """The least relief that the statute compels on the facts on record, uncontested; None: no relief."""
    policy: str
    law_name: str = "hs-11361.8"
    """The law by its name. Relief is proposed and ordered under ``hs-11361.8`` only."""
    law: str
    """The version of the law."""
    as_of: date
    next_review_on: date | None
    """The first later day on which the same facts give another determination; None: there is no such day."""
    grounds: tuple[Ground, ...]
    open_questions: tuple[OpenQuestion, ...] = ()
    """Of a ``needs_review``: the facts that would settle it or bring it further. Empty: no fact of a count would."""
    shown_by: tuple[Source, ...] = ()
    """Sources that show this conviction as dismissed, sealed or redesignated under this law."""


class DeterminationsChanged(Event):
    """All determinations on one subject: a whole snapshot. The highest version counts."""

    TYPE: ClassVar[str] = "reliefstream.subject.determinations-changed.v1"
    TOPIC: ClassVar[str] = "determinations-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("eligibility",)

    subject_id: SubjectId
    version: Annotated[int, *at_least(1)]
    retired_into: SubjectId | None = None
    sex: str | None = None
    race: str | None = None
    determinations: tuple[Determination, ...]

    def key(self) -> str:
        return str(self.subject_id)

    def identity(self) -> str:
        return f"{self.subject_id}/{self.version}"
