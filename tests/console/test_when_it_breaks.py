"""What was typed survives the end of a session, a restart, and a service that is down or slow; a forged form does
nothing: on the pages of the records unit, groups and defenders."""

import httpx
import pytest

from services.console.app import build
from services.console.called.call_faults import Down
from services.console.called.services import Services
from tests.console.conftest import Browser, World, settings
from tests.console.ledger import a_discrepancy
from tests.console.services import a_challenge

LIST = "/counties/los-angeles/discrepancies"


async def at_an_entry(browser: Browser, world: World) -> str:
    entry = a_discrepancy("1")
    world.services.ledger.add(entry)
    place = f"{LIST}/{entry['discrepancy']['discrepancy_id']}"
    await browser.sign_in("remy", place)
    return place


async def test_what_was_typed_when_the_session_had_ended_stands_in_its_form_again(
    world: World, browser: Browser
) -> None:
    place = await at_an_entry(browser, world)
    world.clock.forward(minutes=40)
    page = await browser.send("/close", reason="DOJ was told on Monday")
    assert page.status_code == 401
    assert world.services.ledger.said == []
    page = await browser.sign_in("remy", place)
    assert 'value="DOJ was told on Monday"' in page.text
    assert "What you typed stands in its form below." in page.text
    await browser.send("/close", reason="DOJ was told on Monday")
    assert [verb for verb, _ in world.services.ledger.said] == ["close"]


async def test_a_console_that_was_restarted_takes_the_form_of_the_one_before(
    world: World, browser: Browser
) -> None:
    await at_an_entry(browser, world)
    action, hidden = browser.form("/close")
    behind = httpx.ASGITransport(world.services.application())
    world.application = build(settings(), world.clock, behind).application
    after = world.browser()
    after.http.cookies = browser.http.cookies
    page = await after.http.post(action, data={**hidden, "reason": "DOJ was told"}, follow_redirects=True)
    assert "Closed. It opens again if the sources differ in another way." in page.text


@pytest.mark.parametrize("fault", [httpx.ReadTimeout("slow"), httpx.ConnectError("refused")])
async def test_a_service_that_is_slow_or_not_there_is_down(fault: httpx.HTTPError) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise fault

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://relief.test")
    with pytest.raises(Down, match="The service that keeps reviews and orders"):
        await Services({"relief": http}).as_person("token").get("relief", "/v1/caller")


async def test_an_export_that_breaks_off_is_no_whole_file() -> None:
    class BreaksOff(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b'{"line": 1}\n'
            raise httpx.ReadError("gone")

    http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=BreaksOff())),
        base_url="http://relief.test",
    )
    lines = await Services({"relief": http}).as_person("token").lines("relief", "/v1/export/balance", {})
    with pytest.raises(Down):
        _ = [one async for one in lines]


@pytest.mark.parametrize("typed", [{"csrf": "forged"}, {"csrf": ""}])
async def test_a_forged_form_closes_nothing(world: World, browser: Browser, typed: dict[str, str]) -> None:
    await at_an_entry(browser, world)
    page = await browser.send("/close", reason="x", **typed)
    assert page.status_code == 403
    page = await browser.open(LIST)
    assert world.services.ledger.said == []


async def test_a_form_from_another_site_hands_in_nobody(world: World, browser: Browser) -> None:
    await browser.sign_in("grace", "/counties/los-angeles/referrals")
    page = await browser.send("/person", origin="https://elsewhere.example", surname="Reyes")
    assert page.status_code == 403
    assert world.services.ledger.said == []


async def test_a_city_attorney_who_guesses_an_objection_of_another_city_finds_nothing(
    world: World, browser: Browser
) -> None:
    relief = a_challenge(1)["relief_id"]  # the service shows none that the city does not have
    page = await browser.sign_in("tori", f"/counties/los-angeles/challenges/{relief}")
    assert page.status_code == 404
    assert "This page is not here" in page.text
    page = await browser.open("/counties/los-angeles/challenges/1%2F..%2F..%2Fcaller")
    assert page.status_code == 404
