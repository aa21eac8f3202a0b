"""A whole day of an office in a real browser, through the running product: sign in, answer, decide, sign."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.end_to_end.conftest import Streamed
from tests.harness.product import Product

pytestmark = pytest.mark.servers
QUEUE = "/counties/los-angeles/queue"
DEPUTY, ATTORNEY = "Deputy district attorney, Los Angeles", "District attorney, Los Angeles"


@pytest.fixture
def url(product: Product, streamed: Streamed) -> str:
    assert streamed.counts
    return product.run("console").stdout.strip()


def signed_in(chromium: Any, url: str, who: str, path: str = QUEUE) -> Any:
    """A page of somebody's own browser, without scripts."""
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{url}{path}")
    page.get_by_role("button", name=re.compile(f"^{who}")).click()
    return page


def waiting(product: Product) -> dict[str, dict[str, Any]]:
    of_the_county = ("--county", "los-angeles", "--limit", "1000", "--json")
    shown = product.run("review", "list", *of_the_county, acting_as="trial-signer")
    return {one["review_id"]: one for one in json.loads(shown.stdout)["reviews"]}


def test_an_office_works_its_day_in_the_browser(product: Product, url: str, chromium: Any) -> None:
    before = waiting(product)
    asked = next(
        one for one in before.values() if "level" in one["questions"] and one["office"] == "district_attorney"
    )
    page = signed_in(chromium, url, DEPUTY)
    expect(page.get_by_text(f"Signed in as {DEPUTY}")).to_be_visible()
    expect(page.get_by_role("heading", name="What waits in Los Angeles")).to_be_visible()

    # Answers a question: the law is applied anew.
    page.goto(f"{url}/counties/los-angeles/reviews/{asked['review_id']}")
    expect(page.get_by_role("heading", name="What the records say")).to_be_visible()
    question = page.get_by_role("group", name="Of which level was the conviction?").first
    question.get_by_role("radio").first.check()
    question.get_by_label("Document and page that it rests on").fill("court file, page 3")
    question.get_by_role("button", name="State this answer").click()
    page.get_by_text("Your answer is stated").wait_for()
    assert product.run("settle", "--timeout", "600").returncode == 0
    after = waiting(product).get(asked["review_id"])
    assert after is None or "level" not in after["questions"]

    # Claims the next one; prepares a motion on another.
    page.goto(f"{url}{QUEUE}?office=district_attorney")
    page.get_by_role("button", name="Next for me").click()
    page.get_by_text("You have claimed this one.").wait_for()
    moved = next(
        one
        for one in before.values()
        if one["section"] == "HS 11358" and one["office"] == "district_attorney" and one != asked
    )
    place = f"{url}/counties/los-angeles/reviews/{moved['review_id']}"
    page.goto(place)
    page.get_by_label("Dismissed and sealed", exact=True).check()
    page.get_by_role("button", name="Prepare", exact=True).click()
    page.get_by_text("Prepared. Somebody else has to sign it.").wait_for()

    # Whoever prepared it may not sign; another signs.
    page.goto(place)
    expect(page.get_by_text("Prepared: dismissed and sealed")).to_be_visible()
    assert page.get_by_role("button", name="Sign", exact=True).count() == 0
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    page = signed_in(chromium, url, ATTORNEY, f"{QUEUE}?state=prepared")
    page.goto(place)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("Signed.", exact=True).wait_for()
    assert moved["review_id"] not in waiting(product)

    # It waits for the court: the list, and the paper.
    page.goto(f"{url}/counties/los-angeles/orders")
    page.get_by_role("button", name="Make a list").click()
    page.get_by_role("cell", name=moved["case_number"]).first.wait_for()


def test_another_offices_pages_are_not_shown(product: Product, url: str, chromium: Any) -> None:
    review = next(one for one in waiting(product).values() if one["office"] == "district_attorney")
    page = signed_in(chromium, url, "City attorney, Los Angeles")
    page.goto(f"{url}/counties/los-angeles/reviews/{review['review_id']}")
    expect(page.get_by_role("heading", name="This page is not here")).to_be_visible()
    page.goto(f"{url}/counties/sacramento/queue")
    expect(page.get_by_role("heading", name="You may not open this")).to_be_visible()


def test_statistics_of_the_sample_are_the_exports_lines(
    product: Product, url: str, chromium: Any, tmp_path: Path
) -> None:
    page = signed_in(chromium, url, DEPUTY, "/counties/los-angeles/statistics")
    expect(page.get_by_role("heading", name="Statistics, Los Angeles")).to_be_visible()
    for _ in range(20):  # each asking waits some seconds for the job that counts
        data = page.context.request.get(f"{url}/counties/los-angeles/statistics.csv").text()
        if "determinations," in data:
            break
    shown = {
        (row["by"], row["group"], row["outcome"]): row["convictions"]
        for row in csv.DictReader(data.splitlines())
        if row["part"] == "determinations"
    }
    exported = product.run(
        "export", "determinations", "--out", tmp_path / "all.csv", acting_as="trial-signer"
    )
    assert exported.returncode == 0, exported.stderr
    with (tmp_path / "all.csv").open(newline="") as file:
        lines = [row for row in csv.DictReader(file) if row["county"] == "los-angeles"]
    assert shown["", "", ""] == str(len(lines))
    for by in ("level", "section"):
        assert any(key[0] == by for key in shown)
    counted = Counter(("", "", line["outcome"]) for line in lines)
    counted.update(("level", line["level"] or "unknown", line["outcome"]) for line in lines)
    assert sum(shown[key] != "*" for key in counted) > 1
    for key, number in counted.items():
        assert shown[key] in ("*", str(number)), key


def test_the_courts_list_names_the_persons_of_its_lines(product: Product, url: str, chromium: Any) -> None:
    page = signed_in(chromium, url, ATTORNEY, "/counties/los-angeles/orders")
    page.get_by_role("button", name="Make a list").click()
    expect(page.get_by_role("heading", name=re.compile("List .+ of Los Angeles"))).to_be_visible()
    attachment = f"{page.url.partition('?')[0]}/attachment.csv"
    rows = list(csv.DictReader(page.context.request.get(attachment).text().splitlines()))
    assert rows
    assert all(re.fullmatch(r"[^,]+, .+", row["Name"]) for row in rows)
    assert any(re.fullmatch(r"[A-Z0-9]+", row["CII number"]) for row in rows)
