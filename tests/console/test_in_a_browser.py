"""The pages in a real Chromium: what axe finds, the keyboard, a phone, and an office's day without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.listening import listening_console
from tests.console.services import FakeServices, a_challenge, a_line, a_review, an_entry

pytestmark = pytest.mark.slow
QUEUE = "/counties/los-angeles/queue"
LAPTOP, PHONE, ZOOMED = (1366, 768), (390, 844), (320, 256)
"""The last is 1280 x 1024 at 400 %."""


@pytest.fixture(scope="module")
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture(scope="module")
def url(services: FakeServices, chromium: Any) -> Iterator[str]:
    with listening_console(services) as address:
        yield address


@pytest.fixture
def review(services: FakeServices) -> dict[str, Any]:
    """What waits: this one, and others."""
    services.reviews.clear()
    found = a_review("1")
    services.add(found, a_review("2", section="HS 11359", due_on="2026-01-02"), a_review("3", section=""))
    return found


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""All that a dark page has otherwise than a light one."""


def axe(page: Any) -> list[str]:
    """What axe-core finds on the page, each as its rule and the first place: in light, and of its colours in dark."""
    package = pytest.importorskip("axe_playwright_python", reason="axe is not in .venv: make install")
    script = (Path(package.__file__).parent / "axe.min.js").read_text()
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(script)
    violations = []
    for scheme, only in (
        ("dark", {"type": "rule", "values": COLOURS}),
        ("light", {"type": "tag", "values": RULES}),
    ):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("only => axe.run({runOnly: only})", only)
        assert found["passes"], "axe looked at the page"
        violations += [
            f"{scheme}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]
        ]
    return violations


def signed_in(chromium: Any, url: str, account: str, path: str = "/", **context: Any) -> Any:
    page = chromium.new_context(**{"java_script_enabled": False, **context}).new_page()
    page.goto(f"{url}{path}")
    page.get_by_role("link", name=account, exact=True).click()
    page.wait_for_url(f"{url}{path}**")
    return page


def test_axe_finds_nothing_on_any_page(
    chromium: Any, url: str, review: dict[str, Any], services: FakeServices
) -> None:
    page = signed_in(chromium, url, "dana", java_script_enabled=True)
    place = f"/counties/los-angeles/reviews/{review['review_id']}"
    services.reviews[a_review("2")["review_id"]]["claimed_by"] = "person-1"
    for path in (QUEUE, f"{QUEUE}?section=HS+11359", place, "/nowhere"):
        page.goto(f"{url}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert axe(page) == [], path
    services.order, services.lines = None, [a_line(1), a_line(2)]
    services.challenges["1"] = a_challenge(1)
    page.goto(f"{url}/counties/los-angeles/orders")
    page.get_by_role("button", name="Make a list").click()
    expect(page.get_by_role("heading", name="List 1 of Los Angeles")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert axe(page) == []
    for path in ("/counties/los-angeles/orders", "/counties/los-angeles/challenges"):
        page.goto(f"{url}{path}")
        assert axe(page) == [], path
    page = signed_in(chromium, url, "casey", java_script_enabled=True)
    expect(page.get_by_role("heading", name="Your offices")).to_be_visible()
    assert axe(page) == []
    page.goto(f"{url}/counties/los-angeles/challenges")
    expect(page.get_by_role("button", name="Enter the ruling")).to_be_visible()
    assert axe(page) == []
    entry = an_entry("1")
    services.entries[entry["quarantine_id"]] = entry
    page = signed_in(chromium, url, "remy", java_script_enabled=True)
    for path in ("", f"/{entry['quarantine_id']}"):
        page.goto(f"{url}/counties/los-angeles/quarantine{path}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert axe(page) == [], path
    page.goto(f"{url}/signed-out")
    assert axe(page) == []
    page = signed_in(chromium, url, "ana", java_script_enabled=True)
    page.goto(f"{url}/counties/los-angeles/statistics")
    expect(page.get_by_role("img", name="By level")).to_be_visible()
    assert axe(page) == []
    page.goto(f"{url}/counties/los-angeles/what-if?policy=statute")
    expect(page.get_by_text("60 convictions of 60 persons")).to_be_visible()
    assert axe(page) == []
    services.order |= {
        "state": "entered",
        "court_order": {"number": "BO-7", "judge": "M. Ortiz", "on": "2026-11-20"},
    }
    page = signed_in(chromium, url, "casey", java_script_enabled=True)
    page.goto(f"{url}/counties/los-angeles/orders/los-angeles-1")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    expect(page.get_by_role("button", name="Keep these outcomes")).to_be_visible()
    assert axe(page) == []


def test_a_page_with_a_problem_has_none_for_axe(chromium: Any, url: str, review: dict[str, Any]) -> None:
    page = signed_in(
        chromium,
        url,
        "dana",
        f"/counties/los-angeles/reviews/{review['review_id']}",
        java_script_enabled=True,
    )
    page.get_by_role("button", name="State this answer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize(("width", "height"), [LAPTOP, PHONE, ZOOMED])
def test_no_page_scrolls_sideways(
    chromium: Any, url: str, review: dict[str, Any], width: int, height: int
) -> None:
    page = signed_in(
        chromium, url, "dana", viewport={"width": width, "height": height}, java_script_enabled=True
    )
    for path in (
        QUEUE,
        f"/counties/los-angeles/reviews/{review['review_id']}",
        "/counties/los-angeles/statistics",
    ):
        page.goto(f"{url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_an_offices_day_without_scripts(
    chromium: Any, url: str, review: dict[str, Any], services: FakeServices
) -> None:
    services.said.clear()
    services.statements.clear()
    page = signed_in(chromium, url, "dana")
    page.get_by_role("button", name="Next for me").click()
    expect(page.get_by_text("You have claimed this one.")).to_be_visible()
    page.get_by_label("Six or fewer").check()
    page.get_by_label("Document and page that it rests on").fill("police report 94-11872, page 3")
    page.get_by_role("button", name="State this answer").click()
    expect(page.get_by_text("Your answer is stated")).to_be_visible()
    page.get_by_role("link", name="HS 11358").click()
    page.get_by_label("Dismissed and sealed", exact=True).check()
    page.get_by_role("button", name="Prepare", exact=True).click()
    expect(page.get_by_text("Somebody else has to sign it")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()

    page = signed_in(chromium, url, "sam", "/counties/los-angeles/queue?state=prepared")
    page.get_by_role("link", name="HS 11358").click()
    expect(page.get_by_text("Prepared: dismissed and sealed")).to_be_visible()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed.", exact=True)).to_be_visible()
    assert [one["facts"] for one in services.statements] == [[{"fact": "plants", "value": "at_most_six"}]]
    assert [(who, verb) for who, verb, _, _ in services.said] == [("dana", "decide"), ("sam", "sign")]


def test_the_keyboard_alone_reaches_the_answer(chromium: Any, url: str, review: dict[str, Any]) -> None:
    page = signed_in(chromium, url, "dana", f"/counties/los-angeles/reviews/{review['review_id']}")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the main content"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("value") == "at_most_six":
            break
    else:
        raise AssertionError("Tab does not reach the answers")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("police report 94-11872, page 3")
    page.keyboard.press("Enter")
    page.get_by_text("Your answer is stated").wait_for()


def test_nothing_is_loaded_from_elsewhere(chromium: Any, url: str, review: dict[str, Any]) -> None:
    page = signed_in(chromium, url, "dana")
    page.wait_for_load_state("networkidle")  # what the first page still asks for is not of the next one
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/counties/los-angeles/reviews/{review['review_id']}")
    assert len(asked) == 2, "the page and its style"
    assert all(one.startswith(url) for one in asked)
