"""``python -m tests.harness.screenshots FOLDER``: a picture of every page of the console of a running installation.

It follows the links of each office's pages and takes the first link to each route of the console, at the width of a
laptop and of a phone, in light and dark. A picture that is in the folder stays. Only a trial installation
(``reliefstream up``) has the fabricated people who sign in here.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local.sign_in.accounts import PEOPLE
from services.console.app import PAGES
from tests.chromium import NAMES

WIDTHS = {"laptop": (1366, 768), "phone": (390, 844)}
SCHEMES = ("light", "dark")
OFFICES = (
    "los-angeles-signer",
    "los-angeles-clerk",
    "los-angeles-records-unit",
    "los-angeles-public-defender",
    "los-angeles-community-group",
    "city-signer",
    "analyst",
)
"""The people who sign in, in this order; a page that several offices have is drawn as the first of them sees it."""
SLOWEST_MS = 120_000
"""Drawing a page of hundreds of lines takes long on a busy machine."""
ROUTES = {
    one.path: re.compile(re.sub(r"{\w+}", "[^/]+", one.path)) for one in PAGES
    if one.method == "GET" and "." not in one.path
}  # fmt: skip
"""The console's pages by path; a path with a dot is a file."""


def route_of(path: str) -> str | None:
    """The route of a link's path; None: it is no page of the console."""
    return next((route for route, form in ROUTES.items() if form.fullmatch(path)), None)


def pages_of(page: Page, url: str, known: set[str]) -> Iterator[str]:
    """Opens the first page, then one page of each route that links lead to; yields their paths, and adds to ``known``.

    A link of the navigation with filters (``To sign``) is a page of its own.
    """
    waiting = ["/"]
    while waiting:
        page.goto(f"{url}{waiting.pop(0)}")
        path = page.url.removeprefix(url)  # the first page may lead to an office's own
        known.add(route_of(path.partition("?")[0]) or path)
        yield path
        links = page.locator("a[href^='/']").evaluate_all(
            "links => links.map(one => [one.getAttribute('href'), one.closest('nav') !== null])"
        )
        for href, in_navigation in links:
            bare, _, query = href.partition("?")
            route = route_of(bare)
            key = f"{route}?{query}" if query and in_navigation else route
            if key and route and key not in known and (in_navigation or not query):
                known.add(key)
                waiting.append(href)


def draw(browser: Browser, url: str, folder: Path, widths: Iterable[str]) -> set[str]:
    """Writes PAGE-WIDTH-SCHEME.png for each; returns the routes that were reached."""
    reached: set[str] = set()
    for person in (one for subject in OFFICES for one in PEOPLE if one.subject == subject):
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(SLOWEST_MS)
        page.goto(url)
        page.get_by_role("button", name=re.compile(f"^{re.escape(person.name)}")).click()
        known = {"/"}
        for path in pages_of(page, url, known):
            for width, scheme in product(widths, SCHEMES):
                across, down = WIDTHS[width]
                file = folder / f"{_name(path)}-{width}-{scheme}.png"
                if not file.exists():
                    page.emulate_media(color_scheme=scheme)
                    page.set_viewport_size({"width": across, "height": down})
                    page.screenshot(path=file, full_page=True)
        context.close()
        reached |= {one.partition("?")[0] for one in known}
    return reached


def _name(path: str) -> str:
    """The part of the path that tells pages apart: its route's words, and the filters."""
    bare, _, query = path.partition("?")
    words = re.sub(r"{\w+}", "one", route_of(bare) or bare).replace("/counties/one", "")
    return "-".join(re.findall(r"[a-z0-9]+", f"{words} {query}")) or "home"


def main() -> None:
    """Exits with 2 for a wrong call, 3 without Chromium or a running console, 1 where no link leads to a page."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path, help="outside of the repository")
    asked.add_argument("--width", choices=WIDTHS, nargs="*", default=list(WIDTHS))
    given = asked.parse_args()
    folder: Path = given.folder
    chromium = next((path for name in NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        sys.stderr.write("chromium is not installed: apt-get install --no-install-recommends chromium\n")
        sys.exit(3)
    told = subprocess.run(["reliefstream", "console"], capture_output=True, text=True, check=False)
    if told.returncode:
        sys.stderr.write(told.stderr)
        sys.exit(told.returncode)
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        reached = draw(browser, told.stdout.strip(), folder, given.width)
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")
    if missed := sorted(set(ROUTES) - reached):
        sys.stderr.write(f"no link led to {', '.join(missed)}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
