"""Sealing in the console: what waits and why, certificates, legal holds, and sealing at once."""

import io
from typing import Any
from uuid import UUID

import pypdf
import pytest

from services.console.paper import certificate
from services.console.paper.print import print_paper
from tests.console.conftest import Browser, World
from tests.console.sealed import a_dismissal

BEING_SEALED = "It is still being sealed: not every service has forgotten the conviction yet."
TOP = "/counties/los-angeles/sealing"


async def test_the_clerk_sees_what_waits_why_and_how_many(world: World, browser: Browser) -> None:
    world.services.sealing.add(a_dismissal("1"), a_dismissal("2", "due"), a_dismissal("3", "discrepancy"))
    await browser.sign_in("casey", "/counties/los-angeles/queue")
    page = await browser.follow("Sealing")
    for said in (
        "60 days have passed",
        "BA-1",
        "The person has not been told yet",
        "What the sources say of it differs",
    ):
        assert said in page.text
    page = await browser.open(f"{TOP}?stage=discrepancy")
    assert ("BA-3" in page.text, "BA-1" in page.text) == (True, False)
    page = await browser.open(f"{TOP}?case_number=BA-1")
    assert ("BA-1" in page.text, "BA-3" in page.text) == (True, False)
    page = await browser.send("/seal-due")
    assert "What was due is being sealed." in page.text
    assert "/seal-due" not in page.text


@pytest.mark.parametrize(
    ("kind", "account", "said"),
    [
        (
            "only_in_doj",
            "remy",
            '<a href="/counties/los-angeles/discrepancies/{id}">Only DOJ has this conviction</a>',
        ),
        ("only_in_doj", "casey", 'Only DOJ has this conviction <span class="small">({id})</span>'),
        (
            "relief_ordered_twice",
            "casey",
            '<a href="/counties/los-angeles/differing-orders">Two orders stand',
        ),
    ],
)
async def test_the_open_difference_that_it_waits_for_is_said(
    world: World, browser: Browser, kind: str, account: str, said: str
) -> None:
    entry = {"discrepancy_id": str(UUID(int=5)), "kind": kind}
    one = a_dismissal("1", "discrepancy", discrepancies=[entry])
    world.services.sealing.add(one)
    for page in (await browser.sign_in(account, TOP), await browser.open(f"{TOP}/{one['relief_id']}")):
        assert said.format(id=UUID(int=5)) in page.text


async def at(browser: Browser, world: World, account: str = "casey", **facts: Any) -> str:
    one = a_dismissal("1", **facts)
    world.services.sealing.add(one)
    await browser.sign_in(account, f"{TOP}/{one['relief_id']}")
    return str(one["relief_id"])


async def test_a_certificate_is_printed_for_the_person(world: World, browser: Browser) -> None:
    await at(browser, world, "pat")
    page = await browser.send("/certificate", name="Jane Doe")
    assert page.headers["content-type"] == "application/pdf"
    assert page.content.startswith(b"%PDF")


async def test_it_is_told_why_there_is_no_certificate(world: World, browser: Browser) -> None:
    await at(browser, world)
    world.services.sealing.refuse["certificate"] = (409, "state_does_not_fit", "This relief is proposed.")
    page = await browser.send("/certificate")
    assert (page.status_code, "This relief is proposed." in page.text) == (409, True)


async def test_that_the_person_was_told_is_noted_once(world: World, browser: Browser) -> None:
    await at(browser, world, "remy")
    page = await browser.send("/told", on="2026-11-03")
    assert "Kept: the person was told." in page.text
    assert "November 3, 2026" in page.text
    assert "/told" not in page.text
    assert world.services.sealing.said == [("told", {"on": "2026-11-03"})]


async def test_a_hold_takes_a_reason_and_ends(world: World, browser: Browser) -> None:
    await at(browser, world)
    page = await browser.send("/legal-hold")
    assert "Say why it has to be kept." in page.text
    page = await browser.send("/legal-hold", reason="an audit")
    assert "<q>an audit</q>" in page.text
    assert "Seal it now" not in page.text
    page = await browser.send("/end-legal-hold")
    assert "The legal hold is ended." in page.text


async def test_sealing_at_once_takes_a_reason_and_a_second_thought(world: World, browser: Browser) -> None:
    await at(browser, world)
    page = await browser.send("/seal")
    assert "Say why it is sealed before its time." in page.text
    page = await browser.send("/seal", reason="the person asked")
    assert "Confirm that you know" in page.text
    assert "the person asked" in page.text
    page = await browser.send("/seal", reason="the person asked", sure="yes")
    assert "It is being sealed" in page.text
    assert world.services.sealing.said == [("seal", {"reason": "the person asked"})]


@pytest.mark.parametrize(
    ("account", "may", "may_not"),
    [
        ("pat", "/certificate", "/seal"),
        ("remy", "/told", "/legal-hold"),
        ("dana", "/legal-hold", "/certificate"),
    ],
)
async def test_each_office_sees_what_it_may_do(
    world: World, browser: Browser, account: str, may: str, may_not: str
) -> None:
    relief = await at(browser, world, account)
    own = f"{TOP}/{relief}"
    assert f'action="{own}{may}"' in browser.page.text
    assert f'action="{own}{may_not}"' not in browser.page.text


async def test_a_certificate_that_somebody_shows_is_checked(world: World, browser: Browser) -> None:
    await browser.sign_in("casey", TOP)
    page = await browser.send("/verify", code="", section="HS 11359")
    assert "Type the code and the section" in page.text
    page = await browser.send("/verify", code="ABCD-EFGH-IJKL-MNOP", section="HS 11359", case_number="BA-1")
    assert "The certificate is genuine: order SO-1" in page.text
    assert "sealed since November 20, 2026" in page.text
    page = await browser.send("/verify", code="ZZZZ", section="HS 11359")
    assert (page.status_code, "No certificate has this code" in page.text) == (404, True)
    assert "genuine: order" not in page.text


async def test_a_seal_that_was_a_mistake_is_taken_away(world: World, browser: Browser) -> None:
    one, other = str(UUID(int=1)), str(UUID(int=2))
    world.services.sealing.seals = [one, other]
    await browser.sign_in("casey", TOP)
    typed = {"sealed_case": "BA-7", "sealed_section": "HS 11359"}
    page = await browser.send("/remove-seal", **typed)
    assert "why the seal was a mistake" in page.text
    page = await browser.send("/remove-seal", **typed | {"sealed_case": "BA-8"}, reason="another person")
    assert "No conviction of this section and case is sealed here." in page.text
    page = await browser.send("/remove-seal", **typed, reason="another person")
    assert f"{one}, {other}" in page.text, "which one it is, nobody guesses"
    world.services.sealing.seals.remove(other)
    world.services.sealing.refuse["remove"] = (409, "being_sealed", BEING_SEALED)
    page = await browser.send("/remove-seal", **typed, reason="another person")
    assert "not every service has forgotten the conviction yet" in page.text
    del world.services.sealing.refuse["remove"]
    page = await browser.send("/remove-seal", **typed, reason="another person")
    assert "The seal is taken away." in page.text
    assert world.services.sealing.said == [("remove", {"relief": one, "reason": "another person"})]


async def test_the_service_that_has_not_forgotten_yet_is_named(world: World, browser: Browser) -> None:
    page = await browser.sign_in("casey", TOP)
    assert "Not forgotten yet" not in page.text
    waits = {"service": "eligibility", "convictions": 3, "since": "2026-11-04T10:00:00+00:00"}
    world.services.sealing.missing = [waits]
    page = await browser.open(TOP)
    assert "by eligibility: 3, the oldest since November 4, 2026" in page.text


async def test_a_prosecutor_takes_no_seal_away(world: World, browser: Browser) -> None:
    await browser.sign_in("dana", TOP)
    assert "/remove-seal" not in browser.page.text


async def test_a_dismissal_that_is_not_there_is_no_page(world: World, browser: Browser) -> None:
    page = await browser.sign_in("casey", f"{TOP}/{a_dismissal('9')['relief_id']}")
    assert page.status_code == 404


FOUND = {
    "code": "ABCD-EFGH-IJKL-MNOP", "county": "los-angeles", "court": None, "case_number": "BA-1", "section": "HS 11359",
    "conviction_date": None, "kind": "dismissal", "redesignated_to": None, "order_number": "SO-1", "judge": "A. Reyes",
    "ordered_on": "2026-10-01", "issued_on": "2026-11-04",
}  # fmt: skip


@pytest.mark.parametrize(
    ("on_record", "said"),
    [
        (None, "Superior Court of California, County of Los Angeles"),
        ("CASC LOS ANGELES", "Superior Court of California, County of Los Angeles"),
        ("CASC VAN NUYS", "Superior Court of California, County of Los Angeles (Van Nuys)"),
        (
            "CAMC LONG BEACH",
            "Municipal Court, Long Beach (today: Superior Court of California, County of Los Angeles)",
        ),
        ("Central Courthouse", "Central Courthouse"),
    ],
)
def test_a_certificate_names_the_court_in_words(on_record: str | None, said: str) -> None:
    assert ["Court", said] in certificate.said(FOUND | {"court": on_record})["facts"]


@pytest.mark.parametrize("name", ["Jane Doe", "", "#panic() *<x>* " * 10])
def test_the_certificate_is_one_page_and_says_what_it_does_not_do(name: str) -> None:
    paper = pypdf.PdfReader(io.BytesIO(print_paper("certificate", certificate.said(FOUND, name))))
    assert len(paper.pages) == 1
    text = " ".join(paper.pages[0].extract_text().split())
    for said in ("ABCD-EFGH-IJKL-MNOP", "BA-1", "federal law", "immigration", "firearms", name.strip()):
        assert said in text


def test_a_character_that_no_font_of_the_paper_has_stands_there_by_its_number() -> None:
    name = "\u540d Zo\u00eb O\u0092Neil \u05e9\u05dc\u05d5\u05dd \u202e \x00 \ud800 \U0001f600"
    paper = pypdf.PdfReader(io.BytesIO(print_paper("certificate", certificate.said(FOUND, name))))
    text = paper.pages[0].extract_text()
    for said in ("[U+540D] Zo\u00eb O[U+0092]Neil", "[U+202E]", "[U+0000]", "[U+D800]", "[U+1F600]"):
        assert said in text


def test_a_redesignation_is_not_called_sealed() -> None:
    said = certificate.said(FOUND | {"kind": "redesignation", "redesignated_to": "misdemeanor"})
    assert "It is not sealed." in said["means"][0]
    assert "redesignated this conviction as a misdemeanor." in said["means"][0]
    assert ["Relief", "redesignated as a misdemeanor"] in said["facts"]
