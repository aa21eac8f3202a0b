"""One conviction in its history, under a statute, in a county, on a day: the input of every rule."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64
from reliefstream_contracts.vocabulary.offense import Doubt
from reliefstream_contracts.vocabulary.stated_facts import StatedFact
from services.eligibility.law.engine.calendar import add_days, first_later
from services.eligibility.law.input.facts import Facts
from services.eligibility.law.input.statute import Statute

P = ParamSpec("P")
T = TypeVar("T")
NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
CONTRADICTORY = frozenset({"contradictory"})
WRONG = frozenset({"impossible", "contradictory"})


@dataclass(frozen=True, slots=True)
class County:
    """What the law needs of a county: its name, and its cities that prosecute their own misdemeanors."""

    name: CountyName
    city_prosecutors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """The conviction that is judged, one of the history's, and the questions that rules ask about it.

    Rules take today's date from ``as_of`` only.
    """

    history: HistoryChanged
    conviction: Conviction
    county: County
    statute: Statute
    as_of: date
    not_theirs: tuple[StatedFact, ...] = ()
    """What a city's attorney stated of another city's conviction; the history has it no more."""
    memory: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was found whatever the day; the same conviction on another day shares it."""
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was found of single convictions (``once``); all cases of a history may share it."""
    facts: Facts = field(init=False, compare=False, repr=False)
    """What is known of the history's counts beside the fields of their records."""
    born: date | None = field(init=False, compare=False, repr=False)
    """The birth date; None when unknown or in doubt."""
    committed_by: date | None = field(init=False, compare=False, repr=False)
    """The day by which the offense had been committed: its own, else that of the arrest (I-70)."""

    def __post_init__(self) -> None:
        facts: Facts | None = self.memory.get(Facts)
        if facts is None:
            facts = self.memory[Facts] = Facts(self.history)
        object.__setattr__(self, "facts", facts)
        doubtful = is_in_doubt(self.history.doubts, "birth_date", WRONG)
        object.__setattr__(self, "born", None if doubtful else self.history.birth_date)
        object.__setattr__(self, "committed_by", _committed_by(self.conviction))

    def once(
        self, test: Callable[Concatenate[Conviction, P], T], one: Conviction, *of: P.args, **named: P.kwargs
    ) -> T:
        """What a test finds that looks at one conviction alone, found once for all cases of the history."""
        question = test, id(one)
        kept = self.known.get(question)
        if kept is None or kept[0] is not one:  # an id is given again once its owner is gone
            kept = self.known[question] = one, test(one, *of, **named)
        found: T = kept[1]
        return found

    @property
    def knows_everything(self) -> bool:
        """Whether a complete state rap sheet has come; if not, what else there may be is unknown."""
        return self.history.rap_sheet == "complete"

    def standing(self) -> Sequence[Conviction]:
        """All convictions that the law still counts, this one among them.

        One dismissed and sealed under 11361.8, as a source shows or somebody stated, is deemed never to have occurred
        (AB 1706; I-16), one that somebody stated to be undone stands no more, and a juvenile's adjudication is none
        (I-65).
        """
        found: Sequence[Conviction] | None = self.memory.get("standing")
        if found is None:
            gone, dismissed = self.facts.undone | self.facts.repeats, self.facts.dismissed
            found = self.memory["standing"] = [
                one
                for one in self.history.convictions
                if one is self.conviction
                or not (
                    one.juvenile
                    or (gone and one.conviction_id in gone)
                    or is_dismissed(one)
                    or (dismissed and one.conviction_id in dismissed and _may_be_dismissed(one))
                )
            ]
        return found

    def others(self) -> Sequence[Conviction]:
        """As ``standing``, without this one."""
        found: Sequence[Conviction] | None = self.memory.get("others")
        if found is None:
            found = self.memory["others"] = [one for one in self.standing() if one is not self.conviction]
        return found

    def turns_at_age(self, years: int, on: date) -> None:
        """Keeps that the unknown birth date decides whether the person was that old on the day."""
        self.facts.turn(self.conviction, "birth_date", first_later(years, on))

    def is_earlier(self, other: Conviction) -> bool | None:
        """Whether the other conviction came on an earlier day than this one; None when a date is unknown."""
        self._turns_on_order(other)
        if other.conviction_date is None or self.conviction.conviction_date is None:
            return None
        return other.conviction_date < self.conviction.conviction_date

    def maybe_prior(self) -> Sequence[Conviction]:
        """The others that stood when this one was charged, or may have."""
        found: Sequence[Conviction] | None = self.memory.get("maybe_prior")
        if found is None:
            found = self.memory["maybe_prior"] = [
                other for other in self.others() if self.is_prior(other) is not False
            ]
        return found

    def is_prior(self, other: Conviction) -> bool | None:
        """Whether the other conviction stood already when this one was charged (I-08); None when unknown.

        One of the same case did not. One from before the offense did; one from the day of this conviction or later
        did not; between them the day of the charge decides.
        """
        question = "is_prior", id(other)
        if question not in self.memory:
            self.memory[question] = self._is_prior(other)
        found: bool | None = self.memory[question]
        return found

    def _is_prior(self, other: Conviction) -> bool | None:
        on, own = other.conviction_date, self.conviction
        same_case = self.is_of_the_same_case(other)
        if on is None:
            self._turns_on_order(other)
            return False if same_case else None
        if own.conviction_date is None:
            self._turns_on_order(other)
        elif on >= own.conviction_date:
            return False
        before_offense = self.committed_by is not None and on < self.committed_by
        if before_offense and not self._may_be_of_the_same_case(other):
            return True
        if same_case and not before_offense:
            return False
        charged = self.facts.on(own, "charge_date")
        if charged is not None and own.conviction_date is not None and charged > own.conviction_date:
            self.facts.ask(own, "charge_date")  # no charge is filed after its conviction
            return None
        return None if charged is None else on < charged

    def _turns_on_order(self, other: Conviction) -> None:
        """Keeps the days at which an unknown date of either conviction would change their order."""
        own, on = self.conviction, other.conviction_date
        if on is None:
            self.facts.turn(other, "conviction_date", self.committed_by, own.conviction_date)
        elif own.conviction_date is None:
            self.facts.turn(own, "conviction_date", add_days(on, 1))

    def missing_to_order(self, other: Conviction) -> str:
        """The fact that is missing where ``is_prior`` is unknown."""
        known = other.conviction_date is not None and self.conviction.conviction_date is not None
        return "charge_date" if known else "conviction_date"

    def is_of_the_same_case(self, other: Conviction) -> bool:
        """Whether both stand under one case number of one county and nothing on record sets them apart: they share a
        criminal event or a day, or the other came after this one's offense."""
        own = self.conviction
        if own.county is None or own.county != other.county:
            return False
        same_day = own.conviction_date == other.conviction_date
        if not (own.case_number and other.case_number):
            return own.event == other.event and same_day
        on, offense = other.conviction_date, self.committed_by
        after_offense = on is not None and offense is not None and on >= offense
        same_number = comparable(own.case_number) == comparable(other.case_number)
        return same_number and (own.event == other.event or same_day or after_offense)

    def _may_be_of_the_same_case(self, other: Conviction) -> bool:
        own = self.conviction
        if own.case_number and other.case_number:
            return comparable(own.case_number) == comparable(other.case_number)
        return other.event == own.event


def _committed_by(conviction: Conviction) -> date | None:
    """A day after the conviction's is not possible."""
    offense, arrested = conviction.offense_date, conviction.arrest_date
    convicted = conviction.conviction_date
    if offense is not None and (convicted is None or offense <= convicted):
        return offense
    return arrested if arrested is not None and (convicted is None or arrested <= convicted) else None


@lru_cache(maxsize=10_000)
def comparable(case_number: str | None) -> str:
    """A case number as sources write it differently: without case, dashes, spaces and leading zeros."""
    return LEADING_ZEROS.sub("", NO_LETTER_OR_DIGIT.sub("", (case_number or "").upper()))


def is_of_the_county(conviction: Conviction, county: County) -> bool:
    """Whether the conviction is the county's and its own county sent it (I-03).

    One whose county is unknown is that of the county that sent it: a person has to find out.
    """
    if conviction.county not in {county.name, None}:
        return False
    return any(ref.sent_by == county.name for ref in conviction.counts)


def is_certain(conviction: Conviction) -> bool:
    """Whether it surely is a conviction: its disposition was read, no other contradicts it (I-30), and no text may have
    dismissed it under 11361.8 (I-16, I-27)."""
    if not conviction.doubts:
        return True
    if is_in_doubt(conviction.doubts, "disposition"):
        return False
    return not (is_in_doubt(conviction.doubts, "later_relief") and _may_be_dismissed(conviction))


def _may_be_dismissed(conviction: Conviction) -> bool:
    """Whether it is of a section that 11361.8 reaches."""
    return any(section.section in PROPOSITION_64 for section in conviction.offense.sections)


def bars_for_certain(conviction: Conviction) -> bool:
    """Whether it surely counts as a prior: certain, and no court dismissed it in furtherance of justice afterwards
    (PC 1385; *People v. Barro* (2001) 93 Cal.App.4th 62; I-68)."""
    return is_certain(conviction) and all(shown.relief.kind != "pc_1385" for shown in conviction.later_relief)


def is_charge_clear(conviction: Conviction) -> bool:
    """Whether the charge could be read and nothing on record contradicts it."""
    doubts = conviction.doubts
    return bool(conviction.offense.sections) and not (
        doubts and is_in_doubt(doubts, "offense", CONTRADICTORY)
    )


def is_in_doubt(doubts: tuple[Doubt, ...], field: str, kinds: frozenset[str] | None = None) -> bool:
    """Whether the doubts have one of that field, of any kind or of one of ``kinds``."""
    return bool(doubts) and any(
        doubt.field == field and (kinds is None or doubt.kind in kinds) for doubt in doubts
    )


def is_dismissed(conviction: Conviction) -> bool:
    """Whether a source shows it dismissed and sealed under HS 11361.8."""
    reliefs = conviction.later_relief
    return bool(reliefs) and any(shown.relief.kind == "hs_11361_8_dismissal" for shown in reliefs)
