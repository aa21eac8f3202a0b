"""One normalised record of one source, as ingest accepted it. Topic ``records-v1``."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import Frozen, at_least
from reliefstream_contracts.identifiers import (
    CaseNumber,
    CiiNumber,
    CountId,
    CountyName,
    RecordId,
    Source,
    SourceSubjectId,
)
from reliefstream_contracts.vocabulary.offense import (
    CodeSection,
    Doubt,
    LaterRelief,
    Level,
    Offense,
    SentencePart,
)

CountOutcome = Literal["convicted", "not_convicted", "unknown"]


class PersonName(Frozen):
    """A name in upper case as its source writes it, split into parts; None where the source gives none."""

    surname: str | None = None
    given: str | None = None
    middle: str | None = None
    suffix: str | None = None


class Person(Frozen):
    """The person that a record is about, as its source says. It holds no social security or licence number."""

    source_subject_id: SourceSubjectId | None = None
    cii_numbers: tuple[CiiNumber, ...] = ()
    name: PersonName | None = None
    birth_date: date | None = None
    sex: str | None = None
    race: str | None = None


class Count(Frozen):
    """One count of a record, as its source says.

    There are four dates (offense, disposition, conviction, sentence end), None when unknown;
    ``doubts`` says why. ``county`` is where the court sits; a rap sheet's other counties are history.
    ``event`` groups counts of one criminal event within the record (DOJ: cycle; court: the case).
    ``file_row`` is the 1-based number of the count's first data row in ``file_sha256``, header not counted;
    both None for a record that came otherwise.
    """

    count_id: CountId
    event: str
    county: CountyName | None
    court: str | None = None
    prosecuting_agency: str | None = None
    case_number: CaseNumber | None = None
    offense: Offense
    outcome: CountOutcome
    juvenile: bool = False
    """A juvenile court's adjudication (``petition sustained``): no conviction; ``outcome`` is ``not_convicted``."""
    disposition: str = ""
    level_charged: Level | None = None
    level_convicted: Level | None = None
    offense_date: date | None = None
    arrest_date: date | None = None
    """DOJ: the day on which the cycle began, with an arrest or a citation; the offense came no later."""
    disposition_date: date | None = None
    conviction_date: date | None = None
    sentence: tuple[SentencePart, ...] = ()
    sentence_end_date: date | None = None
    """Given where the source itself gives it; else the law computes it from the parts."""
    later_relief: tuple[LaterRelief, ...] = ()
    charged_beside: tuple[CodeSection, ...] = ()
    """Of a conviction: sections of the other charges that its source shows with it, with any disposition
    (DOJ: of the same cycle, arrests too; court: of the same case). Sorted as text."""
    doubts: tuple[Doubt, ...] = ()
    file_sha256: str | None = None
    file_row: int | None = None


class Registration(Frozen):
    """A registration that a rap sheet shows (PC 290); not a conviction by itself."""

    section: CodeSection | None
    on: date | None


class SourceRecord(Event):
    """One record of one source, whole: a later revision replaces it, ``withdrawn`` withdraws it."""

    TOPIC: ClassVar[str] = "records-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("ingest",)

    county: CountyName
    """The county that sent it."""
    record_id: RecordId
    revision: Annotated[int, *at_least(0)]
    """The source's own number. A source without one sends 0, and its files are united."""
    sequence: Annotated[int, *at_least(1)]
    """How often ingest recorded this record; grows with each accepted change."""
    withdrawn: bool = False
    person: Person
    counts: tuple[Count, ...]
    doubts: tuple[Doubt, ...] = ()
    """Doubts about the person's own fields."""

    @property
    def source(self) -> Source:
        raise NotImplementedError

    def key(self) -> str:
        return f"{self.source}/{self.county}/{self.record_id}"

    def identity(self) -> str:
        return f"{self.key()}/{self.sequence}"


class RapSheetRecorded(SourceRecord):
    """A person's state rap sheet, all rows of one extract united."""

    TYPE: ClassVar[str] = "reliefstream.record.rap-sheet-recorded.v1"

    registrations: tuple[Registration, ...] = ()
    deceased: bool = False
    deceased_on: date | None = None
    refused_rows: Annotated[int, *at_least(0)] = 0
    """Rows of this person that could not be read: the history is incomplete while this is above 0."""

    @property
    def source(self) -> Source:
        return "doj"


class CaseRecorded(SourceRecord):
    """One court case of one defendant."""

    TYPE: ClassVar[str] = "reliefstream.record.case-recorded.v1"

    record_status: Literal["active", "sealed", "destroyed"] = "active"

    @property
    def source(self) -> Source:
        return "court"
