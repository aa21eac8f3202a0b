"""What another policy would change, in the console: chosen from those that there are, in tables and as data."""

from tests.console.conftest import Browser, World

PLACE = "/counties/los-angeles/what-if"


async def test_a_policy_is_chosen_and_what_it_would_change_is_shown(world: World, browser: Browser) -> None:
    await browser.sign_in("dana", "/counties/los-angeles/statistics")
    page = await browser.follow("What if another policy were in force?")
    assert "In force: los-angeles-2020" in page.text
    assert '<option value="statute">statute: The least' in page.text
    page = await browser.open(f"{PLACE}?policy=statute")
    assert "60 convictions of 60 persons come out otherwise." in page.text
    assert "needs review → dismissal" in page.text
    assert "felony</th><td>*</td><td>*</td>" in page.text, "withheld"
    assert "a felony</th><td>500</td><td>300</td><td>320</td><td>0</td><td>0</td>" in page.text
    await browser.follow("All numbers as CSV")
    assert "changes,statute,level,felony,,,*,*" in browser.page.text


async def test_until_it_is_counted_the_page_says_so_and_an_unknown_policy_leads_back(
    world: World, browser: Browser
) -> None:
    await browser.sign_in("dana", f"{PLACE}?policy=x")
    assert "It is being counted" in browser.page.text
    page = await browser.open(f"{PLACE}?policy=nowhere")
    assert "There is no such policy" in page.text
