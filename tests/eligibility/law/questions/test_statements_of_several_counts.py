"""What people state of one count and of another, and what a ground says of who prosecuted."""

from datetime import date

from tests.eligibility.builders import a_conviction, a_history, a_statement, judged

PRIORS = [
    a_conviction(name=name, conviction_date=date(year, 1, 1), case_number=f"B{name}")
    for name, year in (("2", 2001), ("3", 2002))
]


def test_a_prior_that_was_not_reported_twice_counts_beside_another() -> None:
    stated = a_statement("2", "reported_twice", "no")
    found = judged(a_history(a_conviction(case_number="B1"), *PRIORS, stated_facts=(stated,)), "statute")
    assert (found.outcome, found.reason) == ("needs_review", "disqualified")


def test_the_ground_of_a_citys_prosecution_names_the_city() -> None:
    conviction = a_conviction(
        "HS 11357(c)", level_convicted="misdemeanor", prosecuting_agency="TORRANCE CITY PROSECUTOR"
    )
    found = judged(a_history(conviction), "los-angeles-2021")
    (ground,) = [one for one in found.grounds if one.rule == "prosecuted_by_city"]
    assert ground.facts == {"prosecuting_agency": "TORRANCE CITY PROSECUTOR", "city": "Torrance"}
