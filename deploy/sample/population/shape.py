"""How many of each kind: the shape of Los Angeles County's two waves, in whole numbers at any scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

RACES = {"black": 32, "latino": 45, "white": 20, "other_or_unknown": 3}

CITIES = {
    "Los Angeles": 2000,
    "Long Beach": 600,
    "Torrance": 200,
    "Pasadena": 300,
    "Inglewood": 200,
    "Burbank": 200,
    "Santa Monica": 200,
    "Hawthorne": 100,
    "Redondo Beach": 100,
    "Hermosa Beach": 100,
}
"""Los Angeles County's cities that prosecute their own misdemeanors, with their share of 4,000."""

TRAITS = {
    "super_strike": 2600,  # PC 187 and the like before a cannabis conviction
    "sex_offence": 1600,  # a PC 290 offence before it, and registrations
    "running_sentence": 900,  # for something else, for decades to come
    "deceased": 2100,
}
"""Persons of the core, one trait each; nothing that los-angeles-2021 asks about."""

ADDED = {
    "post_2016": 2400,
    "doj_date_unknown": 500,
    "court_date_unknown": 300,
    "doj_section_unreadable": 400,
    "court_section_unreadable": 300,
    "synthetic": 600,  # 11357.5
    "other_county_cannabis": 1500,
    "withdrawn": 100,
}
"""Persons of the core who have one conviction of this kind besides."""

APART = {
    "relieved_in_both": 600,
    "relieved_in_court": 600,
    "level_disagrees": 300,
    "date_disagrees": 300,
    "level_unknown": 200,
    "post_2016_only": 500,
}
"""Persons besides the core, with one conviction each."""

WRITINGS = {"attempt": 700, "comment_charge": 900, "pc_1203_4": 3000}
"""Felonies of the core, of 62,000: written otherwise, or with earlier relief; relief is due all the same."""

SENT_TWICE, REVISED, IDENTICAL_ROWS, SHARED_CII_PAIRS, OF_EACH_FAULT = 900, 600, 300, 200, 100


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """``total`` split by weight into whole numbers that add up to it (largest remainder; ties to the first)."""
    whole = sum(weights.values())
    parts = {name: total * weight // whole for name, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda name: -(total * weights[name] % whole))
    for name in by_remainder[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


@dataclass(frozen=True)
class Shape:
    """Whole numbers at one scale. Each mapping adds up to the number of persons or convictions that it splits."""

    scale: Fraction
    persons: dict[str, int]
    """Persons by cohort: ``core`` (DOJ knows them), ``court_only``, and those of ``APART``."""
    core_convictions: dict[int, int]
    """Persons of the core by how many convictions DOJ knows of them."""
    core_kinds: dict[str, int]
    """Those convictions: ``city`` misdemeanors, ``both`` (felonies of both sources), ``doj`` (in DOJ's only)."""
    lacking: dict[int, int]
    """Persons of the core by how many convictions their rap sheet lacks."""
    court_only_convictions: dict[int, int]
    court_kinds: dict[str, int]
    """Convictions that only the court has: ``felony``, ``misdemeanor``."""
    cities: dict[str, int]
    traits: dict[str, int]
    added: dict[str, int]
    writings: dict[str, int]
    sent_twice: int
    revised: int
    identical_rows: int
    shared_cii_pairs: int
    of_each_fault: int


def shape_at(scale: Fraction) -> Shape:
    """The shape at ``scale`` (1: 124,000 convictions). Exact where the scale gives whole numbers."""
    persons = _at(53_000, scale)
    known = _at(66_000, scale)
    kinds = split(known, {"both": 52_100, "doj": 9_900, "city": 4_000})
    court = split(_at(58_000, scale), {"lacking": 40_600, "alone": 17_400})
    alone = _by_number(court["alone"], {2: 2_000}, 17_400)
    return Shape(
        scale=scale,
        persons={"core": persons, "court_only": sum(alone.values()), **_all_at(APART, scale)},
        core_convictions={n + 1: count for n, count in _spread(known - persons, persons).items()},
        core_kinds=kinds,
        lacking=_rest(persons, _by_number(court["lacking"], {2: 6_800, 3: 1_000}, 40_600)),
        court_only_convictions=alone,
        court_kinds=split(sum(court.values()), {"felony": 20_000, "misdemeanor": 38_000}),
        cities=split(kinds["city"], CITIES),
        traits=_with_rest(persons, _all_at(TRAITS, scale)),
        added=_with_rest(persons, _all_at(ADDED, scale)),
        writings=_with_rest(kinds["both"] + kinds["doj"], _all_at(WRITINGS, scale)),
        sent_twice=_at(SENT_TWICE, scale),
        revised=_at(REVISED, scale),
        identical_rows=_at(IDENTICAL_ROWS, scale),
        shared_cii_pairs=_at(SHARED_CII_PAIRS, scale),
        of_each_fault=max(1, _at(OF_EACH_FAULT, scale)),
    )


def _at(number: int, scale: Fraction) -> int:
    return int(number * scale + Fraction(1, 2))


def _all_at(numbers: Mapping[str, int], scale: Fraction) -> dict[str, int]:
    return {name: _at(number, scale) for name, number in numbers.items()}


def _with_rest(total: int, parts: dict[str, int]) -> dict[str, int]:
    return {**parts, "none": total - sum(parts.values())}


def _rest(total: int, by_number: dict[int, int]) -> dict[int, int]:
    return {0: total - sum(by_number.values()), **by_number}


def _by_number(things: int, several: Mapping[int, int], of: int) -> dict[int, int]:
    """Persons by number of things, so that the things add up: ``several`` of ``of``, the others have one."""
    persons = {number: things * count // of for number, count in several.items()}
    return {1: things - sum(number * count for number, count in persons.items()), **persons}


def _spread(more: int, persons: int) -> dict[int, int]:
    """Persons by how many convictions they have beyond their first."""
    by_number = _by_number(more, {2: 1_400, 3: 400}, 13_000)
    return _rest(persons, by_number)
