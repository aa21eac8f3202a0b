"""``python -m tests.harness.screenshots FOLDER``: a picture of every page of the console, from fabricated data."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import NAMES
from tests.console.listening import listening_console
from tests.console.services import FakeServices, a_challenge, a_line, a_review, an_entry

COUNTY = "/counties/los-angeles"
DESKS = {"dana": ("queue", "conviction", "orders", "objections"), "remy": ("not-taken-in", "entry")}
"""Who opens which pages."""


def fabricated() -> tuple[FakeServices, dict[str, str]]:
    """Services with work in every queue; the name of each page with its path."""
    services, entry, review = FakeServices(), an_entry("1"), a_review("1")
    services.add(
        review, a_review("2", section="HS 11359", due_on="2026-01-02"), a_review("3", section="HS 11357(c)")
    )
    services.lines = [a_line(number) for number in range(1, 13)]
    services.challenges["1"] = a_challenge(1)
    services.entries[entry["quarantine_id"]] = entry
    pages = {
        "queue": f"{COUNTY}/queue",
        "conviction": f"{COUNTY}/reviews/{review['review_id']}",
        "orders": f"{COUNTY}/orders",
        "objections": f"{COUNTY}/challenges",
        "not-taken-in": f"{COUNTY}/quarantine",
        "entry": f"{COUNTY}/quarantine/{entry['quarantine_id']}",
    }
    return services, pages


def draw(browser: Browser, url: str, pages: dict[str, str], folder: Path) -> None:
    """Each page, light and dark."""
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme)
        page = context.new_page()
        for account, names in DESKS.items():
            context.clear_cookies()
            page.goto(url)
            page.get_by_role("link", name=account, exact=True).click()
            for name in names:
                page.goto(f"{url}{pages[name]}")
                page.screenshot(path=folder / f"{name}-{scheme}.png", full_page=True)


def main() -> None:
    """Exits with 2 without a folder, 3 without Chromium."""
    if len(sys.argv) != 2:
        sys.exit("python -m tests.harness.screenshots FOLDER")
    chromium = next((path for name in NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        sys.stderr.write("chromium is not installed: apt-get install --no-install-recommends chromium\n")
        sys.exit(3)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    services, pages = fabricated()
    with listening_console(services) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        draw(browser, url, pages, folder)
    sys.stdout.write(f"{2 * len(pages)} pictures in {folder}\n")


if __name__ == "__main__":
    main()
