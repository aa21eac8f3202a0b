"""The queue's order survives an action, like its filters; and a supervisor sees who has how much."""

from tests.console.conftest import NAMED, Browser, World
from tests.console.services import a_review

QUEUE = "/counties/los-angeles/queue"


async def test_the_order_survives_an_action_and_the_next_page(world: World, browser: Browser) -> None:
    review = a_review("1")
    world.services.add(review)
    page = await browser.sign_in("dana", f"{QUEUE}?sort=court&section=HS+11358")
    assert "What waits: by court" in page.text
    page = await browser.send("/queue/claim", line=f"{review['review_id']}:{review['digest']}")
    assert dict(page.url.params) == {"sort": "court", "section": "HS 11358"}
    assert '<option value="court" selected>' in page.text


async def test_an_order_that_is_not_known_is_told(world: World, browser: Browser) -> None:
    await browser.sign_in("dana", QUEUE)
    world.services.refuse["list"] = (422, "invalid_query", "sort is one of four.")
    page = await browser.http.get(f"{QUEUE}?sort=colour")
    assert page.headers["location"] == QUEUE


async def test_a_supervisor_sees_who_has_how_much(browser: Browser) -> None:
    await browser.sign_in("sam", QUEUE)
    page = await browser.follow("Who has how much")
    assert "City attorney of Torrance" in page.text
    assert NAMED[1] in page.text
    assert "nobody yet" in page.text


async def test_an_account_without_a_name_is_told_by_its_beginning(world: World, browser: Browser) -> None:
    world.services.add(
        a_review("1", claimed_by=NAMED[0]), a_review("2", claimed_by="person-0123456789abcdef")
    )
    page = await browser.sign_in("dana", QUEUE)
    assert f"claimed by {NAMED[1]}" in page.text
    assert "claimed by another person (person-01234567)" in page.text


async def test_what_was_ticked_when_the_session_had_ended_is_ticked_again(
    world: World, browser: Browser
) -> None:
    review = a_review("1")
    world.services.add(review, a_review("2"))
    await browser.sign_in("dana", QUEUE)
    world.clock.forward(minutes=40)
    page = await browser.send("/queue/claim", line=f"{review['review_id']}:{review['digest']}")
    assert page.status_code == 401
    page = await browser.sign_in("dana", QUEUE)
    assert page.text.count(" checked ") == 1
    assert f'value="{review["review_id"]}:{review["digest"]}" checked ' in page.text
