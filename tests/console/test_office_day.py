"""An office's day on the console's pages, with services of tests behind them: queue, answer, decide, sign, and what
happens when somebody else, a defect or a guess comes between."""

import re
from typing import Any

import pytest

from tests.console.conftest import Browser, World
from tests.console.services import a_review

QUEUE = "/counties/los-angeles/queue"


def place_of(review: dict[str, Any]) -> str:
    return f"/counties/los-angeles/reviews/{review['review_id']}"


async def at(browser: Browser, world: World, account: str = "dana", **facts: Any) -> dict[str, Any]:
    """A review that waits, and its page open."""
    review = a_review("1", **facts)
    world.services.add(review)
    await browser.sign_in(account, place_of(review))
    return review


async def test_the_queue_shows_what_waits_with_a_number_for_each_filter(
    world: World, browser: Browser
) -> None:
    world.services.add(a_review("1"), a_review("2", section="HS 11359", reason="unknown_level"))
    page = await browser.sign_in("dana")
    assert page.url.path == QUEUE, "a single office leads to its queue at once"
    assert "2 wait: 0 past their day, 0 put off, 0 claimed." in page.text
    assert "HS 11359 (1)" in page.text
    page = await browser.open(f"{QUEUE}?section=HS+11359")
    assert "case BA-2" in page.text
    assert "case BA-1" not in page.text


async def test_filters_survive_an_action(world: World, browser: Browser) -> None:
    review = a_review("2", section="HS 11359")
    world.services.add(a_review("1"), review)
    await browser.sign_in("dana", QUEUE)
    await browser.open(f"{QUEUE}?section=HS+11359&after=x")
    page = await browser.send("/queue/claim", line=f"{review['review_id']}:{review['digest']}")
    assert page.url.params["section"] == "HS 11359"
    assert "1 claimed." in page.text
    assert "claimed by you" in page.text
    page = await browser.send("/queue/release", line=f"{review['review_id']}:{review['digest']}")
    assert "1 given back." in page.text
    page = await browser.open(QUEUE)
    assert "1 given back." not in page.text, "a notice is shown once"


async def test_next_for_me_claims_and_opens_one_and_says_when_nothing_is_left(
    world: World, browser: Browser
) -> None:
    review = a_review("1")
    world.services.add(review)
    await browser.sign_in("dana", QUEUE)
    page = await browser.send("/queue/next")
    assert page.url.path == place_of(review)
    assert "You have claimed this one." in page.text
    await browser.open(QUEUE)
    page = await browser.send("/queue/next")
    assert "Nothing waits that nobody has claimed or put off." in page.text


async def test_a_conviction_is_shown_with_both_records_the_law_and_what_would_settle_it(
    world: World, browser: Browser
) -> None:
    await at(browser, world)
    text = browser.page.text
    cells = re.sub(' (role|data-label)="[^"]*"', "", text)
    assert "<td>Not met</td><td>Earlier super strike is not met.</td><td>PC 667(e)(2)(C)(iv)</td>" in cells
    assert "<td>Unknown</td><td>Amounts and ages is unknown.</td><td>HS 11358</td>" in cells
    assert 'class="differs"><th scope="row">Case number</th><td>BA999</td><td>BA-1</td>' in text
    assert "DOJ’s file" in text or "DOJ&#39;s file ffffffffffff, row 17" in text
    assert "459 PC-BURGLARY" in text
    assert "How many living plants were there?" in text
    assert 'Six or fewer <span class="hint">leads to: dismissed and sealed, no offense today</span>' in text


async def test_an_answer_is_stated_for_the_counts_that_were_shown(world: World, browser: Browser) -> None:
    await at(browser, world)
    page = await browser.send("/answer", value="at_most_six", basis="police report 94-11872, page 3")
    assert "Your answer is stated" in page.text
    assert world.services.statements == [
        {
            "basis": "police report 94-11872, page 3",
            "counts": [
                {
                    "count": "court/los-angeles/1/1",
                    "section": "HS 11358",
                    "disposed_on": "1999-04-02",
                    "case_number": "BA-1",
                }
            ],
            "facts": [{"fact": "plants", "value": "at_most_six"}],
        }
    ]


async def test_an_answer_to_a_question_that_was_answered_before_revises_it(
    world: World, browser: Browser
) -> None:
    await at(browser, world)
    world.services.answered_before = True
    await browser.send("/answer", value="more_than_six", basis="file 7")
    assert [(one.get("statement_id"), one.get("revision")) for one in world.services.statements] == [
        (None, None),
        ("s1", 3),
    ]


async def test_an_answer_without_its_basis_is_asked_for_it_and_keeps_what_was_chosen(
    world: World, browser: Browser
) -> None:
    await at(browser, world)
    page = await browser.send("/answer", value="more_than_six", basis="  ")
    assert page.status_code == 422
    assert "Choose an answer, and name the document and page that it rests on." in page.text
    assert 'value="more_than_six" checked' in page.text
    assert world.services.statements == []


async def test_an_office_that_does_not_have_the_review_is_offered_no_act_on_it(
    world: World, browser: Browser
) -> None:
    review = await at(browser, world, "remy", office="records_unit")
    for form in ("refer", "hold", "claim"):
        assert f'/{form}"' in browser.page.text, "the records unit has it, and acts"
    for form in ("decide", "challenge"):
        assert f'/{form}"' not in browser.page.text, "only a prosecutor moves or objects"
    deputy = world.browser()
    page = await deputy.sign_in("dana", place_of(review))
    assert "It waits for the records unit: nobody else decides it." in page.text
    for form in ("decide", "challenge", "refer", "hold", "claim", "send-back"):
        assert f'/{form}"' not in page.text


@pytest.mark.parametrize("county", ["%00", "a%3Fb", "a%23b", "GOTHAM", "%F0%9F%98%80", ".."])
async def test_what_names_no_county_is_a_page_that_is_not_here(
    world: World, browser: Browser, county: str
) -> None:
    await browser.sign_in("dana", QUEUE)
    page = await browser.open(f"/counties/{county}/queue")
    assert page.status_code == 404
    assert "This page is not here" in page.text


async def test_a_filter_that_is_not_known_is_told(world: World, browser: Browser) -> None:
    await browser.sign_in("dana", QUEUE)
    world.services.refuse["list"] = (422, "invalid_query", "sort: should be 'due' or 'age'.")
    page = await browser.http.get(f"{QUEUE}?sort=zork&due=QQ")
    assert (page.status_code, page.headers["location"]) == (303, QUEUE)
    del world.services.refuse["list"]
    page = await browser.open(QUEUE)
    assert "The address had a filter that is not known, so none is set. sort: should be" in page.text


async def test_one_prepares_another_signs(world: World, browser: Browser) -> None:
    review = await at(browser, world)
    page = await browser.send("/decide", decision="redesignation:misdemeanor", reason_code="file_reviewed")
    assert "Prepared. Somebody else has to sign it." in page.text
    signer = world.browser()
    page = await signer.sign_in("sam", f"{QUEUE}?state=prepared")
    assert "redesignated to misdemeanor (file reviewed), waits for a signature" in page.text
    page = await signer.open(place_of(review))
    assert "Prepared: redesignated to misdemeanor" in page.text
    page = await signer.send("/sign")
    assert "Signed." in page.text
    assert [(who, verb, body.get("redesignated_to")) for who, verb, body, _ in world.services.said] == [
        ("dana", "decide", "misdemeanor"),
        ("sam", "sign", None),
    ]


async def test_what_is_prepared_anew_after_the_signer_opened_the_page_is_not_signed_and_is_told(
    world: World, browser: Browser
) -> None:
    review = await at(browser, world)
    await browser.send("/decide", decision="dismissal", reason_code="file_reviewed")
    signer, in_the_queue = world.browser(), world.browser()
    await signer.sign_in("sam", place_of(review))
    await in_the_queue.sign_in("sam", f"{QUEUE}?state=prepared")
    ticked = f"{review['review_id']}:{review['digest']}"
    await browser.open(place_of(review))
    await browser.send("/decide", decision="petition", reason_code="file_reviewed")
    page = await signer.send("/sign")
    assert page.status_code == 412
    assert "nothing was done. What was prepared changed since it was shown" in page.text
    assert "Prepared: leave to a petition" in page.text, "the page shows what is prepared now"
    page = await in_the_queue.send("/queue/sign", line=ticked)
    assert "Not signed: It changed since you opened the page, so nothing was done." in page.text
    assert review["state"] == "prepared"


async def test_who_prepared_it_or_does_not_sign_for_the_office_has_nothing_to_sign_with(
    world: World, browser: Browser
) -> None:
    review = await at(browser, world, "sam")
    await browser.send("/decide", decision="dismissal", reason_code="file_reviewed")
    page = await browser.open(place_of(review))
    assert "Prepared: dismissed and sealed" in page.text
    assert '/sign"' not in page.text
    deputy = world.browser()
    page = await deputy.sign_in("dana", place_of(review))
    assert '/sign"' not in page.text


async def test_an_act_that_the_grant_does_not_admit_is_told_on_the_page(
    world: World, browser: Browser
) -> None:
    await at(browser, world)
    world.services.refuse["decide"] = (403, "not_granted", "This takes a grant as district attorney.")
    page = await browser.send("/decide", decision="petition", reason_code="other")
    assert page.status_code == 403
    assert "Your sign-in does not allow this, so nothing was done." in page.text
    assert 'value="petition" checked' in page.text


async def test_what_is_sent_back_needs_a_note(world: World, browser: Browser) -> None:
    review = await at(browser, world)
    await browser.send("/decide", decision="dismissal", reason_code="file_reviewed")
    await browser.open(place_of(review))
    page = await browser.send("/send-back")
    assert "Say in the note what is missing." in page.text
    page = await browser.send("/send-back", note="The report is not in the file.")
    assert "Sent back." in page.text
    page = await browser.open(place_of(review))
    assert "The report is not in the file." in page.text


async def test_objecting_holding_and_referring_say_what_the_office_said(
    world: World, browser: Browser
) -> None:
    review = await at(browser, world)
    first = [{"review_id": review["review_id"], "digest": review["digest"]}]
    await browser.send("/challenge", reason_code="unreasonable_risk", still_serving="yes")
    page = await browser.open(place_of(review))
    assert "(unreasonable risk; it states that the sentence still runs), by" in page.text
    await browser.send("/hold", until="2026-12-31", reason_code="file_ordered")
    await browser.open(place_of(review))
    await browser.send(
        "/refer", office="records_unit", reason_code="other", note="The case number is another's."
    )
    line = [{"review_id": review["review_id"], "digest": review["digest"]}]
    assert [(verb, body) for _, verb, body, _ in world.services.said] == [
        ("challenge", {"lines": first, "reason_code": "unreasonable_risk", "still_serving": True}),
        ("hold", {"lines": line, "until": "2026-12-31", "reason_code": "file_ordered"}),
        (
            "refer",
            {
                "lines": line,
                "office": "records_unit",
                "city": None,
                "reason_code": "other",
                "note": "The case number is another's.",
            },
        ),
    ]


async def test_a_form_that_is_sent_twice_does_nothing_twice(world: World, browser: Browser) -> None:
    await at(browser, world)
    action, hidden = browser.form("/decide")
    typed = {**hidden, "decision": "dismissal", "reason_code": "file_reviewed"}
    for _ in range(2):
        page = await browser.http.post(action, data=typed, follow_redirects=True)
    assert "This was done already; nothing was done twice." in page.text
    keys = {key for _, _, _, key in world.services.said}
    assert len(keys) == 1
    assert keys != {""}


async def test_a_determination_that_changed_meanwhile_is_told_and_what_was_typed_is_kept(
    world: World, browser: Browser
) -> None:
    review = await at(browser, world)
    world.services.refuse["refer"] = (412, "determination_changed", "The conviction changed (conviction).")
    page = await browser.send("/refer", office="clerk", reason_code="conflict", note="a long note")
    assert page.status_code == 412
    assert "It changed since you opened the page, so nothing was done." in page.text
    assert "The conviction changed (conviction)." in page.text
    assert ">a long note</textarea>" in page.text
    assert 'value="clerk" selected' in page.text
    del world.services.refuse["refer"]
    await browser.send("/refer", office="clerk", reason_code="conflict", note="a long note")
    assert [verb for _, verb, _, _ in world.services.said] == ["refer"]
    assert review["office"] == "clerk"


async def test_two_on_one_case_hear_of_each_other(world: World, browser: Browser) -> None:
    await at(browser, world)
    world.services.refuse["claim"] = (409, "claimed", "Somebody else has claimed it.")
    page = await browser.send("/claim")
    assert page.status_code == 409
    assert "Somebody else has claimed it." in page.text


@pytest.mark.parametrize("typed", [{"csrf": "forged"}, {"csrf": ""}])
async def test_a_forged_form_does_nothing(world: World, browser: Browser, typed: dict[str, str]) -> None:
    await at(browser, world)
    page = await browser.send("/decide", decision="dismissal", **typed)
    assert page.status_code == 403
    assert "This form was not sent from its own page" in page.text
    assert world.services.said == []


async def test_a_form_from_another_site_does_nothing(world: World, browser: Browser) -> None:
    await at(browser, world)
    page = await browser.send("/decide", origin="https://elsewhere.example", decision="dismissal")
    assert page.status_code == 403
    assert world.services.said == []


@pytest.mark.parametrize("path", [QUEUE, "/counties/fresno/queue", "/counties/fresno/reviews/1"])
async def test_an_address_that_is_guessed_shows_nothing(world: World, browser: Browser, path: str) -> None:
    world.services.refuse["list"] = (403, "not_granted", "This takes a grant as district attorney.")
    page = await browser.sign_in("tori", path)
    assert page.status_code in (403, 404)
    assert "You may not open this" in page.text or "This page is not here" in page.text


async def test_what_another_city_has_is_not_here(world: World, browser: Browser) -> None:
    page = await browser.sign_in("tori", "/counties/los-angeles/reviews/00000000-0000-0000-0000-000000000001")
    assert page.status_code == 404
    assert "This page is not here" in page.text


async def test_a_city_attorney_decides_without_the_persons_record(world: World, browser: Browser) -> None:
    await at(browser, world, "tori", office="city_attorney", city="Torrance")
    assert "What the records say" not in browser.page.text
    assert "What would settle this" in browser.page.text


async def test_a_service_that_is_down_is_told_in_plain_words(world: World, browser: Browser) -> None:
    review = await at(browser, world)
    world.services.down = {"relief"}
    page = await browser.send("/decide", decision="dismissal", reason_code="other")
    assert page.status_code == 503
    assert "sending the form again does nothing twice" in page.text
    page = await browser.open(place_of(review))
    assert page.status_code == 503
    assert "Try again" in page.text


async def test_what_was_typed_while_a_service_was_down_is_there_again_and_is_done_once(
    world: World, browser: Browser
) -> None:
    review = await at(browser, world)
    before = browser.form("/refer")[1]["once"]
    world.services.down = {"relief"}
    page = await browser.send("/refer", office="clerk", reason_code="other", note="a long note")
    assert "What you typed is kept for an hour" in page.text
    world.services.down = set()
    page = await browser.open(place_of(review))
    assert ">a long note</textarea>" in page.text
    assert browser.form("/refer")[1]["once"] == before, "if it was done after all, it is not done again"


async def test_an_access_token_that_was_renewed_while_a_service_was_down_is_used_on(
    world: World, browser: Browser
) -> None:
    review = await at(browser, world)
    world.services.down = {"relief"}
    world.clock.forward(minutes=15)
    await browser.open(place_of(review))
    world.services.down = set()
    assert (await browser.open(place_of(review))).status_code == 200
    assert world.provider.renewed == 1


async def test_names_that_are_long_right_to_left_or_scripts_are_shown_as_text(
    world: World, browser: Browser
) -> None:
    await at(browser, world, court="<script>alert(1)</script>" + "א" * 10_000)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;אא" in browser.page.text
    assert "<script" not in browser.page.text


async def test_every_answer_forbids_scripts_frames_caches_and_what_comes_from_elsewhere(
    world: World, browser: Browser
) -> None:
    await at(browser, world)
    for path in (QUEUE, "/nowhere", "/signed-out"):
        headers = (await browser.open(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


async def test_no_page_has_a_word_that_the_house_does_not_use(world: World, browser: Browser) -> None:
    await at(browser, world)
    pages = [browser.page.text, (await browser.open(QUEUE)).text]
    for text in pages:
        for word in ("subject", "expunge", "open question", "stale"):
            assert word not in text.lower()
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert "BA-1" not in title


async def test_a_question_that_another_office_answers_is_shown_and_not_asked(
    world: World, browser: Browser
) -> None:
    await at(browser, world, "remy", office="records_unit")
    assert "How many living plants were there?" in browser.page.text
    assert "Your office does not answer this: refer it to one that does." in browser.page.text
    assert "State this answer" not in browser.page.text


async def test_an_office_sees_its_own_queue_first_and_the_whole_county_when_it_asks(
    world: World, browser: Browser
) -> None:
    world.services.add(a_review("1"), a_review("2", office="clerk"))
    page = await browser.sign_in("carla", QUEUE)
    assert "case BA-2" in page.text
    assert "case BA-1" not in page.text
    assert "under these filters" not in page.text
    page = await browser.open(f"{QUEUE}?office=")
    assert "case BA-1" in page.text
    review = a_review("1")
    page = await browser.send("/queue/claim", line=f"{review['review_id']}:{review['digest']}")
    assert page.url.params["office"] == "", "also after an action"
