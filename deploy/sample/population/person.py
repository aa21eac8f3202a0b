"""A fabricated person with all cases, before any source writes it down."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from deploy.sample.population.practice import OBJECTING_CITY
from deploy.sample.population.sections import Section

Level = Literal["felony", "misdemeanor"]


@dataclass(frozen=True, slots=True)
class Expected:
    """The expected outcome of a conviction under los-angeles-2021, known by construction."""

    outcome: Literal["dismissal", "needs_review", "not_eligible", "already_relieved", "not_covered"] | None
    """None: its court record is withdrawn, so nothing stands."""
    kind: str
    """``core``, or what was added to the core."""
    route: Literal["district_attorney", "city_attorney"] | None = None
    city: str | None = None
    review: str | None = None
    """Why it needs review: ``city_attorney``, ``section_unreadable``, ``unknown_`` level or conviction date."""
    answer: tuple[str, str] | None = None
    """What the court's paper file answers to that review's question: a fact and its value."""

    @property
    def end(self) -> str | None:
        """The outcome once the offices have worked the review, as ``practice`` has it; ``sustained``: a challenge."""
        if self.outcome != "needs_review":
            return self.outcome
        return "sustained" if self.city == OBJECTING_CITY else "dismissal"


@dataclass(frozen=True, slots=True)
class SentencePart:
    kind: Literal["prison", "jail", "probation"]
    length: int
    unit: Literal["days", "months", "years"]


@dataclass(slots=True)
class Charge:
    """One count. A text of None: as the section is usually written."""

    section: Section
    level: Level | None
    """The level of conviction; None: nobody wrote it down."""
    convicted: bool = True
    sentence: tuple[SentencePart, ...] = ()
    attempt: bool = False
    doj_text: str | None = None
    comment: str = ""
    court_text: str | None = None
    doj_level: Level | None = None
    """What DOJ has where it differs from the court."""
    set_aside_on: date | None = None
    """Earlier relief under PC 1203.4."""
    relieved_on: date | None = None
    """Relief under HS 11361.8."""
    expected: Expected | None = None
    """None: not a cannabis conviction of this county."""

    @property
    def named(self) -> str:
        """The section as the truth names it."""
        return ("PC 664/" if self.attempt else "") + self.section.canonical


@dataclass(slots=True)
class Case:
    """One court case of one person."""

    day: date
    """Of conviction or other disposition."""
    county: str
    """In upper case."""
    courthouse: str
    agency: str
    charges: list[Charge]
    number: str = ""
    court_number: str = ""
    """The same number as the court writes it."""
    record_id: str = ""
    in_doj: bool = True
    in_court: bool = False
    offense_day: date = date.min
    doj_day: str | None = None
    """What DOJ has instead of the date: ``19870000``, another day, nothing."""
    court_knows_day: bool = True
    sealed: bool = False
    revised: bool = False
    sent_twice: bool = False
    withdrawn: bool = False


@dataclass(slots=True)
class Person:
    number: int
    cohort: str
    race: str
    """One of the four groups of the truth."""
    race_code: str
    race_word: str
    sex: Literal["M", "F"]
    surname: str
    given: str
    middle: str
    suffix: str
    birth: date
    subject_id: str | None = None
    """DOJ's key; None: no rap sheet."""
    cii: str | None = None
    court_key: str | None = None
    cases: list[Case] = field(default_factory=list)
    registered_on: list[date] = field(default_factory=list)
    deceased_on: date | None = None
    shares_cii: bool = False
    row_faults: list[str] = field(default_factory=list)
    identical_row: bool = False
