"""The whole history of one subject, from all records that are linked to it. Topic ``histories-v1``."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import Frozen, at_least, limits
from reliefstream_contracts.identifiers import (
    CaseNumber,
    CiiNumber,
    ConvictionId,
    CountKey,
    CountyName,
    Source,
    SourceSubjectId,
    SubjectId,
)
from reliefstream_contracts.records import Registration
from reliefstream_contracts.statements import SeenCount
from reliefstream_contracts.vocabulary.offense import (
    CodeSection,
    Doubt,
    LaterRelief,
    Level,
    Offense,
    SentencePart,
)
from reliefstream_contracts.vocabulary.stated_facts import StatedFact


class CountRef(Frozen):
    """One source's count behind a conviction."""

    key: CountKey
    source: Source
    sent_by: CountyName
    """The county that sent it; a conviction is judged only where its own county sent it."""
    case_number: CaseNumber | None = None
    section: str = ""
    """The offense as this source has it: its sections, or the charge as written where they could not be read."""
    disposed_on: date | None = None
    """The day of the disposition as this source has it; where that is unknown, of the conviction."""
    source_subject_id: SourceSubjectId | None = None
    cii_number: CiiNumber | None = None
    file_sha256: str | None = None
    file_row: int | None = None

    def seen(self) -> SeenCount:
        """The count as somebody sees it who is asked about it."""
        return SeenCount(
            count=self.key, section=self.section, disposed_on=self.disposed_on, case_number=self.case_number
        )


class RelievedBy(Frozen):
    """Relief that a source shows."""

    source: Source
    relief: LaterRelief


class Conviction(Frozen):
    """One conviction, from all its sources. Where sources differ the fact is None and ``doubts`` has both values."""

    conviction_id: ConvictionId
    counts: Annotated[tuple[CountRef, ...], *limits(min_length=1)]
    """Sorted by key."""
    county: CountyName | None
    court: str | None = None
    prosecuting_agency: str | None = None
    case_number: CaseNumber | None = None
    event: str
    """Convictions of one criminal event (DOJ cycle, court case) share it."""
    offense: Offense
    level_charged: Level | None = None
    level_convicted: Level | None = None
    offense_date: date | None = None
    arrest_date: date | None = None
    """The day of the arrest or citation that led to it, as DOJ shows it; the offense came no later."""
    disposition_date: date | None = None
    conviction_date: date | None = None
    sentence: tuple[SentencePart, ...] = ()
    sentence_end_date: date | None = None
    later_relief: tuple[RelievedBy, ...] = ()
    sealed_by: tuple[Source, ...] = ()
    """Sources whose record of this case is sealed."""
    destroyed_by: tuple[Source, ...] = ()
    """Sources whose record of this case is destroyed (HS 11361.5)."""
    charged_beside: tuple[CodeSection, ...] = ()
    """Sections of the other charges that any source shows with it, with any disposition. Sorted as text."""
    juvenile: bool = False
    """A juvenile court's adjudication (``petition sustained``): no conviction, and no bar to relief from one."""
    doubts: tuple[Doubt, ...] = ()


class HistoryChanged(Event):
    """A whole snapshot of one subject, compacted by subject. The highest version counts.

    ``rap_sheet``: ``complete``; ``incomplete`` when rows of it were refused; ``none`` when no state rap sheet
    has come, so that convictions in other counties are unknown. ``retired_into``: this subject was merged into
    another; it has no convictions any more.
    """

    TYPE: ClassVar[str] = "reliefstream.subject.history-changed.v1"
    TOPIC: ClassVar[str] = "histories-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("reconciliation",)

    subject_id: SubjectId
    version: Annotated[int, *at_least(1)]
    retired_into: SubjectId | None = None
    rap_sheet: Literal["complete", "incomplete", "none"] = "none"
    cii_numbers: tuple[CiiNumber, ...] = ()
    birth_date: date | None = None
    sex: str | None = None
    race: str | None = None
    deceased: bool = False
    deceased_on: date | None = None
    registrations: tuple[Registration, ...] = ()
    convictions: tuple[Conviction, ...] = ()
    """Sorted by conviction date (unknown first), then conviction id."""
    stated_facts: tuple[StatedFact, ...] = ()
    """What people stated of these convictions. Sorted by count, fact, value, day and account."""
    doubts: tuple[Doubt, ...] = ()
    """Doubts about the subject's own fields, such as two birth dates."""

    def key(self) -> str:
        return str(self.subject_id)

    def identity(self) -> str:
        return f"{self.subject_id}/{self.version}"
