"""Signing in and out: who gets in, for how long, and what is kept of a form whose session had ended."""

import asyncio
import secrets

import pytest

from tests.console.conftest import Browser, World
from tests.console.services import a_review

QUEUE = "/counties/los-angeles/queue"


async def test_a_person_signs_in_at_the_provider_and_comes_to_the_page_that_was_asked_for(
    world: World, browser: Browser
) -> None:
    world.services.add(a_review("1"))
    page = await browser.sign_in("dana", f"{QUEUE}?section=HS+11358")
    assert page.status_code == 200
    assert page.url.path == QUEUE
    assert page.url.params["section"] == "HS 11358", "with its filters"
    assert "Signed in as Dana" in page.text


async def test_who_has_no_grant_is_told_whom_to_ask(browser: Browser) -> None:
    page = await browser.sign_in("nobody")
    assert page.status_code == 403
    assert "nothing is granted to you here" in page.text


async def test_an_answer_of_the_provider_that_was_not_asked_for_signs_nobody_in(browser: Browser) -> None:
    await browser.open("/signed-in?code=code-1&state=forged")
    assert browser.page.status_code == 400
    await browser.open("/")
    forged = str(browser.page.url).replace("state=", "state=x")
    page = await browser.open(f"{forged}&account=dana")
    assert page.status_code == 400
    assert "You were not signed in" in page.text


async def test_after_signing_out_the_tokens_are_taken_back_and_a_page_asks_to_sign_in_again(
    world: World, browser: Browser
) -> None:
    await browser.sign_in("dana", QUEUE)
    page = await browser.send("/sign-out")
    assert "You are signed out" in page.text
    (revoked,) = world.provider.revoked
    assert revoked.endswith(":dana")
    page = await browser.open(QUEUE)
    assert page.url.host == "login.test"


async def test_a_session_ends_half_an_hour_after_the_last_page(world: World, browser: Browser) -> None:
    await browser.sign_in("dana", QUEUE)
    world.clock.forward(minutes=20)
    assert (await browser.open(QUEUE)).url.path == QUEUE
    world.clock.forward(minutes=29)
    assert (await browser.open(QUEUE)).url.path == QUEUE
    world.clock.forward(minutes=31)
    assert (await browser.open(QUEUE)).url.host == "login.test"


async def test_a_session_ends_after_ten_hours_however_busy_the_person_is(
    world: World, browser: Browser
) -> None:
    await browser.sign_in("dana", QUEUE)
    for _ in range(29):
        world.clock.forward(minutes=20)
        assert (await browser.open(QUEUE)).url.path == QUEUE
    world.clock.forward(minutes=21)
    assert (await browser.open(QUEUE)).url.host == "login.test"


async def test_the_access_token_is_renewed_while_a_person_works(world: World, browser: Browser) -> None:
    await browser.sign_in("dana", QUEUE)
    world.clock.forward(minutes=15)
    assert (await browser.open(QUEUE)).url.path == QUEUE
    assert world.provider.renewed == 1
    world.clock.forward(minutes=15)
    world.provider.refuses_renewal = True
    assert (await browser.open(QUEUE)).url.host == "login.test"


async def test_what_was_typed_when_the_session_had_ended_is_there_after_signing_in_and_is_not_sent(
    world: World, browser: Browser
) -> None:
    review = a_review("1")
    world.services.add(review)
    place = f"/counties/los-angeles/reviews/{review['review_id']}"
    await browser.sign_in("dana", place)
    world.clock.forward(minutes=40)
    note = "Ask the clerk for the <file> of 1999: “Müller” \u202eabc"
    page = await browser.send("/refer", office="clerk", reason_code="other", note=note)
    assert page.status_code == 401
    assert "What you typed is kept for an hour" in page.text
    await browser.follow("Sign in again")
    page = await browser.open(f"{browser.page.url}&account=dana")
    assert page.url.path == place
    assert "Ask the clerk for the &lt;file&gt; of 1999: “Müller”" in page.text
    assert "What you typed stands in its form below" in page.text
    assert world.services.said == []
    await browser.send("/refer", office="clerk", reason_code="other", note=note)
    assert [(who, verb) for who, verb, _, _ in world.services.said] == [("dana", "refer")]
    page = await browser.open(place)
    assert "Ask the clerk" not in page.text


@pytest.mark.parametrize(("account", "minutes"), [("sam", 1), ("dana", 61)])
async def test_what_was_typed_is_shown_to_nobody_else_and_for_an_hour_only(
    world: World, browser: Browser, account: str, minutes: int
) -> None:
    review = a_review("1")
    world.services.add(review)
    place = f"/counties/los-angeles/reviews/{review['review_id']}"
    await browser.sign_in("dana", place)
    world.clock.forward(minutes=40)
    await browser.send("/refer", office="clerk", reason_code="other", note="only mine")
    world.clock.forward(minutes=minutes)
    page = await browser.sign_in(account, place)
    assert page.url.path == place
    assert "only mine" not in page.text


async def test_where_the_provider_is_down_a_page_says_so(world: World, browser: Browser) -> None:
    world.provider.down = True
    page = await browser.open(QUEUE)
    assert page.status_code == 503
    assert "The sign-in provider does not answer" in page.text


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"]
)
async def test_a_sign_in_leads_nowhere_else(browser: Browser, address: str) -> None:
    page = await browser.sign_in("casey", f"/sign-in?next={address}")
    assert page.url.host == "127.0.0.1"
    assert page.url.path == "/"


async def test_two_pages_opened_at_once_renew_the_access_token_once(world: World, browser: Browser) -> None:
    await browser.sign_in("dana", QUEUE)
    world.clock.forward(minutes=15)
    pages = await asyncio.gather(*(browser.http.get(QUEUE) for _ in range(3)))
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert world.provider.renewed == 1


async def test_tokens_that_no_cookie_takes_sign_nobody_in_and_say_so(world: World, browser: Browser) -> None:
    world.provider.padding = secrets.token_hex(10_000)
    page = await browser.sign_in("dana", QUEUE)
    assert page.status_code == 400
    assert "You were not signed in" in page.text
