"""Convictions beyond the core, each with its expected outcome."""

from collections.abc import Callable
from datetime import date

from deploy.sample.population.case_inputs import Making
from deploy.sample.population.core import cannabis_case
from deploy.sample.population.person import Case, Expected
from deploy.sample.population.sections import CULTIVATION, FOR_SALE, SALE, SYNTHETIC, UNREADABLE

RENUMBERED = 1973
"""The first year in which no predecessor of today's sections was in force: without a date it would matter."""


def added_case(kind: str, year: int, making: Making) -> Case:
    """The case of one ``kind`` of ``ADDED`` or ``APART`` (shape.py), in about that ``year`` where it is free.

    Where the sources disagree or lack a fact, DOJ's record alone never orders relief that the court's record then
    contradicts: the truth holds for DOJ's file first, and for both at once.
    """
    return _MAKERS[kind](kind, year, making)


def _asked(kind: str, review: str, fact: str, value: str) -> Expected:
    return Expected("needs_review", kind, "district_attorney", review=review, answer=(fact, value))


def _date_asked(kind: str, day: date) -> Expected:
    return _asked(kind, "unknown_conviction_date", "conviction_date", day.isoformat())


def _post_2016(kind: str, _: int, making: Making) -> Case:
    dice = making.dice
    day = date(2017 + dice.below(3), dice.between(6, 12), dice.between(1, 28))
    section = dice.one_of((CULTIVATION, FOR_SALE, SALE))
    expected = Expected("not_eligible", kind)
    return cannabis_case(making, "felony", day, expected, section=section, in_court=dice.chance(80))


def _doj_date_unknown(kind: str, year: int, making: Making) -> Case:
    day = making.life.day_in(max(year, RENUMBERED))
    case = cannabis_case(making, "felony", day, _date_asked(kind, day), in_court=False)
    partial = f"{case.day.year}0000"
    case.doj_day = making.dice.one_of((partial, partial, "", "NULL    ", "00000000", "20910304"))
    return case


def _court_date_unknown(kind: str, year: int, making: Making) -> Case:
    day = making.life.day_in(max(year, RENUMBERED))
    case = cannabis_case(making, "felony", day, _date_asked(kind, day), in_doj=False)
    case.court_knows_day = False
    return case


def _section_unreadable(kind: str, year: int, making: Making) -> Case:
    doj = kind.startswith("doj")
    day = making.life.day_in(year)
    case = cannabis_case(making, "felony", day, None, in_doj=doj, in_court=not doj)
    charge = case.charges[0]
    charge.expected = _asked(kind, "section_unreadable", "section", charge.section.canonical)
    charge.court_text = making.dice.one_of(UNREADABLE)
    charge.doj_text = f"{charge.court_text}-POSS MARIJUANA F/SALE"
    return case


def _synthetic(kind: str, _: int, making: Making) -> Case:
    # HS 11357.5 is in force since 2012.
    dice, expected = making.dice, Expected("not_covered", kind)
    day = making.life.day_in(2012 + dice.below(4))
    return cannabis_case(making, "misdemeanor", day, expected, section=SYNTHETIC, in_court=dice.chance(50))


def _other_county_cannabis(_: str, year: int, making: Making) -> Case:
    case = cannabis_case(making, "felony", making.life.day_in(year), None, in_court=False)
    case.county = making.dice.one_of(making.county.elsewhere)
    return case


def _withdrawn(kind: str, year: int, making: Making) -> Case:
    # Of 2017 and later, so that no relief is ordered before the court takes its record back.
    case = _post_2016(kind, year, making)
    case.charges[0].expected = Expected(None, kind)
    case.in_doj, case.in_court, case.withdrawn = False, True, True
    return case


def _relieved(kind: str, year: int, making: Making) -> Case:
    dice, expected = making.dice, Expected("already_relieved", kind)
    day = making.life.day_in(year)
    case = cannabis_case(making, "felony", day, expected, in_doj=kind.endswith("both"))
    case.charges[0].relieved_on = date(2018 + dice.below(2), dice.between(1, 12), dice.between(1, 28))
    case.sealed = dice.chance(50)
    return case


def _level_disagrees(kind: str, year: int, making: Making) -> Case:
    # A city's: there a felony and a misdemeanor come to different ends, so the level matters.
    expected = _asked(kind, "unknown_level", "level", "felony")
    case = cannabis_case(making, "felony", making.life.day_in(year), expected, city="Long Beach")
    case.charges[0].doj_level = "misdemeanor"
    return case


def _date_disagrees(kind: str, year: int, making: Making) -> Case:
    day = making.life.day_in(max(year, RENUMBERED))
    case = cannabis_case(making, "misdemeanor", day, _date_asked(kind, day))
    case.doj_day = f"{case.day.replace(day=case.day.day % 28 + 1):%Y%m%d}"
    return case


def _level_unknown(kind: str, year: int, making: Making) -> Case:
    expected = _asked(kind, "unknown_level", "level", "felony")
    case = cannabis_case(making, "felony", making.life.day_in(year), expected, city="Los Angeles")
    case.charges[0].level = None
    return case


_MAKERS: dict[str, Callable[[str, int, Making], Case]] = {
    "post_2016": _post_2016,
    "post_2016_only": _post_2016,
    "doj_date_unknown": _doj_date_unknown,
    "court_date_unknown": _court_date_unknown,
    "doj_section_unreadable": _section_unreadable,
    "court_section_unreadable": _section_unreadable,
    "synthetic": _synthetic,
    "other_county_cannabis": _other_county_cannabis,
    "withdrawn": _withdrawn,
    "relieved_in_both": _relieved,
    "relieved_in_court": _relieved,
    "level_disagrees": _level_disagrees,
    "date_disagrees": _date_disagrees,
    "level_unknown": _level_unknown,
}
