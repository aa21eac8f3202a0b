"""Objections in the console: defenders read them, the clerk enters the ruling, the prosecution withdraws."""

from tests.console.conftest import Browser, World
from tests.console.services import a_challenge

PLACE = "/counties/los-angeles/challenges"


def add(world: World) -> str:
    """An objection that waits for the court; its relief's id."""
    found = a_challenge(1)
    world.services.challenges[found["relief_id"]] = found
    return str(found["relief_id"])


async def test_the_defender_reads_objections_and_can_enter_nothing(world: World, browser: Browser) -> None:
    add(world)
    page = await browser.sign_in("pat")
    assert "HS 11359, case BA-1" in page.text
    assert "The person is not eligible under the law" in page.text
    assert "when the time to object under HS 11361.9 had ended" in page.text
    assert "/resolve" not in page.text
    assert "What waits" not in page.text


async def test_the_clerk_enters_the_courts_ruling(world: World, browser: Browser) -> None:
    relief = add(world)
    await browser.sign_in("casey", PLACE)
    page = await browser.send("/resolve", outcome="")
    assert "Choose what the court ruled." in page.text
    page = await browser.send("/resolve", relief=relief, outcome="overruled")
    assert "The objection is overruled: relief goes on." in page.text
    assert "No objection waits." in page.text
    assert world.services.said == [("casey", "resolve", {"outcome": "overruled"}, "")]


async def test_the_prosecution_withdraws_its_objection(world: World, browser: Browser) -> None:
    add(world)
    await browser.sign_in("sam", PLACE)
    page = await browser.send("/resolve")
    assert "The objection is withdrawn: relief goes on." in page.text


async def test_a_ruling_that_came_before_is_told(world: World, browser: Browser) -> None:
    add(world)
    await browser.sign_in("sam", PLACE)
    world.services.refuse["resolve"] = (409, "not_possible", "The relief is ordered.")
    page = await browser.send("/resolve")
    assert page.status_code == 409
    assert "The relief is ordered." in page.text
