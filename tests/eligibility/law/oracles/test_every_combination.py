"""Every combination of section, level, age, bars and facts: the law agrees with the statute's words (an oracle).

Enumerated, not sampled: what a rule gets wrong shows up in some of them, however rare it is in a county.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice, product
from typing import Any

import pytest

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.vocabulary.stated_facts import StatedFact
from services.eligibility.files.policy_files import load_policy, policy_names
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from tests.effort import FAST
from tests.eligibility.builders import AS_OF, LOS_ANGELES, a_conviction, a_history, a_statement
from tests.eligibility.law.oracles.oracle_of_the_statute import RANK, Known, Offense, minimum

POLICIES = [name for name in policy_names() if load_policy(name).law.name == "hs-11361.8"]
SECTIONS = (
    *("11357", "11357(a)", "11357(b)", "11357(c)", "11357(d)", "11357(e)"),
    *("11358", "11359", "11360", "11360(a)", "11360(b)"),
)
LEVELS = ("felony", "misdemeanor", "infraction", None)
CHARGED, CONVICTED = date(2010, 2, 1), date(2010, 5, 1)
BORN = {
    "under_18": date(1992, 2, 2),
    "18_to_20": date(1989, 2, 2),
    "21_or_older": date(1989, 2, 1),
    None: None,
}
LONG_AGO = date(2005, 1, 1)
SUPER_STRIKES: dict[str, tuple[Known, dict[str, Any]]] = {
    "none": (False, {}),
    "before the charge": (True, {"sections": "PC 37", "conviction_date": CHARGED - timedelta(1)}),
    "between charge and conviction": (None, {"sections": "PC 37", "conviction_date": CHARGED}),
    "on the day of the conviction": (False, {"sections": "PC 37", "conviction_date": CONVICTED}),
    "of the same case": (False, {"sections": "PC 37", "conviction_date": CHARGED, "case_number": "A1"}),
    "with an unknown element": (None, {"sections": "PC 191.5(b)", "conviction_date": LONG_AGO}),
}
SEX_OFFENSES: dict[str, tuple[Known, str]] = {
    "none": (False, ""),
    "listed": (True, "PC 311.3"),
    "lewd?": (None, "PC 272"),
}
PRIORS: dict[str, tuple[Known, int, int]] = {
    "none": (False, 0, 0),
    "two": (True, 2, 0),
    "one and a doubt": (None, 1, 1),
}
"""How many of the same section, and how many more of an unknown level."""
FACTS: dict[str, tuple[tuple[str, str, Known], ...]] = {
    "few_plants": (("plants", "at_most_six", True), ("plants", "more_than_six", False)),
    "little": (("weight", "within_the_limit", True), ("weight", "above_the_limit", False)),
    "on_school_grounds": (("school_grounds", "yes", True), ("school_grounds", "no", False)),
    "disqualified_by_itself": (("buyer_under_18", "yes", True),),
}
ASKED = {"11357": ("little", "on_school_grounds"), "11357(a)": ("little",), "11358": ("few_plants",)}
"""Facts that may matter of a section; of 11359 and 11360 what disqualifies by itself."""


def combinations(strikes: tuple[str, ...]) -> Iterator[tuple[Offense, HistoryChanged, str]]:
    """Each combination, as the oracle and as the law sees it, and in words."""
    for section, level, (age, born) in product(SECTIONS, LEVELS, BORN.items()):
        asked = ASKED.get(section, ("disqualified_by_itself",) if section[:5] in {"11359", "11360"} else ())
        own = a_conviction(
            f"HS {section}",
            level_convicted=level,
            offense_date=CHARGED,
            conviction_date=CONVICTED,
            case_number="A1",
            event="own",
        )
        for strike, offense, priors in product(strikes, SEX_OFFENSES, PRIORS):
            bar = _any(SUPER_STRIKES[strike][0], SEX_OFFENSES[offense][0], PRIORS[priors][0])
            others = _others(section, strike, offense, priors)
            for values in product(*([None, *FACTS[name]] for name in asked)):
                stated = tuple(_stated(value[0], value[1]) for value in values if value)
                known = {name: value[2] for name, value in zip(asked, values, strict=True) if value}
                history = a_history(own, *others, birth_date=born, stated_facts=stated)
                told = f"{section} {level}, {age}, {strike}, {offense}, {priors}, {known}"
                yield Offense(section, level, age, bar, **known), history, told


@cache
def _stated(fact: str, value: str) -> StatedFact:
    return a_statement("1", fact, value)


def _any(*bars: Known) -> Known:
    return True if True in bars else None if None in bars else False


@cache
def _others(section: str, strike: str, offense: str, priors: str) -> tuple[Conviction, ...]:
    return tuple(_each_other(section, strike, offense, priors))


def _each_other(section: str, strike: str, offense: str, priors: str) -> Iterator[Conviction]:
    if changes := dict(SUPER_STRIKES[strike][1]):
        yield a_conviction(changes.pop("sections"), name="2", **{"case_number": "B1", **changes})
    if listed := SEX_OFFENSES[offense][1]:
        yield a_conviction(
            listed, name="3", conviction_date=LONG_AGO, level_convicted="misdemeanor", case_number="C1"
        )
    _, certain, doubtful = PRIORS[priors]
    for number in range(certain + doubtful):
        level = "felony" if number < certain else None
        day = LONG_AGO + timedelta(number)
        yield a_conviction(
            f"HS {section}",
            name=f"{4 + number}",
            conviction_date=day,
            level_convicted=level,
            case_number=f"D{number}",
        )


def _found(history: HistoryChanged, policy: str) -> Determination:
    found = judge(history, LOS_ANGELES, load_policy(policy), load_statute(), AS_OF)
    return next(one for one in found if one.conviction_id == history.convictions[0].conviction_id)


WHOLE = "LAW_ORACLE"
OF_THE_STATUTE, OF_A_COUNTY = 23_328, 11_664
"""How many combinations there are, under the statute alone and under a county's table."""
OF_A_SLICE = 29 if not FAST else 29 * 5
"""Of how many combinations the fast slice looks at one: a number prime to the size of each dimension, so that it meets
every value of each."""
OF_A_COUNTY_STRIKES = ("none", "before the charge", "between charge and conviction")


def looked_at(strikes: tuple[str, ...], policy: str) -> Iterator[tuple[Offense, HistoryChanged, str]]:
    """All combinations where the environment asks for the whole (``make law-oracle``), else a slice of them, another
    one for each policy."""
    if os.environ.get(WHOLE):
        return combinations(strikes)
    return islice(combinations(strikes), POLICIES.index(policy), None, OF_A_SLICE)


def counted(number: int, every: int, policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints how many were looked at, and fails where it is not all that there are, or the whole slice."""
    with capsys.disabled():
        print(f"\n{number:,} of {every:,} combinations under {policy}")
    at = POLICIES.index(policy)
    assert number == (every if os.environ.get(WHOLE) else len(range(at, every, OF_A_SLICE)))


def test_the_statute_alone_comes_to_what_its_words_say(capsys: pytest.CaptureFixture[str]) -> None:
    number = 0
    for offense, history, told in looked_at(tuple(SUPER_STRIKES), "statute"):
        number += 1
        found = _found(history, "statute")
        least, is_open = minimum(offense)
        assert found.legal_minimum == least, told
        assert found.outcome == (least or "needs_review"), told
        if offense.level is not None and is_open:
            assert found.open_questions, told
    counted(number, OF_THE_STATUTE, "statute", capsys)


@pytest.mark.parametrize("policy", [name for name in POLICIES if name != "statute"])
def test_no_countys_table_denies_what_the_statute_compels_or_may(
    policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = 0
    for offense, history, told in looked_at(OF_A_COUNTY_STRIKES, policy):
        number += 1
        found = _found(history, policy)
        least, is_open = minimum(offense)
        assert found.legal_minimum == least, told
        if found.outcome == "not_eligible":
            assert least is None, told
            assert not is_open, told
        elif found.outcome in RANK:
            assert RANK[found.outcome] >= RANK[least], told
            assert offense.level is not None, told
    counted(number, OF_A_COUNTY, policy, capsys)
