"""Pages of the records unit, community groups, defenders and supervisors in a real Chromium: axe, 400 %, no styles."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.differing import a_differing_order, ordered_twice
from tests.console.ledger import a_discrepancy, a_doubt, a_side, an_id, an_open_line
from tests.console.listening import listening_console
from tests.console.sealed import AT, a_dismissal
from tests.console.services import FakeServices, a_challenge
from tests.console.test_in_a_browser import ZOOMED, axe, signed_in

pytestmark = pytest.mark.slow
TOP = "/counties/los-angeles"
CHALLENGE = a_challenge(1)
DISMISSED, HELD = (
    a_dismissal("1"),
    a_dismissal("2", "legal_hold", legal_hold={"by": "p", "at": AT, "reason": "an audit"}),
)
PAGES = (
    ("remy", f"{TOP}/discrepancies?put_off=no"),
    ("remy", f"{TOP}/discrepancies/{an_id('1')}"),
    ("remy", f"{TOP}/discrepancies/{an_id('2')}"),
    ("remy", f"{TOP}/referral-lines"),
    ("remy", f"{TOP}/balance"),
    ("remy", f"{TOP}/queue/workload"),
    ("dana", f"{TOP}/differing-orders"),
    ("pat", f"{TOP}/challenges/{CHALLENGE['relief_id']}"),
    ("pat", f"{TOP}/client"),
    ("pat", f"{TOP}/sealing/{DISMISSED['relief_id']}"),
    ("casey", f"{TOP}/sealing"),
    ("casey", f"{TOP}/sealing/{DISMISSED['relief_id']}"),
    ("casey", f"{TOP}/sealing/{HELD['relief_id']}"),
    ("grace", f"{TOP}/referrals"),
    ("grace", f"{TOP}/referrals/{an_id('referral 0')}"),
)


@pytest.fixture(scope="module")
def url(chromium: Any) -> Iterator[str]:
    """The console with something on each page, and a name that is long, right to left and a script."""
    services = FakeServices()
    name = "<script>alert(1)</script>" + "א" * 10_000
    doubt = a_doubt("2", a_side("1", first=True, surname=name), a_side("2"), a_side("3"))
    services.ledger.add(a_discrepancy("1"), doubt)
    services.ledger.lines = [an_open_line(1), an_open_line(2, overdue=True)]
    services.ledger.balance = {"moved": {"ordered": 3}, "unaccounted": {"needs_review": 2}}
    handed_in = {
        "referral_id": an_id("referral 0"), "received_at": "2026-11-02T10:00:00+00:00", "due_on": "2026-12-02",
        "account": "a", "lines": 1, "open": None,
    }  # fmt: skip
    services.defence.add(CHALLENGE)
    services.differing.orders = [a_differing_order(1), ordered_twice(2)]
    services.sealing.add(DISMISSED, HELD, a_dismissal("3", "due"))
    services.ledger.referrals[an_id("referral 0")] = handed_in
    with listening_console(services) as address:
        yield address


def opened(chromium: Any, url: str, account: str, **context: Any) -> Iterator[tuple[str, Any]]:
    """Each page of the account, with all that can be unfolded."""
    page = signed_in(chromium, url, account, java_script_enabled=True, **context)
    for path in [path for who, path in PAGES if who == account]:
        page.goto(f"{url}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        yield path, page
    page.context.close()


def test_axe_finds_nothing_on_any_page(chromium: Any, url: str) -> None:
    for account in dict.fromkeys(who for who, _ in PAGES):
        for path, page in opened(chromium, url, account):
            assert page.locator("h1").count() == 1, path
            assert "is not here" not in page.inner_text("h1"), path
            assert axe(page) == [], path


def test_no_page_scrolls_sideways_at_400_percent(chromium: Any, url: str) -> None:
    width, height = ZOOMED
    for account in dict.fromkeys(who for who, _ in PAGES):
        for path, page in opened(chromium, url, account, viewport={"width": width, "height": height}):
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_without_its_style_sheet_a_form_still_has_its_words_in_order(chromium: Any, url: str) -> None:
    page = signed_in(chromium, url, "remy")
    page.route("**/assets/*.css", lambda route: route.abort())
    page.goto(f"{url}{TOP}/discrepancies/{an_id('2')}")
    text = page.inner_text("main")
    assert text.index("The records side by side") < text.index("Are they one person?") < text.index("Why")
    page.get_by_role("group", name="Person B and person A").get_by_label("Two persons").check()
    page.get_by_label("Why").first.fill("another birth date")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Decided: 1 another person.")).to_be_visible()
