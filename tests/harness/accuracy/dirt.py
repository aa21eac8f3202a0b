"""Makes the fabricated county dirtier, from a seed: what clerks mistype, leave out and mix up, and people who are
easily taken for each other.

The rates are in ``RATES``, in hundredths of the court's records (or of the persons, for people added). Nothing here
looks at how linkage works.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

from msgspec.structs import asdict

from deploy.sample.chance.dice import Dice
from deploy.sample.population import names
from reliefstream_contracts.identifiers import CaseNumber, CiiNumber, RecordId, SourceSubjectId
from reliefstream_contracts.records import Count, Person, PersonName, SourceRecord
from tests.harness.accuracy.county import County

RATES = {
    "no CII number": 30,
    "no court key": 25,
    "another court key": 5,
    "CII number mistyped": 1,
    "another's CII number": 0.5,
    "surname mistyped": 4,
    "given name mistyped": 3,
    "surname and given name swapped": 1.5,
    "one of two surnames": 10,
    "maiden name, of women": 4,
    "given name's initial alone": 2,
    "no middle name": 20,
    "no suffix": 40,
    "day and month swapped": 1.5,
    "birth date mistyped": 2,
    "1 January of the year": 1,
    "no birth date": 3,
    "another sex": 0.3,
    "another race": 4,
    "case number mistyped": 1.5,
    "another's case number": 0.3,
    "placeholder for the name": 0.3,
    "name in another order": 0.3,
    "suffix in a word": 40,
    "defendant's suffix on the case number": 3,
    "code of the section left out": 3,
}
PLACEHOLDERS = (
    ("LNU", "FNU"),
    ("UNKNOWN", "UNKNOWN"),
    ("DOE", "JOHN"),
    ("DOE", "JANE"),
    ("REFUSED", "REFUSED"),
)
SUFFIX_WORDS = {"JR": "JUNIOR", "SR": "SENIOR", "II": "2ND", "III": "3RD"}
PEOPLE = {"twin": 1, "father": 1, "co-defendant": 1, "namesake": 0.2}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class Dirt:
    """One dirtying; feed it a county once."""

    seed: int
    rates: dict[str, float] = field(default_factory=lambda: dict(RATES))

    def on(self, county: County) -> County:
        """Another county, dirtier and with more people; the given one stays as it is."""
        dice = Dice(self.seed)
        people: dict[int, list[SourceRecord]] = {}
        for key in sorted(county.records):
            people.setdefault(county.person[key], []).append(county.records[key])
        dirty = County({}, {})
        number = max(people) + 1
        numbers = [r.person.cii_numbers[0] for r in county.records.values() if r.source == "doj"]
        cases = [c.case_number for r in county.records.values() for c in r.counts if c.case_number]
        for person in sorted(people):
            given = [(person, record) for record in people[person]]
            for kind, rate in PEOPLE.items():
                if _happens(dice, rate) and any(record.source == "doj" for _, record in given):
                    given += [(number, record) for record in another(kind, people[person], number, dice)]
                    number += 1
            for whose, clean in given:
                record = self._mistaken(clean, dice, numbers, cases) if clean.source == "court" else clean
                dirty.add(record, whose, truly=clean)
        return dirty

    def _mistaken(
        self, record: SourceRecord, dice: Dice, numbers: list[CiiNumber], cases: list[CaseNumber]
    ) -> SourceRecord:
        def may(what: str) -> bool:
            return _happens(dice, self.rates[what])

        person = record.person
        known: dict[str, Any] = asdict(person)
        name: dict[str, Any] = asdict(person.name or PersonName())
        if may("CII number mistyped") and known["cii_numbers"]:
            known["cii_numbers"] = (CiiNumber(_digit_typed_over(known["cii_numbers"][0], dice)),)
        if may("another's CII number"):
            known["cii_numbers"] = (dice.one_of(numbers),)
        if may("no CII number"):
            known["cii_numbers"] = ()
        if may("another court key"):
            known["source_subject_id"] = SourceSubjectId(f"D{record.record_id}")
        if may("no court key"):
            known["source_subject_id"] = None
        _misname(name, may, dice, known["sex"] == "F")
        known["name"] = PersonName(**name)
        known["birth_date"] = _misdated(known["birth_date"], may, dice)
        if may("another sex"):
            known["sex"] = "M" if known["sex"] == "F" else "F"
        if may("another race"):
            known["race"] = dice.one_of(("BLACK", "HISPANIC", "WHITE", "OTHER", None))
        changed: dict[str, Any] = {"person": Person(**known)}
        if may("case number mistyped"):
            changed["counts"] = _renumbered(record, lambda number: _digit_typed_over(number, dice))
        elif may("another's case number"):
            other = dice.one_of(cases)
            changed["counts"] = _renumbered(record, lambda _: other)
        return self._written_otherwise(record.replace(**changed))

    def _written_otherwise(self, record: SourceRecord) -> SourceRecord:
        """The record with what a clerk does not know, or writes in another way: from chance of its own, so that
        another rate changes no other record."""
        digest = blake2b(f"{self.seed}/{record.key()}".encode(), digest_size=6).hexdigest()
        dice = Dice(int(digest, 16))

        def may(what: str) -> bool:
            return _happens(dice, self.rates[what])

        name: dict[str, Any] = asdict(record.person.name or PersonName())
        _rename(name, may, dice)
        counts = record.counts
        if may("defendant's suffix on the case number"):
            suffix = f"-0{dice.between(1, 4)}"
            counts = _renumbered(record, lambda number: f"{number}{suffix}")
        if may("code of the section left out"):
            counts = tuple(map(_without_code, counts))
        person = record.person.replace(name=PersonName(**name))
        return record.replace(person=person, counts=counts)


def another(kind: str, like: list[SourceRecord], number: int, dice: Dice) -> list[SourceRecord]:
    """The records of one more person who is easily taken for the one whose records are given."""
    sheet = next(record for record in like if record.source == "doj")
    person, name = sheet.person, sheet.person.name or PersonName()
    first_names = names.GIVEN_FEMALE if person.sex == "F" else names.GIVEN_MALE
    own: dict[str, Any] = {"source_subject_id": SourceSubjectId(f"7{number}")}
    cii = str(person.cii_numbers[0])
    other_given = dice.one_of([given for given in first_names if given != name.given])
    born = person.birth_date or date(1950, 1, 2)
    new: dict[str, Any] = {"given": other_given}
    number_of_own = CiiNumber(f"{cii[0]}9{number:07d}")
    if kind == "twin":
        number_of_own = CiiNumber(cii[:-1] + str((int(cii[-1]) + 1) % 10))
    elif kind == "father":
        new = {
            "suffix": "SR" if dice.chance(50) else None,
            "middle": name.middle if dice.chance(50) else None,
        }
        born = born.replace(year=born.year - dice.between(19, 35), day=min(born.day, 28))
    elif kind == "co-defendant":
        born = date(born.year + dice.between(-8, 8), dice.between(1, 12), dice.between(1, 28))
        if dice.chance(50):
            new["surname"] = dice.one_of(names.SURNAMES_LATINO)
    else:
        new = {"middle": dice.one_of(LETTERS)}
    own |= {"cii_numbers": (number_of_own,), "name": name.replace(**new), "birth_date": born}
    made = []
    for record in like:
        key = f"P7{number}" if record.source == "court" else f"7{number}"
        changed = record.person.replace(**own | {"source_subject_id": SourceSubjectId(key)})
        counts = (
            record.counts if kind == "co-defendant" else _renumbered(record, lambda n: f"{n[:2]}9{n[2:]}")
        )
        record_id = RecordId(f"7{number}" if record.source == "doj" else f"{record.record_id}-{number}")
        made.append(record.replace(record_id=record_id, person=changed, counts=counts))
    return made


def _happens(dice: Dice, of_hundred: float) -> bool:
    return dice.random() * 100 < of_hundred


def _misname(name: dict[str, Any], may: Callable[[str], bool], dice: Dice, woman: bool) -> None:
    parts = (name["surname"] or "").replace("-", " ").split()
    if len(parts) == 2 and may("one of two surnames"):
        name["surname"] = parts[0] if dice.chance(70) else parts[1]
    if woman and may("maiden name, of women"):
        name["surname"] = dice.one_of(names.SURNAMES_WHITE)
    for part in ("surname", "given"):
        if name[part] and may(f"{part.replace('given', 'given name')} mistyped"):
            name[part] = _mistyped(name[part], dice)
    if name["given"] and may("given name's initial alone"):
        name["given"] = name["given"][0]
    if may("surname and given name swapped"):
        name["surname"], name["given"] = name["given"], name["surname"]
    for part, what in (("middle", "no middle name"), ("suffix", "no suffix")):
        if may(what):
            name[part] = None


def _rename(name: dict[str, Any], may: Callable[[str], bool], dice: Dice) -> None:
    if name["surname"] and name["given"] and name["middle"] and may("name in another order"):
        name["surname"], name["given"], name["middle"] = name["middle"], name["surname"], name["given"]
    if name["suffix"] in SUFFIX_WORDS and may("suffix in a word"):
        name["middle"] = f"{name['middle'] or ''} {SUFFIX_WORDS[name['suffix']]}".strip()
        name["suffix"] = None
    if may("placeholder for the name"):
        name["surname"], name["given"] = dice.one_of(PLACEHOLDERS)
        name["middle"] = name["suffix"] = None


def _misdated(born: date | None, may: Callable[[str], bool], dice: Dice) -> date | None:
    if born is None or may("no birth date"):
        return None
    if born.day <= 12 and may("day and month swapped"):
        return born.replace(month=born.day, day=born.month)
    if may("birth date mistyped"):
        part = dice.one_of(("year", "month", "day"))
        if part == "year":
            return born.replace(year=born.year // 10 * 10 + dice.below(10))
        return (
            born.replace(month=dice.between(1, 12))
            if part == "month"
            else born.replace(day=dice.between(1, 28))
        )
    if may("1 January of the year"):
        return date(born.year, 1, 1)
    return born


def _mistyped(text: str, dice: Dice) -> str:
    at = dice.below(len(text))
    slip = dice.below(4)
    letter = LETTERS[dice.below(26)]
    if slip == 0:
        return text[:at] + letter + text[at + 1 :]
    if slip == 1 and len(text) > 2:
        return text[:at] + text[at + 1 :]
    if slip == 2:
        return text[:at] + letter + text[at:]
    at = min(at, len(text) - 2)
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :] if at >= 0 else text


def _digit_typed_over(number: str, dice: Dice) -> str:
    places = [at for at, character in enumerate(number) if character.isdigit()]
    at = dice.one_of(places[1:] or places)
    return f"{number[:at]}{dice.below(10)}{number[at + 1 :]}"


def _without_code(count: Count) -> Count:
    sections = tuple(section.replace(code="") for section in count.offense.sections)
    return count.replace(offense=count.offense.replace(sections=sections))


def _renumbered(record: SourceRecord, change: Callable[[str], str]) -> tuple[Count, ...]:
    return tuple(
        count.replace(case_number=CaseNumber(change(count.case_number))) if count.case_number else count
        for count in record.counts
    )
