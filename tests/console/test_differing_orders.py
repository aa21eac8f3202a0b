"""Orders that the records no longer fit: each office sees what waits and what to do, and settles what is its own."""

from tests.console.conftest import Browser, World
from tests.console.differing import a_differing_order, ordered_twice

PLACE = "/counties/los-angeles/differing-orders"


async def test_the_prosecutor_sees_what_to_do_and_settles_it_with_words(
    world: World, browser: Browser
) -> None:
    world.services.differing.orders = [a_differing_order(1)]
    await browser.sign_in("dana", "/counties/los-angeles/orders")
    page = await browser.follow("Orders to look at")
    assert "1 order waits for somebody" in page.text
    assert "Ordered, and now: not eligible." in page.text
    assert "not eligible: super strike prior" in page.text
    assert "ask the court to set it aside" in page.text
    page = await browser.send("/settle", reason="")
    assert "Say what was done, or why it stays as it is." in page.text
    page = await browser.send("/settle", reason="The record was corrected.")
    assert "Settled. It waits again if the records come to something else." in page.text
    assert "Nothing waits: every order fits what the records say." in page.text
    assert world.services.differing.settled == [{"version": 1, "reason": "The record was corrected."}]


async def test_two_orders_on_one_conviction_are_the_clerks_to_settle(world: World, browser: Browser) -> None:
    world.services.differing.orders = [ordered_twice(1)]
    page = await browser.sign_in("dana", PLACE)
    assert "Two orders stand on one conviction." in page.text
    assert "/settle" not in page.text
    page = await world.browser().sign_in("carla", PLACE)
    assert "Ask the judge which order is to stay" in page.text
    assert "/settle" in page.text


async def test_what_changed_meanwhile_is_told_and_the_words_stay(world: World, browser: Browser) -> None:
    world.services.differing.orders = [a_differing_order(1)]
    await browser.sign_in("dana", PLACE)
    world.services.differing.orders = [a_differing_order(1, version=2)]
    page = await browser.send("/settle", reason="The order stands.")
    assert page.status_code == 412
    assert "It changed since you opened the page" in page.text
    assert ">The order stands.</textarea>" in page.text
