"""A determination told in plain English: golden texts of made-up cases, beside this file in explanations/.

To write them anew after a change that was meant, and then to read them:
python -m tests.eligibility.explain.test_explanation
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reliefstream_contracts.histories import HistoryChanged, RelievedBy
from reliefstream_contracts.records import Registration
from reliefstream_contracts.vocabulary.offense import LaterRelief
from services.eligibility.explain.explanation import WIDTH, explain
from services.eligibility.explain.grounds_in_words import CLAUSES, in_words
from services.eligibility.law.input.section_list import read_section
from tests.eligibility.builders import AS_OF, a_conviction, a_history, a_statement, an_offense, judged

GOLDEN = Path(__file__).parent / "explanations"
LATER = a_conviction("VC 10851", name="2", conviction_date=date(2015, 1, 1))
SEALED = RelievedBy(source="court", relief=LaterRelief(kind="hs_11361_8_dismissal", on=date(2018, 1, 1)))
CASES: dict[str, tuple[HistoryChanged, str]] = {
    "50_years_old": (a_history(birth_date=date(1960, 1, 1)), "los-angeles-2020"),
    "50_next_year": (a_history(a_conviction(), LATER, birth_date=date(1970, 6, 1)), "los-angeles-2020"),
    "only_cannabis": (a_history(), "los-angeles-2020"),
    "super_strike": (
        a_history(a_conviction("PC 187(a)", name="0", conviction_date=date(1999, 5, 3)), a_conviction()),
        "los-angeles-2020",
    ),
    "registration_alone": (
        a_history(registrations=(Registration(section=read_section("PC 290"), on=date(2000, 1, 1)),)),
        "los-angeles-2020",
    ),
    "city_misdemeanor": (
        a_history(
            a_conviction(
                "HS 11357(c)", level_convicted="misdemeanor", prosecuting_agency="LONG BEACH CITY ATTORNEY"
            )
        ),
        "los-angeles-2020",
    ),
    "no_birth_date": (a_history(a_conviction(), LATER, birth_date=None), "los-angeles-2020"),
    "no_rap_sheet": (a_history(rap_sheet="none"), "los-angeles-2020"),
    "unreadable": (a_history(a_conviction(offense=an_offense(), level_convicted=None)), "los-angeles-2020"),
    "already_relieved": (a_history(a_conviction(later_relief=(SEALED,))), "los-angeles-2020"),
    "number_of_plants": (
        a_history(
            a_conviction("PC 187(a)", name="0", conviction_date=date(1999, 5, 3)), a_conviction("HS 11358")
        ),
        "statute",
    ),
    "stated_plants": (
        a_history(
            a_conviction("PC 187(a)", name="0", conviction_date=date(1999, 5, 3)),
            a_conviction("HS 11358"),
            stated_facts=(a_statement("1", "plants", "at_most_six"),),
        ),
        "statute",
    ),
    "juvenile": (a_history(a_conviction(juvenile=True)), "los-angeles-2020"),
    "plea_companion": (
        a_history(a_conviction("HS 11364", charged_beside=(read_section("HS 11359"),))),
        "los-angeles-2020",
    ),
    "statute_alone": (a_history(), "statute"),
    "another_law": (a_history(a_conviction("PC 459")), "pc-1203-425"),
    "related_charge": (
        a_history(a_conviction("BP 4149", level_convicted="misdemeanor"), a_conviction(name="2", event="1")),
        "san-joaquin",
    ),
}


def told(history: HistoryChanged, policy: str) -> list[str]:
    """The lines, but for the last, which names the version of the law."""
    lines = list(explain(judged(history, policy, AS_OF).to_dict()))
    assert lines[-1].startswith("  Law: ")
    return lines[:-1]


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_told_as_a_person_would_tell_it(name: str) -> None:
    assert "\n".join(told(*CASES[name])) + "\n" == (GOLDEN / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", CASES)
def test_no_line_is_too_wide_and_the_deciding_ground_comes_first(name: str) -> None:
    history, policy = CASES[name]
    lines = told(history, policy)
    first = judged(history, policy, AS_OF).grounds[0].to_dict()
    because = next(line for line in lines if line.startswith("  Because "))

    assert all(len(line) <= WIDTH for line in lines)
    assert because.startswith(f"  Because {in_words(first)[:15]}")


def test_no_ground_of_these_cases_is_told_by_its_code() -> None:
    for history, policy in CASES.values():
        for ground in judged(history, policy, AS_OF).grounds:
            text = in_words(ground.to_dict())
            assert "_" not in text
            assert not text.endswith((": yes", ": no", ": not known"))


@pytest.mark.parametrize(
    ("ground", "text"),
    [
        (
            {"rule": "level_misdemeanor_or_infraction", "finding": "not_met", "facts": {"level": "felony"}},
            "it is a felony, not a misdemeanor or infraction",
        ),
        (
            {
                "rule": "2_earlier_of_the_same_section",
                "finding": "met",
                "facts": {"section": "HS 11359", "earlier": 3},
            },
            "there are 3 earlier felony convictions of HS 11359",
        ),
        (
            {
                "rule": "earlier_super_strike",
                "finding": "unknown",
                "facts": {"section": "PC 245", "conviction_date": "1990-05-03", "missing": "section"},
            },
            "it is not known whether an earlier conviction is a super strike (PC 245 of May 3, 1990), "
            "as a section cannot be told from the record",
        ),
        (
            {"rule": "a_test_of_tomorrow", "finding": "met", "facts": {"some_day": "2020-01-02"}},
            "a test of tomorrow: yes (some day: January 2, 2020)",
        ),
    ],
)
def test_a_ground_is_a_clause_and_an_unheard_of_one_is_told_by_name(
    ground: dict[str, Any], text: str
) -> None:
    assert in_words({"citation": "", **ground}) == text


def test_clauses_ask_for_facts_by_names_that_can_be_filled_in() -> None:
    for clauses in CLAUSES.values():
        for clause in clauses:
            assert clause.count("{") == clause.count("}")
            assert not clause.endswith(".")


if __name__ == "__main__":
    for name, case in CASES.items():
        (GOLDEN / f"{name}.txt").write_text("\n".join(told(*case)) + "\n")
