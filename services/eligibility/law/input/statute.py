"""The statute as data: what the files in ``statute_data/`` say, typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reliefstream_contracts.vocabulary.offense import CodeSection
from reliefstream_contracts.vocabulary.stated_facts import FactCode
from services.eligibility.law.input.section_list import ListedSection, SectionList

Compelled = Literal["dismissal", "redesignation"]


@dataclass(frozen=True, slots=True)
class Predecessor:
    """An older number of a section of Article 2."""

    section: str
    became: str
    citation: str


@dataclass(frozen=True, slots=True, eq=False)
class ArticleTwo:
    """Health & Safety Code, division 10, chapter 6, article 2: cannabis. Each is its own, so that answers are kept."""

    citation: str
    named: SectionList
    """All of the article: a conviction of any of them gets a determination."""
    covered: SectionList
    """Those that 11361.8 reaches."""
    uncovered: SectionList
    """Those that there are besides; any other number of the article does not exist."""
    enhancements: SectionList
    """May stand on the same line without making it a mixed one."""
    predecessors: tuple[Predecessor, ...]
    renumbered_on: date
    redrawn: frozenset[str]
    """Section numbers whose subdivisions meant other things before ``redrawn_on``."""
    redrawn_on: date


@dataclass(frozen=True, slots=True)
class ReliefRow:
    """What a conviction would be today: the relief that follows for any age and amount."""

    section: CodeSection
    level: str
    adult: Compelled | None
    """Relief for a person known to have been 21 or older at the offense; None: none."""
    minor: Compelled | None
    """Relief for a person known to have been under 18 at the offense."""
    otherwise: Compelled | None
    citation: str
    elements: tuple[tuple[FactCode, str], ...] = ()
    """Facts that the row takes (an amount); a row without any is the least for every amount."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """How relief is asked for, by those still serving or after the sentence."""

    citation: str
    procedure: str


@dataclass(frozen=True, slots=True)
class Forms:
    """Of the Judicial Council: CR-400 is petition and application alike."""

    application: str
    proof_of_service: str
    prosecution: str
    order: str
    juvenile: str


@dataclass(frozen=True, slots=True)
class Presumption:
    """Which way it runs, and by section number the facts that no record shows."""

    citation: str
    says: str
    not_on_record: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """HS 11361.8 and 11361.9. Each is its own, so that answers are kept."""

    version: str
    citation: str
    still_serving: Procedure
    completed: Procedure
    forms: Forms
    limits_citation: str
    """What says that relief ends at federal law, immigration and firearms."""
    presumption: Presumption
    in_force: date
    adult_age: int
    minor_age: int
    """From this age on nobody is a minor."""
    rows: tuple[ReliefRow, ...]


@dataclass(frozen=True, slots=True)
class SuperStrikes:
    """PC 667(e)(2)(C)(iv)."""

    listed: SectionList
    gang_enhancement: SectionList
    with_gang_enhancement: SectionList
    life_term_citation: str


@dataclass(frozen=True, slots=True)
class Registrable:
    """PC 290(c), and PC 290 to 290.xxx: the duties of those who must register."""

    listed: SectionList
    duties: SectionList


@dataclass(frozen=True, slots=True)
class Priors:
    """Two or more priors of the same kind: HS 11358(d), 11359(c), 11360(a)(3)."""

    sections: SectionList
    """Counted per section number; each entry cites its own rule."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """HS 11361.5: misdemeanors and infractions whose records are destroyed, and offenses of minors."""

    listed: SectionList
    minors_under: int
    of_minors: SectionList


@dataclass(frozen=True, slots=True)
class Clock:
    """HS 11361.9: the days by which the convictions of DOJ's list were to be dealt with."""

    citation: str
    challenge_until: date
    """The last day on which the prosecution could challenge."""
    orders_due: date
    records_due: date


@dataclass(frozen=True, slots=True)
class FelonyAlternative:
    """What is left as a felony of one section: its ``elements``, and what of the offense disqualifies ``also``."""

    section: ListedSection
    also: tuple[FactCode, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FelonyToday:
    """HS 11358(d), 11359(c), (d), 11360(a)(3): for persons of ``from_age`` or older at the offense. Each is its own, so
    that answers are kept."""

    citation: str
    from_age: int
    alternatives: tuple[FelonyAlternative, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of PC 1203.425(a)(1)(B); ``years`` must have passed, from its ``in_force`` on."""

    citation: str
    convicted_from: date = date.min
    years: int = 0
    in_force: date = date.min


@dataclass(frozen=True, slots=True)
class AutomaticRelief:
    """PC 1203.425, with the felonies that its clause (iv)(II) leaves out."""

    version: str
    citation: str
    relief: str
    registration: Clause
    supervision: Clause
    serving_or_charged: Clause
    prison: Clause
    probation: Clause
    lesser: Clause
    felony: Clause
    violent: SectionList
    """PC 667.5(c)."""
    serious: SectionList
    """PC 1192.7(c)."""
    may_be_serious: SectionList
    """Serious only by a fact that no section number shows."""
    without_injury_or_weapon: SectionList
    """Felonies whose elements have neither an injury nor the use of a weapon (PC 1192.7(c)(8), (23))."""


@dataclass(frozen=True, slots=True)
class Statute:
    """All that the laws say. ``fingerprint`` changes when any of their files does."""

    fingerprint: str
    article_two: ArticleTwo
    relief: Relief
    super_strikes: SuperStrikes
    registrable: Registrable
    destroyed: Destroyed
    clock: Clock
    priors: Priors
    felony_today: FelonyToday
    automatic_relief: AutomaticRelief
