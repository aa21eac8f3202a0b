"""The truth agrees with itself, and with what the waves were."""

from collections import Counter
from pathlib import Path

import pytest

from deploy.sample.population.places import county_named
from services.cli.terminal.exit import WrongUsage
from tests.deploy.sample.samples import Written, write


def test_a_hundredth_of_the_two_waves(hundredth: Written) -> None:
    core = hundredth.totals["core"]
    assert core["core_persons"] == 530
    assert (core["doj_felony"], core["doj_misdemeanor"]) == (620, 40)
    assert (core["court_only_felony"], core["court_only_misdemeanor"]) == (200, 380)
    assert (core["core_doj+court"], core["core_doj"], core["core_court"]) == (561, 99, 580)
    relief = hundredth.totals["relief"]
    assert (relief["convictions"], relief["felonies"], relief["misdemeanors"]) == (1200, 820, 380)
    assert relief["doj_alone"]["convictions"] == 620
    assert relief["court_added"]["convictions"] == 580
    assert relief["earliest_year"] == 1961
    races = Counter(p["race"] for p in hundredth.truth("person") if p["cohort"] == "core")
    assert (races["BLACK"], races["HISPANIC"], races["WHITE"]) == (170, 238, 106)
    assert races["OTHER"] + races["UNKNOWN"] == 16


def test_the_totals_are_the_sums_of_the_lines(hundredth: Written) -> None:
    totals, convictions, persons = (
        hundredth.totals,
        hundredth.truth("conviction"),
        hundredth.truth("person"),
    )
    outcomes = Counter(conviction["outcome"] for conviction in convictions)
    assert outcomes == {
        "dismissal": totals["relief"]["convictions"],
        "needs_review": totals["needs_review"]["convictions"],
        "not_eligible": totals["not_eligible"],
        "already_relieved": totals["already_relieved"],
        "not_covered": totals["not_covered"],
        None: totals["court.jsonl"]["withdrawn"],
    }
    assert Counter(c["review"] for c in convictions if c["review"]) == totals["needs_review"]["by_reason"]
    assert Counter(c["city"] for c in convictions if c["city"]) == totals["needs_review"]["by_city"]
    race_of = {person["person"]: person["race"] for person in persons}
    relieved = [conviction for conviction in convictions if conviction["outcome"] == "dismissal"]
    assert Counter(race_of[c["person"]] for c in relieved) == totals["relief"]["convictions_by_race"]
    assert len({c["person"] for c in relieved}) == totals["relief"]["persons"]
    assert Counter("+".join(person["sources"]) for person in persons) == {
        "doj+court": totals["subjects"]["doj_and_court"],
        "doj": totals["subjects"]["doj_only"],
        "court": totals["subjects"]["court_only"],
    }
    cleared = [p for p in persons if p["relief"] and not p["left_with_conviction"]]
    assert len(cleared) == totals["left"]["persons_with_no_conviction"]


def test_most_convictions_that_only_the_court_has_are_of_people_with_a_rap_sheet(hundredth: Written) -> None:
    with_rap_sheet = {p["person"] for p in hundredth.truth("person") if "doj" in p["sources"]}
    court_only = [
        c for c in hundredth.truth("conviction") if c["sources"] == ["court"] and c["added_as"] == "core"
    ]
    assert sum(c["person"] in with_rap_sheet for c in court_only) == 406


def test_what_is_due_was_decided_before_proposition_64(hundredth: Written) -> None:
    convictions = hundredth.truth("conviction")
    assert all(c["date"] < "2016-11-09" for c in convictions if c["outcome"] == "dismissal")
    assert all(c["date"] >= "2016-11-09" for c in convictions if c["outcome"] == "not_eligible")


def test_another_county_has_no_city_prosecutors(tmp_path: Path) -> None:
    other = write(tmp_path, "1/1000", county="sacramento")
    assert other.totals["needs_review"]["by_city"] == {}
    assert "city_attorney" not in other.totals["needs_review"]["by_reason"]
    assert "LOS ANGELES" not in (tmp_path / "doj.csv").read_text()


def test_a_county_that_is_none_is_refused_with_the_remedy() -> None:
    with pytest.raises(WrongUsage, match="write it like los-angeles"):
        county_named("gotham")


def test_the_offices_bring_each_review_to_the_end_that_the_truth_knows(hundredth: Written) -> None:
    totals, convictions = hundredth.totals, hundredth.truth("conviction")
    waiting = [each for each in convictions if each["outcome"] == "needs_review"]
    assert all(each["end"] == each["outcome"] for each in convictions if each not in waiting)
    ends = Counter(("answered" if each["answer"] else "decided", each["end"]) for each in waiting)
    worked = totals["worked"]
    assert ends == {
        ("answered", "dismissal"): worked["reviews"]["answered_dismissed"],
        ("decided", "dismissal"): worked["reviews"]["decided_dismissed"],
        ("decided", "sustained"): worked["reviews"]["decided_sustained"],
    }
    assert worked["relief"]["convictions"] == totals["relief"]["convictions"] + len(waiting) - 1
    assert worked["reviews"]["pleas_left_to_a_petition"] > 0
    before, after = totals["doj_list"], worked["doj_list"]
    assert before["listed"] == after["listed"]
    assert (before["parts"]["unaccounted"].keys(), after["parts"]["unaccounted"]) == ({"needs_review"}, {})
    assert worked["left"]["persons_with_no_felony"] > totals["left"]["persons_with_no_felony"]
