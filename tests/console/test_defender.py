"""The public defender's day in the console: answer, log contacts, hand over, look up a client, print for the court."""

import io

import httpx
import pypdf

from tests.console.conftest import Browser, World
from tests.console.services import a_challenge

CLIENT = "/counties/los-angeles/client"


async def at(browser: Browser, world: World, account: str = "pat") -> str:
    """The page of an objection, open."""
    relief = a_challenge(1)
    world.services.challenges[relief["relief_id"]] = relief
    world.services.defence.add(relief)
    place = f"/counties/los-angeles/challenges/{relief['relief_id']}"
    await browser.sign_in(account, place)
    return place


async def test_the_defender_answers_for_the_court_and_the_prosecution(world: World, browser: Browser) -> None:
    place = await at(browser, world)
    page = await browser.send("/answer", text="  ")
    assert "Write what the defence says." in page.text
    page = await browser.send("/answer", text="The fingerprints are <b>another's</b>.")
    assert "Answered. The court and the prosecution read it." in page.text
    prosecutor = world.browser()
    page = await prosecutor.sign_in("sam", place)
    assert "The fingerprints are &lt;b&gt;another&#39;s&lt;/b&gt;." in page.text
    assert "Contacts with the client" not in page.text
    assert "/answer" not in page.text


async def test_attempts_to_reach_the_client_are_logged_once(world: World, browser: Browser) -> None:
    await at(browser, world)
    page = await browser.send("/contacts", how="letter", note="a long note")
    assert "Choose how, and what came of it." in page.text
    assert ">a long note</textarea>" in page.text
    action, hidden = browser.form("/contacts")
    typed = {**hidden, "how": "letter", "outcome": "not_reached", "note": "came back"}
    for _ in range(2):
        page = await browser.http.post(action, data=typed, follow_redirects=True)
    assert "Letter: not reached" in page.text
    assert world.services.defence.said == [
        ("contacts", {"how": "letter", "outcome": "not_reached", "note": "came back"})
    ]


async def test_a_case_is_handed_over_on_a_conflict_with_the_reason(world: World, browser: Browser) -> None:
    place = await at(browser, world)
    page = await browser.send("/hand-over", to_account="person-2")
    assert "Say in the note why" in page.text
    page = await browser.send("/hand-over", to_account="person-2", note="we defended a witness")
    assert "Handed over. You see this case no more." in page.text
    assert (await browser.open(place)).status_code == 404


async def test_an_answer_after_the_ruling_is_told_and_what_was_typed_is_kept(
    world: World, browser: Browser
) -> None:
    await at(browser, world)
    ruled = "Nothing waits for an answer: this relief is overruled."
    world.services.defence.refuse["answer"] = (409, "state_does_not_fit", ruled)
    page = await browser.send("/answer", text="a long answer")
    assert page.status_code == 409
    assert ruled in page.text
    assert ">a long answer</textarea>" in page.text


async def test_a_data_sheet_for_each_form_has_what_is_known_of_the_case(
    world: World, browser: Browser
) -> None:
    await at(browser, world)
    sheets = pages_of(await browser.send("/forms"))
    for number, sheet in zip(("CR-400", "CR-401", "CR-402", "CR-403"), sheets, strict=True):
        assert f"{number}: " in sheet
        assert "This is not the form." in sheet
        assert "BA-1" in sheet
    assert "dismissed and sealed" in sheets[0]
    assert "not on record" not in "".join(sheets), "what is not known is a line to write on"


def pages_of(answer: httpx.Response) -> list[str]:
    """The text of each page of a paper, which is tagged (PDF/UA-1)."""
    assert answer.headers["content-type"] == "application/pdf", answer.text
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    assert "pdfuaid:part" in paper.trailer["/Root"]["/Metadata"].get_data().decode()
    return [" ".join(one.extract_text().split()) for one in paper.pages]


async def test_a_client_who_asks_is_looked_up_with_the_reason(world: World, browser: Browser) -> None:
    world.services.defence.convictions = [
        {
            "case_number": "BA7",
            "section": "HS 11358",
            "stage": "petition",
            "text": "It is left to a petition.",
            "level": "felony",
            "conviction_date": "1999-04-02",
        }
    ]
    await browser.sign_in("pat", "/counties/los-angeles/challenges")
    await browser.follow("A client who asks")
    person = {"surname": "Reyes", "given_name": "Alma", "birth_date": "1975-03-02"}
    page = await browser.send("/look-up", **person)
    assert "and why you look" in page.text
    assert 'value="Reyes"' in page.text
    assert world.services.defence.said == []
    page = await browser.send("/look-up", **person, reason="she telephoned")
    assert "HS 11358, case BA7" in page.text
    assert "It is left to a petition." in page.text
    assert world.services.defence.said == [("look-up", {**person, "reason": "she telephoned"})]
    sheets = pages_of(await browser.send("/forms", of="juvenile"))
    for number, sheet in zip(("JV-744", "JV-745", "JV-746"), sheets, strict=True):
        for said in (number, "Alma Reyes", "March 2, 1975", "BA7"):
            assert said in sheet
    assert "April 2, 1999" in sheets[0]


async def test_a_client_of_whom_nothing_is_on_record_is_told_so(world: World, browser: Browser) -> None:
    await browser.sign_in("pat", CLIENT)
    page = await browser.send(
        "/look-up", surname="Reyes", given_name="Alma", birth_date="1975-03-02", reason="x"
    )
    assert "No record of this county is this person&#39;s." in page.text
