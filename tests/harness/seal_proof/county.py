"""A sample county in which no two persons share a name, a birth date or a key, and what of each must be forgotten."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

from deploy.proof.texts import Text
from deploy.sample.files.doj.columns import COLUMN
from deploy.sample.files.files import Sample
from deploy.sample.population.person import Case, Person
from deploy.sample.population.places import county_named
from deploy.sample.population.shape import shape_at

CONSONANTS, VOWELS = "BDFGKLMNPRSTVZ", "AEIOU"


Fate = Literal["sealed", "stays", "unclear", "withdrawn"]


class Piece(NamedTuple):
    """What a record says of one case."""

    record: str
    """The record's key."""
    case: int
    """The person's cases are numbered."""
    fate: Fate
    """What becomes of it once each relief of the person is sealed. ``unclear``: charges without a conviction, which go
    with their rap sheet or stay in it; what is in quarantine. ``withdrawn``: the court took its record back, and what
    it said goes, whether anything is sealed or not, unless relief stands on it."""
    texts: frozenset[Text]


class Known(NamedTuple):
    """A person of the county, by pieces."""

    pieces: tuple[Piece, ...]

    @property
    def wholly(self) -> bool:
        """Whether nothing of the person is left once these are sealed."""
        return all(each.fate == "sealed" for each in self.pieces)

    @property
    def relieved(self) -> int:
        """How many cases are to be sealed."""
        return len({each.case for each in self.pieces if each.fate == "sealed"})

    @property
    def staying(self) -> frozenset[str]:
        """Keys of the records that stay."""
        return frozenset(each.record for each in self.pieces if each.fate == "stays")


class UnmistakableSample(Sample):
    """The sample, with names, birth dates and DOJ's keys that nobody shares."""

    def __init__(self, scale: str, seed: int) -> None:
        super().__init__(shape_at(Fraction(scale)), county_named("los-angeles"), seed)
        self.persons: list[Person] = []
        self._born: set[date] = set()

    def _write(self, person: Person) -> None:
        person.surname, person.given, person.middle = _name(person.number), _name(person.number + 500_000), ""
        while person.birth in self._born:
            person.birth -= timedelta(days=1)
        self._born.add(person.birth)
        if person.subject_id:
            person.subject_id = f"DJ-{_name(person.number + 1_000_000)}"
        super()._write(person)
        self.persons.append(person)


def unmistakable(folder: Path, scale: str, seed: int) -> list[Known]:
    """Writes the sample's files into the folder. Of a birth date that is also the day of something else, nothing can be
    told: it is left out."""
    sample = UnmistakableSample(scale, seed)
    sample.write(folder, lambda: None)
    court = (folder / "court.jsonl").read_text().splitlines()
    lines = defaultdict(str)
    for case in (json.loads(line) for line in court if line.startswith("{") and line.endswith("}")):
        lines[f"court/los-angeles/{case['record_id']}"] += json.dumps(case, ensure_ascii=False).upper()
    other = _other_days(folder)
    return [
        Known(
            tuple(
                each._replace(texts=_said(each, lines.get(each.record)) - other) for each in _pieces(person)
            )
        )
        for person in sample.persons
    ]


def _said(piece: Piece, case: str | None) -> frozenset[Text]:
    """Those of its texts that its record says; a court may leave some out. ``case``: None: a rap sheet, with all."""
    return frozenset(each for each in piece.texts if case is None or each.text.upper() in case)


def _other_days(folder: Path) -> set[Text]:
    """All days in the files but birth dates."""
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
    return {Text("birth date", day) for day in found}


def _pieces(person: Person) -> Iterator[Piece]:
    person_texts = {Text("name", person.surname), Text("name", person.given)}
    person_texts.add(Text("birth date", person.birth.isoformat()))
    if person.cii and not person.shares_cii:
        person_texts.add(Text("CII number", person.cii))
    sheet = f"doj/los-angeles/{person.subject_id}"
    on_sheet = person_texts | {Text("source key", person.subject_id or "")}
    by_court = person_texts | {Text("source key", person.court_key or "")}
    for number, case in enumerate(person.cases):
        fate = _fate(case)
        if case.in_court:
            own = {Text("case number", case.court_number.upper())}
            if not case.withdrawn:  # of which the id stays
                own.add(Text("source key", case.record_id))
            # A court's record stays as it is where nothing in it is sealed.
            of_court: Fate = "withdrawn" if case.withdrawn else "stays" if fate == "unclear" else fate
            yield Piece(f"court/los-angeles/{case.record_id}", number, of_court, frozenset(by_court | own))
        if case.in_doj:
            yield Piece(sheet, number, fate, frozenset(on_sheet | {Text("case number", case.number)}))
    if person.registered_on or person.deceased_on or person.row_faults or person.shares_cii:
        yield Piece(sheet, -1, "unclear", frozenset(on_sheet))


def _fate(case: Case) -> Fate:
    convicted = [charge for charge in case.charges if charge.convicted]
    ends = {charge.expected.outcome if charge.expected else None for charge in convicted}
    if not convicted or case.withdrawn:
        return "unclear"
    return "sealed" if ends == {"dismissal"} else "stays"


def _name(number: int) -> str:
    """Ten letters or more that are the number's alone; every third one has a letter that JSON may escape."""
    syllables = [a + b for a in CONSONANTS for b in VOWELS]
    rest, letters = number * 7_368_787 % 70**5, ""
    for _ in range(5):
        rest, each = divmod(rest, 70)
        letters += syllables[each]
    return f"{letters[:6]}Ñ{letters[6:]}" if number % 3 == 0 else letters
