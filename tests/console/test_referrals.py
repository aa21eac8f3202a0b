"""Community groups hand in persons and see the answers; the county answers; the balance of DOJ's list."""

import json

from tests.console.conftest import Browser, World
from tests.console.ledger import an_open_line

PLACE = "/counties/los-angeles/referrals"
LINES = "/counties/los-angeles/referral-lines"


async def test_a_group_hands_in_a_person_and_sees_the_answer(world: World, browser: Browser) -> None:
    await browser.sign_in("grace")
    person = {"surname": "Reyes", "given_name": "Alma", "birth_date": "1985-03-04"}
    paper = {"reference": "A-17", "signed_on": "2026-10-01", "until": "2029-09-30"}
    page = await browser.send("/person", **person, **paper)
    assert "1 person taken. The county answers by 2026-12-02." in page.text
    assert "The person is on record in this county." in page.text
    assert "HS 11358, case BA1: Relief is proposed." in page.text
    ((kind, body),) = world.services.ledger.said
    assert kind == "application/json"
    assert json.loads(body) == {"persons": [{**person, "authorisation": paper}]}


async def test_a_table_is_taken_line_by_line_and_says_which_to_correct(
    world: World, browser: Browser
) -> None:
    await browser.sign_in("grace", PLACE)
    table = "surname,given_name,birth_date\nReyes,Alma,1985-03-04\nLee,Kim,"
    page = await browser.send("/table", table=table)
    assert "1 of 2 taken" in page.text
    assert "birth date is missing; add it." in page.text
    assert world.services.ledger.said == [("text/csv", table)]


async def test_a_file_is_handed_in_as_it_is(world: World, browser: Browser) -> None:
    await browser.sign_in("grace", PLACE)
    action, hidden = browser.form("/table")
    file = ("list.csv", b"surname,given_name,birth_date\nReyes,Alma,1985-03-04\n")
    await browser.http.post(action, data=hidden, files={"file": file}, follow_redirects=True)
    assert world.services.ledger.said == [("text/csv", file[1].decode())]


async def test_a_table_that_cannot_be_read_is_kept_in_its_form(world: World, browser: Browser) -> None:
    await browser.sign_in("grace", PLACE)
    world.services.ledger.refuse["referrals"] = (
        422,
        "unreadable_list",
        "The first line has to name the columns.",
    )
    page = await browser.send("/table", table="<b>Reyes</b>")
    assert page.status_code == 422
    assert "The first line has to name the columns." in page.text
    assert "&lt;b&gt;Reyes&lt;/b&gt;</textarea>" in page.text


async def test_a_form_that_is_sent_twice_hands_in_once(world: World, browser: Browser) -> None:
    await browser.sign_in("grace", PLACE)
    action, hidden = browser.form("/person")
    for _ in range(2):
        await browser.http.post(action, data={**hidden, "surname": "Reyes"}, follow_redirects=True)
    assert len(world.services.ledger.referrals) == 1


async def test_a_list_of_another_group_is_not_here(browser: Browser) -> None:
    page = await browser.sign_in("grace", f"{PLACE}/00000000-0000-0000-0000-000000000001")
    assert page.status_code == 404


async def test_the_records_unit_answers_what_waits(world: World, browser: Browser) -> None:
    world.services.ledger.lines = [an_open_line(1), an_open_line(2, overdue=True)]
    await browser.sign_in("remy")
    page = await browser.follow("Referrals")
    assert "REYES, ALMA" in page.text
    assert "past its day" in page.text
    page = await browser.send("/answer")
    assert "Choose an answer." in page.text
    page = await browser.send("/answer", answer="found")
    assert "Give the person’s id" in page.text
    page = await browser.send("/answer", answer="no_record", note="looked in both archives")
    assert "Answered. The last answer counts." in page.text
    assert world.services.ledger.said == [
        (
            "answer",
            {"lines": [1], "answer": "no_record", "subject_id": None, "note": "looked in both archives"},
        )
    ]


async def test_the_records_unit_says_which_of_those_on_record_it_is(world: World, browser: Browser) -> None:
    one = {
        "record": "doj/los-angeles/1", "source": "doj", "county": "los-angeles", "surname": "REYES-LOPEZ",
        "given_name": "ALMA", "middle_name": None, "suffix": None, "birth_date": "1985-03-04", "sex": None,
        "race": None, "cii_numbers": ["A1"], "source_subject_id": None, "cases": [],
    }  # fmt: skip
    candidate = {"subject_id": "00000000-0000-0000-0000-00000000000a", "records": [one]}
    world.services.ledger.lines = [an_open_line(1, standing="in_doubt", candidates=[candidate])]
    page = await browser.sign_in("remy", LINES)
    assert "REYES-LOPEZ, ALMA" in page.text
    await browser.send("/answer", answer=f"found:{candidate['subject_id']}")
    ((_, said),) = world.services.ledger.said
    assert (said["answer"], said["subject_id"]) == ("found", candidate["subject_id"])


async def test_the_prosecutor_sees_what_is_late_and_answers_nothing(world: World, browser: Browser) -> None:
    world.services.ledger.lines = [an_open_line(1), an_open_line(2, overdue=True)]
    page = await browser.sign_in("dana", f"{LINES}?overdue=yes")
    assert page.text.count("REYES, ALMA") == 1
    assert "/answer" not in page.text


async def test_a_referral_that_is_no_id_reaches_no_service(world: World, browser: Browser) -> None:
    world.services.ledger.lines = [an_open_line(1)]
    await browser.sign_in("remy", LINES)
    page = await browser.send("/answer", answer="no_record", referral="../../caller?")
    assert page.status_code == 404
    assert world.services.ledger.said == []


async def test_the_balance_adds_up_and_can_be_taken_away(world: World, browser: Browser) -> None:
    world.services.ledger.balance = {
        "moved": {"ordered": 3},
        "unaccounted": {"needs_review": 2, "waits_for_order": 1},
    }
    line = {
        "case_number": "=BA1", "section": "HS 11358", "level": "felony", "conviction_date": "1999-04-02",
        "part": "moved", "why": "ordered", "outcome": "dismissal", "reason": "r", "relief_id": "1",
    }  # fmt: skip
    world.services.ledger.exported = [line]
    await browser.sign_in("remy")
    page = await browser.follow("DOJ’s list")
    assert "6 convictions that a record of DOJ shows" in page.text
    assert "waits for an office’s review" in page.text
    assert '<td class="number"><strong>3</strong></td>' in page.text
    page = await browser.follow("Each conviction as CSV")
    assert page.headers["content-type"] == "text/csv; charset=utf-8"
    assert page.text.splitlines() == [
        "case_number,section,level,conviction_date,part,why,outcome,reason",
        "'=BA1,HS 11358,felony,1999-04-02,moved,ordered,dismissal,r",
    ]
