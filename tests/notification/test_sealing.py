"""What integrators and notification keep of a sealed dismissal: that it is sealed, and hashes; on a real Postgres."""

import json

import httpx
import pytest

from reliefstream_contracts.dismissals import ConvictionSealed
from reliefstream_contracts.event import Event
from reliefstream_contracts.sealing import ConvictionForgotten, SealRemoved
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.notification.handlers import on_seal_removed
from services.notification.webhooks.webhook import body_of_sealed
from tests.notification.builders import on_relief, ordered, relief_id, seal_due, subscribed
from tests.standing_texts import tables_with

pytestmark = pytest.mark.servers


async def handle(database: Database, *events: Event) -> list[object]:
    async with database.transaction() as work:
        await on_relief([Delivery(event) for event in events], work)
        return [event for event, *_ in work.emitted]


async def test_the_seal_takes_the_place_of_the_dismissal_on_the_topic(database: Database) -> None:
    [dismissed] = await handle(database, ordered(1))
    sealed, forgotten = await handle(database, seal_due(1))
    assert isinstance(sealed, ConvictionSealed)
    assert (sealed.topic(), sealed.key()) == (dismissed.topic(), dismissed.key())  # type: ignore[attr-defined]
    assert forgotten == ConvictionForgotten(relief_id=relief_id(1), service="notification")


async def test_nothing_of_the_conviction_stays_but_hashes(database: Database) -> None:
    await handle(database, ordered(1), ordered(2))
    assert await tables_with(database.pool, "BA000001", "11359", "1999-03-04") == ["dismissals"]
    await handle(database, seal_due(1), seal_due(2))
    assert await tables_with(database.pool, "BA000001", "11359", "1999-03-04") == []


async def test_it_is_sealed_once_however_often_it_is_said(database: Database) -> None:
    await handle(database, ordered(1), seal_due(1))
    [again] = await handle(database, seal_due(1))
    assert isinstance(again, ConvictionForgotten)


async def test_whoever_subscribes_is_asked_to_forget_it_and_gets_no_dismissal_any_more(
    database: Database,
) -> None:
    one = await subscribed(database, "https://example.org/hook")
    await handle(database, ordered(1))
    await handle(database, seal_due(1))
    rows = await database.pool.fetch(
        "SELECT status, error FROM deliveries WHERE subscription_id = $1 ORDER BY delivery_id", one
    )
    assert [tuple(row) for row in rows] == [("dead", "sealed"), ("waiting", None)]
    body = await database.pool.fetchval("SELECT event FROM dismissals")
    message = json.loads(body_of_sealed(body))
    assert (message["type"], set(message["data"])) == (
        "reliefstream.conviction.sealed.v1",
        {"dismissal_id", "county", "published_at"},
    )


async def test_screeners_must_still_suppress_it(client: httpx.AsyncClient, database: Database) -> None:
    await handle(database, ordered(1), seal_due(1))
    counts = [
        {"county": "los-angeles", "case_number": number, "code_section": section, "date": "1999-03-04"}
        for number, section in (("BA-1", "11359 HS"), ("BA000001", "HS 11358"), ("BA000002", "HS 11359"))
    ]
    answer = await client.post(
        "/v1/suppression", json={"counts": counts}, headers={"authorization": "Bearer one"}
    )
    assert [each["suppress"] for each in answer.json()["answers"]] == ["yes", "no", "no"]


@pytest.mark.parametrize("heard_late", [False, True])
async def test_a_seal_that_is_taken_away_is_suppressed_no_more(
    client: httpx.AsyncClient, database: Database, heard_late: bool
) -> None:
    await handle(database, ordered(1), *([] if heard_late else [seal_due(1)]))
    count = {"county": "los-angeles", "case_number": "BA-1", "code_section": "11359 HS", "date": "1999-03-04"}

    async def suppress() -> str:
        asked = {"json": {"counts": [count]}, "headers": {"authorization": "Bearer one"}}
        answer = await client.post("/v1/suppression", **asked)
        return str(answer.json()["answers"][0]["suppress"])

    assert await suppress() == "yes"
    async with database.transaction() as work:
        await on_seal_removed([Delivery(SealRemoved(relief_id=relief_id(1)))], work)
    if heard_late:
        await handle(database, seal_due(1))
    assert await suppress() == "no"
