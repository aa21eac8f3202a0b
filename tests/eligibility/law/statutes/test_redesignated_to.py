"""To which level an offense is redesignated: what it is today, by age at the offense and amounts."""

from datetime import date

import pytest

from tests.eligibility.builders import a_conviction, a_history, judged

BORN = date(1970, 1, 1)


def level(section: str, offense: date | None) -> str | None:
    facts = {"conviction_date": date(2012, 6, 1), "offense_date": offense, "level_convicted": "felony"}
    one = judged(a_history(a_conviction(section, **facts), birth_date=BORN), "statute", date(2026, 1, 1))
    assert one.outcome == "redesignation"
    return one.redesignated_to


@pytest.mark.parametrize(
    ("section", "age", "expected"),
    [
        ("HS 11359", 30, "misdemeanor"),
        ("HS 11359", 17, "infraction"),
        ("HS 11358", 30, "misdemeanor"),
        ("HS 11358", 19, None),  # up to six plants would be an infraction
        ("HS 11360(a)", 19, "misdemeanor"),
        ("HS 11360(b)", 30, "infraction"),
        ("HS 11360", 30, None),  # (a) or (b)
    ],
)
def test_the_level_today(section: str, age: int, expected: str | None) -> None:
    assert level(section, date(BORN.year + age, 6, 1)) == expected


def test_an_unknown_age_leaves_the_level_to_the_courts_order() -> None:
    assert level("HS 11359", None) is None


def test_a_dismissal_has_no_level() -> None:
    one = judged(
        a_history(a_conviction("HS 11357(b)", level_convicted="misdemeanor")), "dismiss-all", date(2026, 1, 1)
    )
    assert (one.outcome, one.redesignated_to) == ("dismissal", None)
