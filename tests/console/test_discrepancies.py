"""Where sources differ, in the console: the records unit sees both values, closes, puts off, says whose records are."""

from typing import Any

import pytest

from tests.console.conftest import Browser, World
from tests.console.ledger import a_discrepancy, a_doubt, a_side, an_id

LIST = "/counties/los-angeles/discrepancies"


async def at(browser: Browser, world: World, entry: dict[str, Any], account: str = "remy") -> str:
    """The page of an entry, open."""
    world.services.ledger.add(entry)
    place = f"{LIST}/{entry['discrepancy']['discrepancy_id']}"
    await browser.sign_in(account, place)
    return place


async def test_entries_stand_with_both_values_and_open_with_what_to_do(
    world: World, browser: Browser
) -> None:
    world.services.ledger.add(
        a_discrepancy("1"), a_discrepancy("2", kind="only_in_doj", field=None, values=[])
    )
    await browser.sign_in("remy")
    page = await browser.follow("Differences")
    assert "2 wait, the oldest first." in page.text
    assert "DOJ: felony" in page.text
    assert "<bdi>DOE, 1</bdi><br>HS 11359, case BA1<br>" in page.text, "no two rows look alike"
    page = await browser.open(f"{LIST}?kind=only_in_doj")
    assert "1 waits under these filters" in page.text
    page = await browser.open(f"{LIST}/{an_id('1')}")
    assert 'class="differs"><th scope="row">Level</th><td>felony</td><td>misdemeanor</td>' in page.text
    assert "Whoever is wrong corrects the record and sends it again." in page.text


async def test_one_is_closed_with_a_reason_only_and_once(world: World, browser: Browser) -> None:
    await at(browser, world, a_discrepancy("1"))
    page = await browser.send("/close", reason=" ")
    assert page.status_code == 422
    assert "Say why you close it" in page.text
    action, hidden = browser.form("/close")
    typed = {**hidden, "reason": "DOJ was told"}
    first = await browser.http.post(action, data=typed, follow_redirects=True)
    assert "Closed. It opens again if the sources differ in another way." in first.text
    again = await browser.http.post(action, data=typed, follow_redirects=True)
    assert "nothing was done twice" in again.text
    assert world.services.ledger.said[0] == ("close", {"version": 1, "reason": "DOJ was told"})


async def test_what_changed_meanwhile_is_told_and_what_was_typed_is_kept(
    world: World, browser: Browser
) -> None:
    await at(browser, world, a_discrepancy("1"))
    changed = "What its sources say changed since it was shown."
    world.services.ledger.refuse["close"] = (412, "changed", changed)
    page = await browser.send("/close", reason="DOJ was told")
    assert page.status_code == 412
    assert changed in page.text
    assert 'value="DOJ was told"' in page.text


async def test_what_is_put_off_is_not_among_what_waits(world: World, browser: Browser) -> None:
    place = await at(browser, world, a_discrepancy("1"))
    page = await browser.send("/put-off", until="", reason="the file is ordered")
    assert "Say until which day" in page.text
    assert 'value="the file is ordered"' in page.text
    page = await browser.send("/put-off", until="2026-12-20", reason="the file is ordered")
    assert "Put off." in page.text
    assert "Nothing waits" in page.text
    assert place in (await browser.open(f"{LIST}?put_off=yes")).text


async def test_records_that_may_be_one_persons_stand_side_by_side_with_each_fields_weight(
    world: World, browser: Browser
) -> None:
    await at(browser, world, a_doubt("1"))
    text = browser.page.text
    assert "<bdi>OCAMPO</bdi>" in text
    assert "one slip, +3.1 bits" in text
    assert 'class="differs"><th scope="row">Case number' in text, "what speaks against one person is marked"
    assert "+1.5 bits; one person: 74.0 %" in text


@pytest.mark.parametrize(("answer", "same"), [("same", True), ("apart", False)])
async def test_the_records_unit_decides_whose_records_they_are(
    world: World, browser: Browser, answer: str, same: bool
) -> None:
    await at(browser, world, a_doubt("1"))
    page = await browser.send("/decide", **{"is-B": answer})
    assert "Say why" in page.text
    assert f'value="{answer}" checked' in page.text
    page = await browser.send("/decide", **{"is-B": answer, "reason": "the booking photos"})
    assert "Decided: 1" in page.text
    said = {
        "one": an_id("person 1"),
        "other": an_id("person 2"),
        "same": same,
        "reason": "the booking photos",
    }
    assert world.services.ledger.said == [("decide", said)]


async def test_a_decision_that_is_sent_twice_is_made_once(world: World, browser: Browser) -> None:
    await at(browser, world, a_doubt("1"))
    action, hidden = browser.form("/decide")
    typed = {**hidden, "is-B": "same", "reason": "fingerprints"}
    for _ in range(2):
        page = await browser.http.post(action, data=typed, follow_redirects=True)
    assert "nothing was done twice" in page.text
    assert len(world.services.ledger.said) == 1


async def test_of_three_each_is_decided_for_itself_and_one_may_wait(world: World, browser: Browser) -> None:
    sides = [a_side("1", first=True), a_side("2"), a_side("3")]
    await at(browser, world, a_doubt("1", *sides))
    page = await browser.send("/decide", **{"is-B": "later", "is-C": "later", "reason": "x"})
    assert "To decide later, put it off." in page.text
    await browser.send("/decide", **{"is-B": "later", "is-C": "apart", "reason": "another birth date"})
    ((_, said),) = world.services.ledger.said
    assert (said["other"], said["same"]) == (an_id("person 3"), False)


async def test_records_that_changed_since_are_not_decided_on(world: World, browser: Browser) -> None:
    entry = a_doubt("1")
    await at(browser, world, entry)
    entry["discrepancy"]["version"] = 2
    page = await browser.send("/decide", **{"is-B": "same", "reason": "fingerprints"})
    assert page.status_code == 412
    assert "It changed since you opened the page, so nothing was done." in page.text
    assert world.services.ledger.said == []


async def test_the_prosecutor_reads_and_decides_nothing(world: World, browser: Browser) -> None:
    await at(browser, world, a_doubt("1"), "dana")
    assert "The records side by side" in browser.page.text
    assert "/decide" not in browser.page.text
    assert "/put-off" not in browser.page.text


async def test_an_entry_of_another_county_and_an_address_that_is_no_id_are_not_here(
    world: World, browser: Browser
) -> None:
    await at(browser, world, a_discrepancy("1", county="fresno"))
    assert browser.page.status_code == 404
    assert (await browser.open(f"{LIST}/..%2f..%2fcaller")).status_code == 404


async def test_names_that_are_long_right_to_left_or_scripts_are_shown_as_text(
    world: World, browser: Browser
) -> None:
    name = "<script>alert(1)</script>" + "א" * 10_000
    await at(browser, world, a_doubt("1", a_side("1", first=True, surname=name), a_side("2")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;אא" in browser.page.text
    assert "<script" not in browser.page.text
