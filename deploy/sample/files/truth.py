"""The expected outcomes of the sample under los-angeles-2021, counted while it is made."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from deploy.sample.population.names import RACE_WORDS
from deploy.sample.population.person import Case, Charge, Person
from deploy.sample.population.places import County
from deploy.sample.population.shape import CITIES

POLICY = "los-angeles-2021"
VALID_FROM = "2026-11-01"
_RACES = [word for words in RACE_WORDS.values() for _, word in words]


@dataclass
class Truth:
    """Takes every person once."""

    county: County
    subjects: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    relief_by_race: Counter[str] = field(default_factory=Counter)
    persons_by_race: Counter[str] = field(default_factory=Counter)
    persons: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    cities: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    core: Counter[str] = field(default_factory=Counter)
    earliest_year: int | None = None

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
        convicted = [(case, charge) for case in live for charge in case.charges if charge.convicted]
        relieved = [charge for _, charge in convicted if _outcome(charge) == "dismissal"]
        left = [c for _, c in convicted if _outcome(c) not in ("dismissal", "already_relieved")]
        # A level that nobody knows may be a felony's.
        felony_left = any(charge.level != "misdemeanor" for charge in left)
        had_felony = any(charge.level == "felony" for charge in relieved)
        self.subjects["+".join(sources)] += 1
        self.core[f"{person.cohort}_persons"] += 1
        if relieved:
            self.persons["relief"] += 1
            self.persons_by_race[person.race_word] += 1
            self.persons["doj_alone"] += any(
                _found_by_doj(case, charge) for case, charge in convicted if charge in relieved
            )
            self.persons["no_felony"] += had_felony and not felony_left
            self.persons["no_conviction"] += not left
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
            "relief": len(relieved),
            "left_with_felony": felony_left,
            "left_with_conviction": bool(left),
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
        if expected.outcome == "dismissal":
            self.levels[charge.level or "unknown"] += 1
            self.relief_by_race[person.race_word] += 1
            self.sources["doj_alone" if _found_by_doj(case, charge) else "court_added"] += 1
            self.earliest_year = min(self.earliest_year or case.day.year, case.day.year)
        if expected.review:
            self.reviews[expected.review] += 1
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
        }

    def totals(self) -> dict[str, Any]:
        """All counts, for ``truth.json``."""
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
            "relief": {
                "convictions": self.outcomes["dismissal"],
                "persons": self.persons["relief"],
                "felonies": self.levels["felony"],
                "misdemeanors": self.levels["misdemeanor"],
                "convictions_by_race": {race: self.relief_by_race[race] for race in _RACES},
                "persons_by_race": {race: self.persons_by_race[race] for race in _RACES},
                "earliest_year": self.earliest_year,
                "doj_alone": {"convictions": self.sources["doj_alone"], "persons": self.persons["doj_alone"]},
                "court_added": {
                    "convictions": self.sources["court_added"],
                    "persons": self.persons["relief"] - self.persons["doj_alone"],
                },
            },
            "left": {
                "persons_with_no_felony": self.persons["no_felony"],
                "persons_with_no_conviction": self.persons["no_conviction"],
            },
            "needs_review": {
                "convictions": self.outcomes["needs_review"],
                "by_reason": dict(sorted(self.reviews.items())),
                "by_city": {city: self.cities[city] for city in CITIES if self.cities[city]},
            },
            "not_eligible": self.outcomes["not_eligible"],
            "already_relieved": self.outcomes["already_relieved"],
            "not_covered": self.outcomes["not_covered"],
        }


def _outcome(charge: Charge) -> str | None:
    return charge.expected.outcome if charge.expected else None


def _in_court(cases: list[Case]) -> bool:
    return any(case.in_court for case in cases)


def _found_by_doj(case: Case, charge: Charge) -> bool:
    """DOJ's record alone gives relief: it does not know who prosecuted a misdemeanor."""
    return case.in_doj and charge.level == "felony" and _outcome(charge) == "dismissal"
