"""Statistics in the console: plots that words describe, tables, data; what stays back is marked in each."""

import csv

from services.console.words.bars import bars
from tests.console.conftest import Browser, World

PLACE = "/counties/los-angeles/statistics"


async def test_an_analyst_sees_tables_and_plots_that_are_described_in_words(
    world: World, browser: Browser
) -> None:
    page = await browser.sign_in("ana")
    assert page.url.path == PLACE
    assert "to dismiss and seal" in page.text
    assert "<desc id=" in page.text
    assert "felony: 1,200; unknown: *." in page.text
    assert "of 1 to 10 persons" in page.text
    assert "a felony</th><td>900</td><td>700" in page.text
    assert "Objections that the court sustained</th><td>12" in page.text


async def test_the_numbers_come_as_data_with_the_same_ones_withheld(world: World, browser: Browser) -> None:
    await browser.sign_in("ana", PLACE)
    await browser.follow("All numbers as CSV")
    rows = list(csv.DictReader(browser.page.text.splitlines()))
    found = {(one["part"], one["by"], one["group"], one["outcome"]): one["convictions"] for one in rows}
    assert found["determinations", "", "", "dismissal"] == "1100"
    assert found["determinations", "level", "unknown", ""] == "*"
    assert found["reviews", "office", "district_attorney", ""] == "30"
    assert "statistics-los-angeles.csv" in browser.page.headers["content-disposition"]


async def test_who_is_granted_the_state_sees_all_counties_and_chooses_one(
    world: World, browser: Browser
) -> None:
    page = await browser.sign_in("stella")
    assert "A person with convictions in several counties counts once in each." in page.text
    page = await browser.open("/statistics?county=Los+Angeles")
    assert page.url.path == PLACE


def test_the_longest_bar_fills_the_plot_and_what_is_withheld_has_none() -> None:
    found = bars([("felony", 200), ("misdemeanor", 50), ("unknown", None), ("x" * 60, 0)]).bars
    assert [one.width for one in found] == [370, 92, 0, 0]
    assert [one.said for one in found] == ["200", "50", "*", "0"]
    assert len(found[3].name) == 28
