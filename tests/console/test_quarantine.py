"""What could not be taken in, in the console: the records unit sees why, takes it through intake again, or ends it."""

from tests.console.conftest import Browser, World
from tests.console.services import an_entry

PLACE = "/counties/los-angeles/quarantine"


async def test_entries_stand_under_what_is_wrong_and_open_with_what_was_sent(
    world: World, browser: Browser
) -> None:
    entry = an_entry("1")
    world.services.entries[entry["quarantine_id"]] = entry
    await browser.sign_in("remy")
    page = await browser.follow("Not taken in")
    assert "1 waits for somebody to deal with it." in page.text
    assert "The disposition is not known" in page.text or "the disposition is not known" in page.text
    page = await browser.open(f"{PLACE}/{entry['quarantine_id']}")
    assert "Name it in the profile." in page.text
    assert "&lt;b&gt;?&lt;/b&gt;" in page.text
    page = await browser.send("/resubmit")
    assert "Taken through intake again: recorded." in page.text
    assert "Deal with it" not in page.text


async def test_an_entry_is_ended_for_good_with_a_reason_only(world: World, browser: Browser) -> None:
    entry = an_entry("1")
    world.services.entries[entry["quarantine_id"]] = entry
    await browser.sign_in("remy", f"{PLACE}/{entry['quarantine_id']}")
    page = await browser.send("/discard", why=" ")
    assert page.status_code == 422
    assert entry["state"] == "open"
    page = await browser.send("/discard", why="a test of the vendor's")
    assert "Ended for good." in page.text
    assert "discarded: a test of the vendor&#39;s" in page.text


async def test_an_entry_of_another_county_is_not_here(world: World, browser: Browser) -> None:
    entry = an_entry("1", county="fresno")
    world.services.entries[entry["quarantine_id"]] = entry
    page = await browser.sign_in("remy", f"{PLACE}/{entry['quarantine_id']}")
    assert page.status_code == 404


async def test_what_may_be_sealed_is_told_apart_with_a_basis_only(world: World, browser: Browser) -> None:
    entry, other = an_entry("1", codes=["may_be_sealed"]), an_entry("2")
    world.services.entries |= {one["quarantine_id"]: one for one in (entry, other)}
    page = await browser.sign_in("remy", f"{PLACE}/{other['quarantine_id']}")
    assert "It is not what may be sealed" not in page.text
    await browser.open(f"{PLACE}/{entry['quarantine_id']}")
    page = await browser.send("/tell-apart", what="another_person", basis=" ")
    assert (page.status_code, entry["state"]) == (422, "open")
    page = await browser.send("/tell-apart", what="another_person", basis="the court's register")
    assert "Taken through intake again: recorded." in page.text
    assert "It is another person’s: taken through intake again, and taken in" in page.text
