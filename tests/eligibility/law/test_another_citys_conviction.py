"""A city's attorney states facts of its own city's convictions; of another city's they are shown and not used."""

import pytest

from tests.eligibility.builders import a_conviction, a_history, a_statement, judged

PLANTS = ("plants", "at_most_six")


def stated(city: str, agency: str | None, court: str | None = None) -> list[str]:
    """The findings on the statement, after Burbank's record and so on: met, it was used."""
    conviction = a_conviction(
        "HS 11358", level_convicted="misdemeanor", prosecuting_agency=agency, court=court
    )
    history = a_history(conviction, stated_facts=(a_statement("1", *PLANTS, city=city),))
    found = judged(history, "los-angeles-2021")
    return [ground.finding for ground in found.grounds if ground.rule == "fact_stated"]


@pytest.mark.parametrize(
    ("city", "agency", "finding"),
    [
        ("Burbank", "BURBANK CITY ATTORNEY", "met"),
        ("Torrance", "BURBANK CITY ATTORNEY", "not_met"),
        ("Torrance", "CAPD BURBANK", "not_met"),
        ("Torrance", None, "met"),
        ("Torrance", "LOS ANGELES COUNTY DISTRICT ATTORNEY", "met"),
        ("Torrance", "CALIFORNIA HIGHWAY PATROL", "met"),
    ],
)
def test_it_is_used_unless_the_record_names_another_city(city: str, agency: str | None, finding: str) -> None:
    assert stated(city, agency) == [finding]


def test_the_court_tells_the_city_where_no_agency_does() -> None:
    assert stated("Torrance", None, "CAMC BURBANK") == ["not_met"]


def test_what_is_not_used_changes_no_finding() -> None:
    conviction = a_conviction(level_convicted=None, prosecuting_agency="BURBANK CITY ATTORNEY")
    statement = a_statement("1", "level", "misdemeanor", city="Torrance")
    without = judged(a_history(conviction))
    with_it = judged(a_history(conviction, stated_facts=(statement,)))
    assert (with_it.outcome, with_it.reason, with_it.level) == (
        without.outcome,
        without.reason,
        without.level,
    )
    assert with_it.open_questions == without.open_questions
    by_its_own = statement.replace(stated_by=statement.stated_by.replace(city="Burbank"))
    assert judged(a_history(conviction, stated_facts=(by_its_own,))).level == "misdemeanor"
