"""The engine, offline, finds what the sample was made to be; the generator knows nothing of the engine."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.cli.evaluate import evaluate
from tests.deploy.sample.samples import Written

Found = dict[str, tuple[str, str, str]]


@pytest.fixture(scope="module", params=[date(2026, 11, 1), date(2031, 1, 1)], ids=str)
def found(
    hundredth: Written, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Found:
    """Outcome, route and reason by case number; of a conviction of both sources by the court's. Pleas aside."""
    out = tmp_path_factory.mktemp("evaluated")
    files = (hundredth.out / "doj.csv", hundredth.out / "court.jsonl")
    policy = "los-angeles-2021"
    status = evaluate(*files, county="los-angeles", policy=policy, as_of=request.param, out=out)
    assert status == 1
    with (out / "determinations.csv").open(newline="") as file:
        return {
            row["case_number"]: (row["outcome"], row["route"], row["reason"])
            for row in csv.DictReader(file)
            if row["reason"]
            != "possible_plea_bargain"  # of another count of the case, beside the one in the truth
        }


def expected(hundredth: Written, *, unreadable: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for conviction in hundredth.truth("conviction"):
        numbers = conviction["case_number"]
        if (conviction["review"] == "section_unreadable") is unreadable and conviction["outcome"]:
            yield numbers.get("court", numbers.get("doj")), conviction


def route_of(conviction: dict[str, Any]) -> str:
    city = conviction["city"]
    return f"{conviction['route']}:{city}" if city else conviction["route"] or ""


@pytest.mark.slow
def test_every_conviction_comes_to_the_end_it_was_made_for(hundredth: Written, found: Found) -> None:
    for number, conviction in expected(hundredth, unreadable=False):
        outcome, route, reason = found[number]
        assert (outcome, route) == (conviction["outcome"], route_of(conviction)), conviction
        if conviction["review"] not in (None, "city_attorney"):
            assert reason == conviction["review"]


def test_a_section_that_cannot_be_read_goes_to_review_and_not_into_silence(
    hundredth: Written, found: Found
) -> None:
    for number, conviction in expected(hundredth, unreadable=True):
        assert found.get(number) == ("needs_review", "district_attorney", "section_unreadable"), conviction


def test_nothing_is_judged_that_the_truth_does_not_name(hundredth: Written, found: Found) -> None:
    named = {
        number for unreadable in (False, True) for number, _ in expected(hundredth, unreadable=unreadable)
    }
    assert set(found) <= named
