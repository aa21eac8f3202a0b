"""The expected outcomes of the sample under los-angeles-2021, counted while it is made."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from deploy.sample.files.relieved import Relieved
from deploy.sample.population.other_offenses import PARAPHERNALIA
from deploy.sample.population.person import Case, Charge, Person
from deploy.sample.population.places import County
from deploy.sample.population.shape import CITIES

POLICY = "los-angeles-2021"
VALID_FROM = "2026-11-01"


BALANCE = {
    "dismissal": ("moved", "ordered"),
    "sustained": ("challenged", "sustained"),
    "needs_review": ("unaccounted", "needs_review"),
    **{why: ("answered", why) for why in ("not_eligible", "already_relieved", "not_covered")},
}
"""The part of the balance that an outcome, or an end, comes to under a standing order."""
_ENDS = ("answered_dismissed", "decided_dismissed", "decided_sustained", "pleas_left_to_a_petition")


@dataclass
class Truth:
    """Takes every person once."""

    county: County
    subjects: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    relieved: Relieved = field(default_factory=lambda: Relieved(lambda expected: expected.outcome))
    worked: Relieved = field(default_factory=lambda: Relieved(lambda expected: expected.end))
    ends: Counter[str] = field(default_factory=Counter)
    doj_alone: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    cities: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    core: Counter[str] = field(default_factory=Counter)
    listed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Convictions that DOJ shows, by part and why, as the balance of its list has them."""
    listed_worked: Counter[tuple[str, str]] = field(default_factory=Counter)

    def lines(self, person: Person) -> Iterator[dict[str, Any]]:
        """The person's facts, then each conviction judged; counts both."""
        yield self._person(person)
        for case in person.cases:
            for charge in case.charges:
                if charge.expected:
                    yield self._conviction(person, case, charge)

    def _person(self, person: Person) -> dict[str, Any]:
        live = [case for case in person.cases if not case.withdrawn]
        sources = [name for name, has in (("doj", person.subject_id), ("court", _in_court(live))) if has]
        self.subjects["+".join(sources)] += 1
        self.core[f"{person.cohort}_persons"] += 1
        self.doj_alone += any(_found_by_doj(case, charge) for case in live for charge in case.charges)
        relief = self.relieved.take(person)
        self.worked.take(person)
        self._traits(person)
        return {
            "kind": "person",
            "person": person.number,
            "cohort": person.cohort,
            "sources": sources,
            "source_subject_id": person.subject_id,
            "cii_number": person.cii,
            "court_records": [case.record_id for case in live if case.in_court],
            "race": person.race_word,
            "sex": person.sex,
            **relief,
            "rap_sheet": "none"
            if not person.subject_id
            else "incomplete"
            if person.row_faults
            else "complete",
            "deceased": person.deceased_on is not None,
            "shares_cii": person.shares_cii,
        }

    def _traits(self, person: Person) -> None:
        self.kinds["persons_deceased"] += person.deceased_on is not None
        self.kinds["persons_registered"] += bool(person.registered_on)
        self.kinds["persons_with_refused_rows"] += bool(person.row_faults)
        for case in person.cases:
            for charge in case.charges:
                self.kinds["attempts"] += charge.attempt
                self.kinds["charges_in_comment"] += bool(charge.comment)
                self.kinds["pc_1203_4"] += charge.set_aside_on is not None
                self.ends["pleas_left_to_a_petition"] += _is_plea(case, charge)
                if case.in_doj and _is_plea(case, charge):
                    self.listed[BALANCE["needs_review"]] += 1
                    self.listed_worked["answered", "petition"] += 1
                if not charge.expected:
                    self.kinds["other_convictions" if charge.convicted else "other_charges"] += 1
                    self.kinds["other_counties"] += case.county != self.county.words

    def _conviction(self, person: Person, case: Case, charge: Charge) -> dict[str, Any]:
        expected = charge.expected
        assert expected  # noqa: S101 - only those are judged
        sources = "+".join(n for n, has in (("doj", case.in_doj), ("court", case.in_court)) if has)
        self.outcomes[expected.outcome or "withdrawn"] += 1
        if expected.kind == "core":
            self.core[f"{'doj' if case.in_doj else 'court_only'}_{charge.level}"] += 1
            self.core[f"core_{sources}"] += 1
        else:
            self.kinds[expected.kind] += 1
        if case.in_doj and expected.outcome and expected.end:
            self.listed[BALANCE[expected.outcome]] += 1
            self.listed_worked[BALANCE[expected.end]] += 1
        if expected.outcome == "dismissal":
            self.sources["doj_alone" if _found_by_doj(case, charge) else "court_added"] += 1
        if expected.review:
            self.reviews[expected.review] += 1
            how = "answered" if expected.answer else "decided"
            self.ends[f"{how}_{'dismissed' if expected.end == 'dismissal' else expected.end}"] += 1
        if expected.city:
            self.cities[expected.city] += 1
        return {
            "kind": "conviction",
            "person": person.number,
            "added_as": expected.kind,
            "sources": sources.split("+"),
            "case_number": {
                **({"doj": case.number} if case.in_doj else {}),
                **({"court": case.court_number} if case.in_court else {}),
            },
            "section": charge.named,
            "level": charge.level,
            "date": case.day.isoformat(),
            "outcome": expected.outcome,
            "route": expected.route,
            "city": expected.city,
            "review": expected.review,
            "answer": dict(zip(("fact", "value"), expected.answer, strict=True)) if expected.answer else None,
            "end": expected.end,
        }

    def totals(self) -> dict[str, Any]:
        """All counts, for ``truth.json``; ``worked``: once the offices have worked their reviews."""
        relief, left = self.relieved.totals().values()
        return {
            "policy": POLICY,
            "valid_from": VALID_FROM,
            "subjects": {
                "total": self.subjects.total(),
                "doj_and_court": self.subjects["doj+court"],
                "doj_only": self.subjects["doj"],
                "court_only": self.subjects["court"],
            },
            "core": dict(sorted(self.core.items())),
            "on_top": dict(sorted(self.kinds.items())),
            "relief": relief
            | {
                "doj_alone": {"convictions": self.sources["doj_alone"], "persons": self.doj_alone},
                "court_added": {
                    "convictions": self.sources["court_added"],
                    "persons": relief["persons"] - self.doj_alone,
                },
            },
            "left": left,
            "doj_list": _parts(self.listed),
            "needs_review": {
                "convictions": self.outcomes["needs_review"],
                "by_reason": dict(sorted(self.reviews.items())),
                "by_city": {city: self.cities[city] for city in CITIES if self.cities[city]},
            },
            "not_eligible": self.outcomes["not_eligible"],
            "already_relieved": self.outcomes["already_relieved"],
            "not_covered": self.outcomes["not_covered"],
            "worked": {
                **self.worked.totals(),
                "reviews": {name: self.ends[name] for name in _ENDS},
                "doj_list": _parts(self.listed_worked),
            },
        }


def _parts(listed: Counter[tuple[str, str]]) -> dict[str, Any]:
    """How many DOJ's list has, and of each part by why."""
    parts: dict[str, dict[str, int]] = {
        part: {} for part in ("moved", "challenged", "answered", "unaccounted")
    }
    for (part, why), number in sorted(listed.items()):
        parts[part][why] = number
    return {"listed": listed.total(), "parts": parts}


def _outcome(charge: Charge) -> str | None:
    return charge.expected.outcome if charge.expected else None


def _in_court(cases: list[Case]) -> bool:
    return any(case.in_court for case in cases)


def _is_plea(case: Case, charge: Charge) -> bool:
    """A plea to another section beside a cannabis charge that the law covers, which a person has to see."""
    beside = case.charges[0].expected
    covered = beside is not None and beside.outcome not in (None, "not_covered")
    return covered and charge.convicted and charge.section is PARAPHERNALIA


def _found_by_doj(case: Case, charge: Charge) -> bool:
    """DOJ's record alone gives relief: it does not know who prosecuted a misdemeanor."""
    return case.in_doj and charge.level == "felony" and _outcome(charge) == "dismissal"
