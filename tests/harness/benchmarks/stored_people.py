"""Fabricated people in any number, each the same whenever made: what reconciliation's database is filled with.

Bodies are those of the sample's own records, with another person and other case numbers in them. Names have the long
tail that names have: the sample's lists are the common ones, and made-up ones follow, ever rarer.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import accumulate
from random import Random

from deploy.sample.population import names
from reliefstream_contracts.case_numbers import comparable
from reliefstream_contracts.identifiers import CiiNumber, CountyName
from reliefstream_contracts.records import CaseRecorded, PersonName, RapSheetRecorded, SourceRecord
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.names import comparable_name
from services.reconciliation.linkage.resemblance.negative_evidence import NegativeEvidence
from tests.harness.accuracy.county import COUNTY, fabricated

SEED = 64064
SYLLABLES = (
    "ba be bo da de do ga gu ka ke ki la le lo ma me mi mo na ne no ra re ri ro sa se so ta te to va vi za"
)
SURNAMES, GIVEN_NAMES = 20_000, 1_500
"""How many there are; the most common of each has 1.2 and 3 in a hundred."""
MOST_CASES = 16
FIRST_BORN, DAYS = date(1935, 1, 1), 55 * 365


@dataclass(frozen=True, slots=True)
class Written:
    """One stored record: its row and what it is compared by, the two made to agree."""

    key: str
    event: type[SourceRecord]
    body: str
    description: Description

    def record(self, sequence: int = 1) -> SourceRecord:
        return self.event.from_json(self.body).replace(sequence=sequence)


@dataclass(frozen=True, slots=True)
class Template:
    """A record of the sample, cut where its person and its numbers stand."""

    event: type[SourceRecord]
    before: str
    after: str
    record_id: str
    cases: tuple[tuple[str, bool], ...]
    """Its case numbers, and whether the case is in its own county; those come first."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Names, each as often drawn as its rank in a population says."""

    values: tuple[str, ...]
    cumulated: tuple[float, ...]

    def by(self, dice: Random) -> str:
        return dice.choices(self.values, cum_weights=self.cumulated)[0]


def people(first: int, end: int) -> list[list[Written]]:
    """The records of each of these people, one or more."""
    return [_records(number) for number in range(first, end)]


@cache
def _templates() -> dict[str, tuple[Template, ...]]:
    found: dict[str, list[Template]] = {"doj": [], "court": []}
    for record in fabricated(Fraction(1, 200), SEED).records.values():
        before, person, after = record.to_json().decode().partition(record.person.to_json().decode())
        assert person
        here = {str(one.case_number) for one in record.counts if one.case_number and one.county == COUNTY}
        numbers = dict.fromkeys(str(one.case_number) for one in record.counts if one.case_number)
        cases = sorted(((number, number in here) for number in numbers), key=lambda case: not case[1])
        assert len(cases) <= MOST_CASES
        found[record.source].append(
            Template(type(record), before, after, str(record.record_id), tuple(cases))
        )
    return {source: tuple(each) for source, each in found.items()}


@cache
def _name_lists() -> tuple[Drawn, dict[str, Drawn]]:
    surnames = dict.fromkeys(
        name for rank in range(40) for group in names.SURNAMES.values() for name in group[rank : rank + 1]
    )
    men = _woven(names.GIVEN_MALE, names.GIVEN_MALE_SPANISH)
    women = _woven(names.GIVEN_FEMALE, names.GIVEN_FEMALE_SPANISH)
    return (
        _ranked(tuple(surnames), SURNAMES, 0.95, 8),
        {"M": _ranked(men, GIVEN_NAMES, 1.05, 6), "F": _ranked(women, GIVEN_NAMES, 1.05, 6)},
    )


def _woven(ones: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    by_rank = (name for pair in zip(ones, others, strict=False) for name in pair)
    return tuple(dict.fromkeys((*by_rank, *ones, *others)))


def _ranked(common: tuple[str, ...], number: int, steepness: float, head: int) -> Drawn:
    dice, known, syllables = Random(number), dict.fromkeys(common), SYLLABLES.split()
    while len(known) < number:
        known["".join(dice.choices(syllables, k=dice.randint(2, 4))).upper()] = None
    weights = (1 / (rank + head) ** steepness for rank in range(1, number + 1))
    return Drawn(tuple(known), tuple(accumulate(weights)))


def _records(number: int) -> list[Written]:
    dice = Random((SEED << 32) + number)
    surnames, given_names = _name_lists()
    sex = "F" if dice.random() < 0.14 else "M"
    surname, given = surnames.by(dice), given_names[sex].by(dice)
    if dice.random() < 0.15:
        surname += " " + surnames.by(dice)
    person = {
        "name": {
            "surname": surname,
            "given": given,
            "middle": dice.choice("ABCDEFJLMR") if number % 5 else None,
        },
        "birth_date": (FIRST_BORN + timedelta(days=int(dice.random() * DAYS))).isoformat(),
        "sex": sex,
        "race": dice.choice(("BLACK", "HISPANIC", "WHITE", "OTHER")),
    }
    cii = f"Z{number:09d}"
    drawn = dice.random()
    sources = ["doj"] if drawn < 0.85 else []
    sources += ["court"] * (1 if drawn > 0.25 else 0) + ["court"] * (1 if drawn > 0.9 else 0)
    written = []
    for place, source in enumerate(sources):
        own = dict(person)
        if source == "doj" or dice.random() > 0.3:
            own["cii_numbers"] = [cii]
        own["source_subject_id"] = f"{number}" if source == "doj" else f"P{number}"
        # The first case of the rap sheet is the case that the court sends.
        written.append(_written(dice.choice(_templates()[source]), own, number, place))
    return written


def _written(template: Template, person: dict[str, object], number: int, place: int) -> Written:
    doj = template.event is RapSheetRecorded
    record_id = f"{number}" if doj else f"C{number}-{place}"
    before = template.before.replace(f'"record_id":"{template.record_id}"', f'"record_id":"{record_id}"', 1)
    after, cases = template.after, []
    for at, (old, own) in enumerate(template.cases):
        new = f"BA{number * MOST_CASES + at:09d}"
        after = after.replace(f'"{old}"', f'"{new}"')
        if own:
            cases.append(new)
    return Written(
        f"{'doj' if doj else 'court'}/{COUNTY}/{record_id}",
        RapSheetRecorded if doj else CaseRecorded,
        f"{before}{json.dumps(person)}{after}",
        _description(template, person, cases),
    )


def _description(template: Template, person: dict[str, object], cases: Sequence[str]) -> Description:
    name = person["name"]
    assert isinstance(name, dict)
    race = str(person["race"]).casefold()
    return Description(
        source="doj" if template.event is RapSheetRecorded else "court",
        county=CountyName(COUNTY),
        evidence=NegativeEvidence(
            name=comparable_name(PersonName.of(name)),
            birth_date=date.fromisoformat(str(person["birth_date"])),
            sex=str(person["sex"]),
        ),
        race="" if race == "other" else race,
        cii_numbers=tuple(map(CiiNumber, person.get("cii_numbers", ()))),  # type: ignore[call-overload]
        source_key=str(person["source_subject_id"]),
        cases=frozenset(f"{COUNTY}/{case}" for number in cases if (case := comparable(number))),
    )
