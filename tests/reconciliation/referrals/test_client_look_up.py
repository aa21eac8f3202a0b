"""A public defender looks up a client who asks; the reason is audited, and nothing of the person is kept."""

import pytest

from services.chassis.runtime.database import Database
from services.reconciliation.handlers import Linker
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import LOS_ANGELES, a_rap_sheet
from tests.reconciliation.referring import MODEL, referrals_open, somebody

pytestmark = pytest.mark.servers
CLIENTS = f"/v1/counties/{LOS_ANGELES}/clients"
ASKED = {"reason": "asked on the telephone"}


async def on_record(database: Database) -> None:
    await feed(database, [a_rap_sheet()], Published(), Linker(MODEL))


async def test_a_client_on_record_is_found_with_what_waits(database: Database) -> None:
    await on_record(database)
    async with referrals_open(database) as offices:
        found = (await offices.ask("defender", "POST", CLIENTS, json=somebody(**ASKED))).json()
    assert (found["answer"], found["subject_id"] is not None) == ("found", True)
    assert [(one["section"], one["stage"]) for one in found["convictions"]] == [("HS 11359", "received")]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (somebody(case_number="ZZ999"), "case_missing"),
        (somebody(surname="Organa", given_name="Leia", birth_date="1961-07-08"), "missing"),
    ],
)
async def test_what_is_not_on_record_is_said_and_opens_nothing(
    database: Database, asked: dict[str, str], answer: str
) -> None:
    await on_record(database)
    async with referrals_open(database) as offices:
        found = (await offices.ask("defender", "POST", CLIENTS, json=asked | ASKED)).json()
    assert found["answer"] == answer
    async with database.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM discrepancies WHERE found_by = 'referrals'") == 0


async def test_a_look_takes_a_reason_and_stands_in_the_audit_log_with_it(database: Database) -> None:
    await on_record(database)
    async with referrals_open(database) as offices:
        assert (await offices.ask("defender", "POST", CLIENTS, json=somebody())).status_code == 422
        await offices.ask("defender", "POST", CLIENTS, json=somebody(**ASKED))
    async with database.pool.acquire() as db:
        last = await db.fetchrow(
            """SELECT who, object, outcome, text FROM audit_log JOIN audit_texts USING (id)
               WHERE act = 'look_up_client' ORDER BY id DESC LIMIT 1"""
        )
    who, on, outcome, reason = last
    assert (who, on.split("/")[0], outcome, reason) == ("defender", "subject", "shown", ASKED["reason"])


@pytest.mark.parametrize("who", ["clerk", "prosecutor", "centre", "kern"])
async def test_nobody_but_a_defender_of_the_county_looks_up_clients(database: Database, who: str) -> None:
    async with referrals_open(database) as offices:
        answer = await offices.ask(who, "POST", CLIENTS, json=somebody(**ASKED))
        assert answer.status_code == 403
