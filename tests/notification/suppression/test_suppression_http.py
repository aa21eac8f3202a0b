"""Suppression over HTTP, on a real Postgres: answers about given counts, and never a list."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from tests.notification.builders import TurnedClock, on_relief, ordered

pytestmark = pytest.mark.servers
PATH = "/v1/suppression"


def count(number: int = 1, **changes: Any) -> dict[str, Any]:
    asked = {
        "county": "los-angeles",
        "case_number": f"BA{number:06}",
        "code_section": "HS 11359",
        "date": "1999-03-04",
    }
    return asked | changes


async def publish(database: Database, *numbers: int) -> None:
    async with database.transaction() as work:
        await on_relief([Delivery(ordered(number)) for number in numbers], work)


async def ask(client: httpx.AsyncClient, *counts: dict[str, Any], token: str = "one") -> httpx.Response:
    return await client.post(PATH, json={"counts": counts}, headers={"authorization": f"Bearer {token}"})


async def test_each_count_gets_its_answer_and_nothing_else_is_told(
    client: httpx.AsyncClient, database: Database
) -> None:
    await publish(database, 1, 2)
    answer = await ask(client, count(1), count(2, code_section="HS 11358"), count(3))
    assert answer.json() == {
        "answers": [{"suppress": each, "field": None, "detail": None} for each in ("yes", "no", "no")]
    }, "a count that was not dismissed and one that is not known are told apart by nothing"


async def test_what_is_not_understood_is_said_of_that_count_alone(
    client: httpx.AsyncClient, database: Database
) -> None:
    await publish(database, 1)
    answer = await ask(client, count(1), count(code_section="marijuana"), count(date="03/04/1999"))
    found = [(each["suppress"], each["field"]) for each in answer.json()["answers"]]
    assert found == [("yes", None), ("unknown_format", "code_section"), ("unknown_format", "date")]
    assert "marijuana" not in answer.text
    assert "YYYY-MM-DD" in answer.json()["answers"][2]["detail"]


async def test_who_asks_for_ten_thousand_counts_is_refused_clearly_and_it_is_audited(
    client: httpx.AsyncClient, database: Database
) -> None:
    answer = await ask(client, *map(count, range(10_000)))
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_counts")
    assert "at most 3 counts" in answer.json()["detail"]
    rows = await database.pool.fetch("SELECT who, role, act, object, outcome FROM audit_log")
    assert [tuple(row) for row in rows] == [
        ("case-system", "integrator", "ask_suppression", "suppression", "refused")
    ]


async def test_an_integrator_may_ask_about_so_many_an_hour_and_another_is_not_held_up(
    client: httpx.AsyncClient, clock: TurnedClock
) -> None:
    assert (await ask(client, count(1), count(2), count(3))).status_code == 200
    refused = await ask(client, count(4), count(5), count(6))
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_in_an_hour")
    assert (await ask(client, count(4), token="two")).status_code == 200
    clock.turn(timedelta(seconds=int(refused.headers["retry-after"])))
    assert (await ask(client, count(4))).status_code == 200


async def test_only_an_integrator_may_ask(client: httpx.AsyncClient) -> None:
    assert (await ask(client, count(), token="operator-word")).status_code == 403
    assert (await ask(client, count(), token="nobody")).status_code == 401
    assert (await client.get(PATH)).status_code == 405
    assert (await ask(client)).status_code == 422


async def test_a_question_is_audited_by_county_without_the_case(
    client: httpx.AsyncClient, database: Database
) -> None:
    await ask(client, count(1), count(2), count(county="Jane Doe's"))
    rows = await database.pool.fetch("SELECT object, outcome FROM audit_log")
    assert [tuple(row) for row in rows] == [("suppression/los-angeles", "shown")]
