"""A sample county in which no two persons share a name, a birth date or a key, and what of each must be forgotten."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from deploy.proof.texts import Text
from deploy.sample.files.doj.columns import COLUMN
from deploy.sample.files.files import Sample
from deploy.sample.population.person import Case, Person
from deploy.sample.population.places import county_named
from deploy.sample.population.shape import shape_at

CONSONANTS, VOWELS = "BDFGKLMNPRSTVZ", "AEIOU"


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the county: the records, and what stands of the person and of each case."""

    records: frozenset[str]
    """Keys of the person's records."""
    person: tuple[Text, ...]
    cases: dict[str, tuple[Text, ...]]
    """By the case number as DOJ has it."""
    relieved: frozenset[str]
    """The cases of which every charge is to be dismissed."""

    @property
    def wholly(self) -> bool:
        """Whether nothing of the person is left once these are sealed."""
        return self.relieved == self.cases.keys()


class UnmistakableSample(Sample):
    """The sample, with names, birth dates and DOJ's keys that nobody shares."""

    def __init__(self, scale: str, seed: int) -> None:
        super().__init__(shape_at(Fraction(scale)), county_named("los-angeles"), seed)
        self.known: list[Known] = []
        self._born: set[date] = set()

    def _write(self, person: Person) -> None:
        person.surname, person.given, person.middle = _name(person.number), _name(person.number + 500_000), ""
        while person.birth in self._born:
            person.birth -= timedelta(days=1)
        self._born.add(person.birth)
        if person.subject_id:
            person.subject_id = f"DJ-{_name(person.number + 1_000_000)}"
        super()._write(person)
        self.known.append(_known(person))


def unmistakable(folder: Path, scale: str, seed: int) -> list[Known]:
    """Writes the sample's files into the folder. Of a birth date that is also the day of something else, nothing can be
    told: it is left out."""
    sample = UnmistakableSample(scale, seed)
    sample.write(folder, lambda: None)
    other = _other_days(folder)
    return [
        replace(one, person=tuple(each for each in one.person if each.text not in other))
        for one in sample.known
    ]


def _other_days(folder: Path) -> set[str]:
    """All days in the files but birth dates, as YYYY-MM-DD."""
    with (folder / "doj.csv").open(encoding="utf-8", newline="") as file:
        cells = {
            cell
            for row in csv.reader(file)
            for place, cell in enumerate(row)
            if place != COLUMN["PRI_DOB"] and re.fullmatch(r"\d{8}", cell)
        }
    found = {f"{cell[:4]}-{cell[4:6]}-{cell[6:]}" for cell in cells}
    for line in (folder / "court.jsonl").read_text().splitlines():
        found |= set(re.findall(r"\d{4}-\d\d-\d\d", re.sub(r'"birth_date":"[^"]*"', "", line)))
    return found


def _known(person: Person) -> Known:
    own = [
        Text("name", person.surname),
        Text("name", person.given),
        Text("birth date", person.birth.isoformat()),
    ]
    if person.cii and not person.shares_cii:
        own.append(Text("CII number", person.cii))
    own += [Text("source key", key) for key in (person.subject_id, person.court_key) if key]
    cases = {case.number: tuple(_of_case(case)) for case in person.cases}
    relieved = frozenset(case.number for case in person.cases if _relieved(case))
    others = person.registered_on or person.deceased_on or person.row_faults or person.shares_cii
    records = {f"court/los-angeles/{case.record_id}" for case in person.cases if case.in_court}
    if person.subject_id:
        records.add(f"doj/los-angeles/{person.subject_id}")
    if others:
        cases = {**cases, "": ()}
    return Known(frozenset(records), tuple(own), cases, relieved)


def _of_case(case: Case) -> Iterator[Text]:
    for number in {case.number if case.in_doj else "", case.court_number if case.in_court else ""} - {""}:
        yield Text("case number", number)
    if case.in_court:
        yield Text("source key", case.record_id)


def _relieved(case: Case) -> bool:
    """Whether relief is due on each conviction in it, so that nothing of it is left."""
    convicted = [charge for charge in case.charges if charge.convicted]
    ends = {charge.expected.outcome if charge.expected else None for charge in convicted}
    return ends == {"dismissal"} and not case.withdrawn


def _name(number: int) -> str:
    """Ten letters or more that are the number's alone; every third one has a letter that JSON may escape."""
    syllables = [a + b for a in CONSONANTS for b in VOWELS]
    rest, letters = number * 7_368_787 % 70**5, ""
    for _ in range(5):
        rest, each = divmod(rest, 70)
        letters += syllables[each]
    return f"{letters[:6]}Ñ{letters[6:]}" if number % 3 == 0 else letters
