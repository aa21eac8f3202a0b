"""Subscriptions over HTTP, on a real Postgres."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.notification.http.subscription_endpoints import MOST_SUBSCRIPTIONS
from services.notification.subscriptions import store as subscription_store
from services.notification.webhooks.endpoint_health import Health
from tests.notification.builders import SEALED, START, on_relief, ordered, relief_id

pytestmark = pytest.mark.servers
TOP = "/v1/subscriptions"


AS_OTHER = {"authorization": "Bearer two"}
AS_OPERATOR = {"authorization": "Bearer operator-word"}


async def create(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await client.post(TOP, json={"url": "https://integrator.example/hook", **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def publish(database: Database, *numbers: int) -> None:
    async with database.transaction() as work:
        await on_relief([Delivery(ordered(number)) for number in numbers], work)


async def test_the_secret_is_shown_once_and_never_again(client: httpx.AsyncClient) -> None:
    made = await create(client, description="our case system")
    assert made["secret"].startswith("whsec_")
    one = f"{TOP}/{made['id']}"
    for answer in (
        await client.get(TOP),
        await client.get(one),
        await client.get(TOP, headers=AS_OPERATOR),
        await client.post(f"{one}/test"),
        await client.get(f"{one}/deliveries"),
    ):
        assert answer.is_success
        assert "whsec" not in answer.text
        assert "secret" not in answer.text
    assert (await client.get(one)).json() == {k: v for k, v in made.items() if k != "secret"}


async def test_the_database_keeps_no_secret_as_it_is(client: httpx.AsyncClient, database: Database) -> None:
    made = await create(client)
    rotated = (await client.post(f"{TOP}/{made['id']}/rotate", json={})).json()
    (row,) = await database.pool.fetch("SELECT * FROM subscriptions")
    for secret in (made["secret"], rotated["secret"]):
        assert secret.removeprefix("whsec_") not in str(dict(row))
    assert SEALED.open(row["secret"], row["subscription_id"]) == rotated["secret"]
    assert SEALED.open(row["previous_secret"], row["subscription_id"]) == made["secret"]


async def test_a_rotation_answers_the_new_secret_once_and_overlaps_as_asked(
    client: httpx.AsyncClient, database: Database
) -> None:
    made = await create(client)
    one = f"{TOP}/{made['id']}"
    for asked, hours in (({}, 24), ({"overlap_hours": 0}, 0), ({"overlap_hours": 168}, 168)):
        rotated = (await client.post(f"{one}/rotate", json=asked)).json()
        assert {k: v for k, v in rotated.items() if k != "secret"} == (await client.get(one)).json()
        until = await database.pool.fetchval("SELECT previous_until FROM subscriptions")
        assert until == START + timedelta(hours=hours)
    for wrong in ({"overlap_hours": 169}, {"overlap_hours": -1}, {"hours": 1}):
        assert (await client.post(f"{one}/rotate", json=wrong)).status_code == 422
    assert (await client.post(f"{one}/rotate", json={}, headers=AS_OTHER)).status_code == 404


async def test_an_integrator_sees_only_its_own(client: httpx.AsyncClient) -> None:
    made = await create(client)
    one = f"{TOP}/{made['id']}"
    assert (await client.get(TOP, headers=AS_OTHER)).json() == {"subscriptions": []}
    for method, path in (
        ("GET", one),
        ("DELETE", one),
        ("POST", f"{one}/test"),
        ("GET", f"{one}/deliveries"),
        ("POST", f"{one}/replay?from=2026-01-01"),
        ("POST", f"{one}/deliveries/1/resend"),
    ):
        answer = await client.request(method, path, headers=AS_OTHER)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_subscription")
    assert len((await client.get(TOP, headers=AS_OPERATOR)).json()["subscriptions"]) == 1


async def test_an_integrator_subscribes_to_the_counties_granted_and_to_no_other(
    client: httpx.AsyncClient,
) -> None:
    as_kern = {"authorization": "Bearer kern"}
    asked = {"url": "https://integrator.example/hook", "counties": ["los-angeles"]}
    refused = await client.post(TOP, json=asked, headers=as_kern)
    assert (refused.status_code, refused.json()["code"]) == (403, "county_not_granted")
    made = await client.post(TOP, json={"url": asked["url"]}, headers=as_kern)
    assert made.json()["counties"] == ["kern"], "left out: those granted"
    assert (await create(client))["counties"] is None


async def test_without_a_token_there_is_nothing(client: httpx.AsyncClient) -> None:
    for header, code in ((None, 401), ("Bearer wrong", 401), ("Basic b25l", 401), ("Bearer ", 401)):
        headers = {"authorization": header or ""}
        assert (await client.post(TOP, json={}, headers=headers)).status_code == code
        assert (await client.get("/v1/counts", headers=headers)).status_code == code
    for path in ("/v1/counts", "/v1/export/dismissals", f"/v1/subjects/{UUID(int=1)}"):
        assert (await client.get(path)).status_code == 403, "an integrator is not the operator"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_subscription"),
        (b"not json", "invalid_subscription"),
        (b"[]", "invalid_subscription"),
        (b"[" * 10_000, "invalid_subscription"),
        (b"{}", "invalid_subscription"),
        (b'{"url": 7}', "invalid_subscription"),
        (b'{"url": "https://a.example/", "county": ["los-angeles"]}', "invalid_subscription"),
        (b'{"url": "https://a.example/", "counties": []}', "invalid_subscription"),
        (b'{"url": "https://a.example/", "counties": ["los_angeles"]}', "unknown_county"),
        (b'{"url": "http://a.example/"}', "url_needs_https"),
        (b'{"url": "https://u:p@a.example/"}', "url_has_credentials"),
        (b'{"url": "https://inside.example/"}', "address_refused"),
        (b'{"url": "https://both.example/"}', "address_refused"),
        (b'{"url": "https://nowhere.example/"}', "host_unknown"),
        (b'{"url": "https://a.example/\\u0000"}', "url_invalid"),
        (b'{"url": "https://a.example/", "description": "a\\u0000b"}', "invalid_subscription"),
    ],
)
async def test_what_is_wrong_with_a_subscription_is_named(
    client: httpx.AsyncClient, body: bytes, code: str
) -> None:
    answer = await client.post(TOP, content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_a_body_that_is_too_large_is_not_read_to_its_end(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b" " * 10_000
        raise AssertionError("read to its end")

    assert (await client.post(TOP, content=endless())).status_code == 413


async def test_a_deleted_subscription_is_gone(client: httpx.AsyncClient) -> None:
    one = f"{TOP}/{(await create(client))['id']}"
    assert (await client.delete(one)).status_code == 204
    assert (await client.get(one)).status_code == 404
    assert (await client.delete(one)).status_code == 404
    assert (await client.get(TOP)).json() == {"subscriptions": []}


async def test_the_log_is_read_page_by_page_newest_first(
    client: httpx.AsyncClient, database: Database
) -> None:
    one = f"{TOP}/{(await create(client, counties=['los-angeles']))['id']}"
    await publish(database, *range(5))
    test = (await client.post(f"{one}/test")).json()
    seen: list[int] = []
    query = "limit=4"
    while query:
        page = (await client.get(f"{one}/deliveries?{query}")).json()
        seen += [row["delivery_id"] for row in page["deliveries"]]
        query = page["next_before"] and f"limit=4&before={page['next_before']}"
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 6
    assert seen[0] == test["delivery_id"]
    (newest,) = (await client.get(f"{one}/deliveries?limit=1&status=waiting")).json()["deliveries"]
    assert newest["event_id"] == test["event_id"]
    assert newest["is_test"] is True
    assert (newest["status"], newest["attempts"], newest["response_status"]) == ("waiting", 0, None)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "before=0", "before=9" + "9" * 30, "status=x"]
)
async def test_a_wrong_query_is_named(client: httpx.AsyncClient, query: str) -> None:
    one = f"{TOP}/{(await create(client))['id']}"
    answer = await client.get(f"{one}/deliveries?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_query")


async def test_a_replay_queues_what_was_published_since_a_day(
    client: httpx.AsyncClient, database: Database
) -> None:
    await publish(database, 1, 2)
    one = f"{TOP}/{(await create(client))['id']}"
    assert (await client.post(f"{one}/replay")).status_code == 422
    assert (await client.post(f"{one}/replay?from=2026-13-01")).status_code == 422
    assert (await client.post(f"{one}/replay?from=2026-01-06")).json() == {"queued": 0}
    assert (await client.post(f"{one}/replay?from=2026-01-05")).json() == {"queued": 2}
    assert (await client.post(f"{one}/replay?from=2026-01-05")).json() == {"queued": 2}
    assert len((await client.get(f"{one}/deliveries")).json()["deliveries"]) == 2


async def test_a_disabled_subscription_says_how_to_go_on(
    client: httpx.AsyncClient, database: Database
) -> None:
    made = await create(client)
    async with database.transaction() as work:
        await subscription_store.save_health(work.db, UUID(made["id"]), Health("disabled", 1, work.now))
    answer = await client.post(f"{TOP}/{made['id']}/test")
    assert (answer.status_code, answer.json()["code"]) == (409, "subscription_disabled")
    assert "replay" in answer.json()["detail"]


async def test_sending_again_needs_a_delivery_of_that_subscription(client: httpx.AsyncClient) -> None:
    first, second = f"{TOP}/{(await create(client))['id']}", f"{TOP}/{(await create(client))['id']}"
    delivery = (await client.post(f"{first}/test")).json()["delivery_id"]
    assert (await client.post(f"{first}/deliveries/{delivery}/resend")).status_code == 202
    for path in (f"{second}/deliveries/{delivery}", f"{first}/deliveries/{2**70}", f"{first}/deliveries/0"):
        answer = await client.post(f"{path}/resend")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_delivery")


async def test_the_operator_reads_a_subject_the_export_and_counts(
    client: httpx.AsyncClient, database: Database
) -> None:
    await publish(database, *range(3))
    await create(client)
    client.headers.update(AS_OPERATOR)
    subject = str(ordered(1).conviction.subject_id)
    assert [
        each["case_number"] for each in (await client.get(f"/v1/subjects/{subject}")).json()["dismissals"]
    ] == ["BA000001"]
    assert (await client.get(f"/v1/subjects/{UUID(int=1)}")).json()["dismissals"] == []
    export = await client.get("/v1/export/dismissals")
    assert export.headers["content-type"].startswith("application/x-ndjson")
    assert [line[:54] for line in export.text.splitlines()] == [
        f'{{"dismissal_id":"{each}"' for each in sorted(map(str, map(relief_id, range(3))))
    ]
    assert (await client.get("/v1/export/dismissals?county=kern")).text == ""
    counts = (await client.get("/v1/counts")).json()
    assert counts["dismissals"] == 3
    assert counts["deliveries"] == {"waiting": 0, "delivered": 0, "dead": 0}


async def test_one_has_so_many_subscriptions_and_another_still_its_own(client: httpx.AsyncClient) -> None:
    for _ in range(MOST_SUBSCRIPTIONS):
        made = await create(client)
    more = {"url": "https://integrator.example/hook"}
    refused = await client.post(TOP, json=more)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_subscriptions")
    assert (await client.post(TOP, json=more, headers=AS_OTHER)).status_code == 201
    await client.delete(f"{TOP}/{made['id']}")
    await create(client)
