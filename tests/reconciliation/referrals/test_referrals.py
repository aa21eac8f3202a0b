"""A community group hands in persons; each is answered as the person allows, and the county hears what is missing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.reconciliation.handlers import Linker
from services.reconciliation.referrals.clock import KEPT
from services.reconciliation.relief_clocks import ReliefClocks
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import a_count, a_person, a_rap_sheet
from tests.reconciliation.referring import (
    LINES,
    MODEL,
    REFERRALS,
    SIGNED,
    TODAY,
    looked,
    looked_again,
    referrals_open,
    somebody,
    the_clock,
)
from tests.reconciliation.test_relief_clocks import PROPOSED_AT, a_challenge, a_proposal

pytestmark = pytest.mark.servers
LINKER = Linker(MODEL)
DUE = TODAY + timedelta(days=30)
NOBODY_ELSE = somebody(surname="Organa", given_name="Leia", birth_date="1961-07-08")


async def on_record(database: Database, *records: Any) -> Published:
    published = Published()
    await feed(database, list(records) or [a_rap_sheet()], published, LINKER)
    return published


async def open_entries(database: Database) -> list[tuple[str, str]]:
    async with database.pool.acquire() as db:
        rows = await db.fetch(
            """SELECT kind, convert_from(event, 'UTF8')::jsonb ->> 'owner' AS owner FROM discrepancies
               WHERE open AND found_by = 'referrals' ORDER BY kind"""
        )
    return [(row["kind"], row["owner"]) for row in rows]


async def test_with_an_authorisation_a_person_on_record_is_told_what_waits(database: Database) -> None:
    await on_record(database)
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody(authorisation=SIGNED))
        assert receipt.status_code == 201
        assert receipt.json()["due_on"] == DUE.isoformat()
        assert [line["answer"] for line in await offices.told(receipt)] == ["waiting"]
        await looked(database)
        (line,) = await offices.told(receipt)
        assert line["answer"] == "found"
        assert [(one["section"], one["stage"]) for one in line["convictions"]] == [("HS 11359", "received")]


async def test_what_waits_follows_relief(database: Database) -> None:
    await on_record(database)
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody(authorisation=SIGNED))
        await looked(database)
        async with database.transaction() as work:
            events = [a_proposal(a_rap_sheet()), a_challenge(a_rap_sheet(), at=PROPOSED_AT)]
            await ReliefClocks(lambda: TODAY).on_relief([Delivery(each) for each in events], work)
        (line,) = await offices.told(receipt)
        assert [one["stage"] for one in line["convictions"]] == ["challenged"]


@pytest.mark.parametrize(
    ("authorisation", "kind"),
    [(None, "none"), ({**SIGNED, "signed_on": "2025-01-01", "until": "2026-11-01"}, "expired")],
)
async def test_without_an_authorisation_everybody_gets_the_same_answer(
    database: Database, authorisation: dict[str, str] | None, kind: str
) -> None:
    await on_record(database)
    async with referrals_open(database) as offices:
        people = [somebody(), NOBODY_ELSE, somebody(case_number="ZZ999")]
        given = [{**one, **({"authorisation": authorisation} if authorisation else {})} for one in people]
        receipt = await offices.submit(*given)
        assert [line["authorisation"] for line in receipt.json()["lines"]] == [kind] * 3
        before = await offices.told(receipt)
        await looked(database)
        after = await offices.told(receipt)
        told = {
            tuple((name, str(value)) for name, value in line.items() if name != "line")
            for line in before + after
        }
        assert len(told) == 1


async def test_an_authorisation_that_has_run_out_since_tells_nothing_any_more(database: Database) -> None:
    await on_record(database)
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody(authorisation={**SIGNED, "until": TODAY.isoformat()}))
        await looked(database)
        assert [line["answer"] for line in await offices.told(receipt)] == ["found"]
    async with referrals_open(database, TODAY + timedelta(days=1)) as offices:
        assert [line["answer"] for line in await offices.told(receipt)] == ["neutral"]


async def test_nobody_sees_what_another_group_handed_in(database: Database) -> None:
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody(authorisation=SIGNED))
        path = f"{REFERRALS}/{receipt.json()['referral_id']}"
        assert (await offices.ask("another-centre", "GET", path)).status_code == 404
        assert (await offices.ask("records", "GET", path)).status_code == 403
        listed = (await offices.ask("another-centre", "GET", REFERRALS)).json()["referrals"]
        assert listed == []
        (own,) = (await offices.ask("centre", "GET", REFERRALS)).json()["referrals"]
        assert (own["lines"], own["open"]) == (1, None)


async def test_who_is_missing_opens_a_discrepancy_until_a_record_comes(database: Database) -> None:
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody(authorisation=SIGNED), NOBODY_ELSE)
        await looked(database)
        assert (await offices.told(receipt))[0]["answer"] == "missing"
        assert await open_entries(database) == [("not_on_record", "records_unit")] * 2
        await on_record(database)
        await looked_again(database)
        assert (await offices.told(receipt))[0]["answer"] == "found"
        assert await open_entries(database) == [("not_on_record", "records_unit")]


async def test_a_case_that_the_person_does_not_have_here_is_missing(database: Database) -> None:
    await on_record(database)
    async with referrals_open(database) as offices:
        cases = [somebody(case_number=number, authorisation=SIGNED) for number in ("BA-012345", "ZZ999999")]
        receipt = await offices.submit(*cases)
        await looked(database)
        assert [line["answer"] for line in await offices.told(receipt)] == ["found", "case_missing"]


async def test_who_is_on_record_in_another_county_only_is_missing_in_this_one(database: Database) -> None:
    kern = CountyName("kern")
    await on_record(database, a_rap_sheet("R1", a_count(county=kern), county=kern))
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody(authorisation=SIGNED))
        await looked(database)
        assert [line["answer"] for line in await offices.told(receipt)] == ["missing"]


async def test_two_who_may_be_the_person_are_for_the_county_to_decide(database: Database) -> None:
    sheets = [a_rap_sheet(f"R{n}", person=a_person(cii=(f"100000{n}",))) for n in (1, 2)]
    await on_record(database, *sheets)
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody(authorisation=SIGNED))
        await looked(database)
        (line,) = await offices.told(receipt)
        assert (line["answer"], line["convictions"]) == ("in_doubt", [])
        assert await open_entries(database) == []
        (open_line,) = (await offices.ask("records", "GET", LINES)).json()["lines"]
        assert open_line["person"]["surname"] == "Skywalker"
        known = [each["records"][0]["cii_numbers"] for each in open_line["candidates"]]
        assert sorted(known) == [["1000001"], ["1000002"]]
        said = {"lines": [1], "answer": "found", "subject_id": open_line["candidates"][0]["subject_id"]}
        path = f"{REFERRALS}/{receipt.json()['referral_id']}/answer"
        assert (await offices.ask("records", "POST", path, json=said)).status_code == 200
        assert [each["answer"] for each in await offices.told(receipt)] == ["found"]


async def test_the_records_unit_answers_and_the_last_answer_counts(database: Database) -> None:
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody(authorisation=SIGNED))
        await looked(database)
        path = f"{REFERRALS}/{receipt.json()['referral_id']}/answer"
        for said, words in (("record_sent", "sends the record"), ("destroyed", "HS 11361.5")):
            answer = await offices.ask("records", "POST", path, json={"lines": [1], "answer": said})
            assert answer.status_code == 200
            (line,) = await offices.told(receipt)
            assert words in line["text"]
        assert await open_entries(database) == []
        assert (await offices.ask("records", "GET", LINES)).json()["lines"] == []


async def test_an_answer_that_names_the_subject_is_one_of_the_countys_own(database: Database) -> None:
    published = await on_record(database)
    (subject,) = published.histories
    async with referrals_open(database) as offices:
        receipt = await offices.submit({**NOBODY_ELSE, "authorisation": SIGNED})
        await looked(database)
        path = f"{REFERRALS}/{receipt.json()['referral_id']}/answer"

        async def answer(**given: object) -> int:
            asked = {"lines": [1], "answer": "found", **given}
            return (await offices.ask("records", "POST", path, json=asked)).status_code

        assert await answer() == 422
        assert await answer(subject_id=str(uuid4())) == 422
        assert await answer(answer="no_record", subject_id=str(subject)) == 422
        assert await answer(lines=[2], subject_id=str(subject)) == 404
        assert await answer(subject_id=str(subject)) == 200
        (line,) = await offices.told(receipt)
        assert line["answer"] == "found"
        assert line["convictions"]


async def test_an_answer_that_is_late_goes_to_the_district_attorney(database: Database) -> None:
    async with referrals_open(database) as offices:
        receipt = await offices.submit(somebody())
        await looked(database)
        for day, late in ((DUE, []), (DUE + timedelta(days=1), [("referral_overdue", "district_attorney")])):
            async with database.transaction() as work:
                await the_clock(day).escalate(work)
            assert await open_entries(database) == [("not_on_record", "records_unit"), *late]
    async with referrals_open(database, DUE + timedelta(days=1)) as offices:
        queue = (await offices.ask("prosecutor", "GET", f"{LINES}?overdue=yes")).json()["lines"]
        assert [line["overdue"] for line in queue] == [True]
        path = f"{REFERRALS}/{receipt.json()['referral_id']}/answer"
        await offices.ask("records", "POST", path, json={"lines": [1], "answer": "no_record"})
        assert await open_entries(database) == []


async def test_who_was_named_is_erased_in_time(database: Database) -> None:
    async with referrals_open(database) as offices:
        await offices.submit(somebody(authorisation=SIGNED))
        await looked(database)
    async with database.transaction() as work:
        await the_clock(DUE + KEPT).erase(work)
    async with database.pool.acquire() as db:
        kept = await db.fetchval("SELECT string_agg(referral_lines::text, '') FROM referral_lines")
        kept += await db.fetchval("SELECT string_agg(convert_from(event, 'UTF8'), '') FROM discrepancies")
    assert "kywalker" not in kept
    assert "1960" not in kept
    assert "AUTH-17" not in kept
    assert await open_entries(database) == []


async def test_the_same_list_sent_again_is_the_same_referral(database: Database) -> None:
    async with referrals_open(database) as offices:
        first = await offices.submit(somebody(authorisation=SIGNED))
        again = await offices.submit(somebody(authorisation=SIGNED))
        assert (again.status_code, again.json()) == (200, first.json())
        by_another = await offices.submit(somebody(authorisation=SIGNED), by="another-centre")
        assert by_another.json()["referral_id"] != first.json()["referral_id"]


async def test_a_key_that_came_with_another_list_is_refused(database: Database) -> None:
    async with referrals_open(database) as offices:
        key = {"Idempotency-Key": "k1"}
        first = await offices.submit(somebody(), **key)
        assert (await offices.submit(somebody(), **key)).json() == first.json()
        other = await offices.submit(somebody(given_name="Leia"), **key)
        assert (other.status_code, other.json()["code"]) == (409, "key_reused")


async def test_a_bad_line_is_in_the_receipt_and_costs_nothing_else(database: Database) -> None:
    async with referrals_open(database) as offices:
        sent = (
            "surname,given_name,birth_date\nREYES,ALMA,1985-03-04\n"
            + "X" * 10_000
            + ",ALMA,1985-03-04\nLEE,KIM,\n"
        )
        receipt = (await offices.submit_csv(sent)).json()
        assert (receipt["received"], receipt["taken"], receipt["refused"]) == (3, 1, 2)
        assert [line["status"] for line in receipt["lines"]] == ["taken", "refused", "refused"]
        nothing = await offices.submit_csv("surname,given_name,birth_date\nREYES,ALMA,\n")
        assert (nothing.status_code, nothing.json()["code"]) == (422, "nothing_taken")
        assert "row 1, column birth_date is missing" in nothing.json()["detail"]


async def test_an_unknown_county_and_another_roles_token_are_refused(database: Database) -> None:
    async with referrals_open(database) as offices:
        assert (await offices.submit(somebody(), by="clerk")).status_code == 403
        assert (await offices.ask("kern", "GET", LINES)).status_code == 403
        assert (await offices.ask("kern", "GET", "/v1/counties/kern/referral-lines")).status_code == 404
        wrong = await offices.ask(
            "centre", "POST", REFERRALS, content=b"x", headers={"Content-Type": "text/plain"}
        )
        assert wrong.status_code == 415


async def test_pages_of_the_queue_follow_one_another(database: Database) -> None:
    async with referrals_open(database) as offices:
        await offices.submit(*(somebody(case_number=f"ZZ{at}") for at in range(5)))
        seen: list[int] = []
        path = f"{LINES}?limit=2"
        while path:
            page = (await offices.ask("records", "GET", path)).json()
            seen += [line["line"] for line in page["lines"]]
            path = f"{LINES}?limit=2&after={page['next']}" if page["next"] else ""
        assert seen == [1, 2, 3, 4, 5]
        assert (await offices.ask("records", "GET", f"{LINES}?after=luke")).status_code == 422
