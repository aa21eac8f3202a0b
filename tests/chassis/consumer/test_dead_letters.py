"""Dead letters on a real Kafka and a real Postgres: a limit that no deploy can run over, and work after a fix."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from services.chassis.consumer import consumption
from services.chassis.consumer.dead_letters import erase_old
from services.chassis.runtime.service import Service
from tests.chassis.conftest import Toy
from tests.chassis.toy_service import build

pytestmark = pytest.mark.servers
TOKEN = "operator"


@asynccontextmanager
async def running(toy: Toy, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The toy service, and a client of its endpoints."""
    service = build(toy.settings(operator_token=TOKEN, **settings), toy.topic_in, toy.topic_out)
    app = service.application()
    task = asyncio.create_task(service.run())
    headers = {"authorization": f"Bearer {TOKEN}"}
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://toy", headers=headers) as http:
            await _until(service, lambda: service.ready)
            yield http
    finally:
        service.stop()
        with suppress(Exception):
            await task


async def _until(service: Service, done: Any, seconds: float = 180) -> None:
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def letters(toy: Toy) -> list[Any]:
    return await toy.fetch("SELECT id, reason, ended, ended_why, ended_by FROM dead_letters ORDER BY id")


async def until_held_up(http: httpx.AsyncClient) -> list[str]:
    async with asyncio.timeout(180):
        while not (held_up := (await http.get("/status")).json()["held_up"]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return list(held_up)


async def test_a_defect_buries_up_to_the_limit_and_then_holds_up_only_its_partition(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumption, "HELD_UP_S", 0.3)
    await toy.send([-n for n in range(1, 8)], partition=0)
    await toy.send(range(100), partition=1)
    async with running(toy, dead_letter_limit=3) as http:
        assert await until_held_up(http) == [f"{toy.topic_in}/0"]
        assert sorted(await toy.published(100)) == [n * 2 for n in range(100)]
        assert len(await letters(toy)) == 3
        labels = {"topic": toy.topic_in, "partition": "0"}
        assert REGISTRY.get_sample_value("reliefstream_partition_held_up", labels) == 1

        open_ones = (await http.get("/v1/dead-letters")).json()["dead_letters"]
        assert {one["reason"] for one in open_ones} == {"defect"}
        for one in open_ones:
            await http.post(f"/v1/dead-letters/{one['id']}/discard", json={"why": "a test"})
        async with asyncio.timeout(180):
            while len(await letters(toy)) < 6:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert len(await letters(toy)) == 6, "and waits again before the seventh"


async def test_after_the_fix_a_held_up_partition_goes_on_and_its_letters_are_processed(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await toy.send([-1, -2, -3, 4], partition=0)
    async with running(toy, dead_letter_limit=2) as http:
        await until_held_up(http)
        answer = (await http.post("/v1/dead-letters/1/process")).json()
        assert (answer["status"], answer["reason"]) == ("open", "defect")

    monkeypatch.setattr("tests.chassis.toy_service.MENDED", True)
    async with running(toy, dead_letter_limit=2) as http:
        for number in (1, 2):
            assert (await http.post(f"/v1/dead-letters/{number}/process")).json() == {"status": "processed"}
        again = (await http.post("/v1/dead-letters/1/process")).json()
        assert again == {"status": "processed", "before": True}
        published = await toy.published(4)
        assert (await http.get("/v1/dead-letters")).json() == {"dead_letters": []}
        assert (await http.get("/status")).json()["dead_letters"] == 0
    assert sorted(published) == [-6, -4, -2, 8]


async def test_a_letter_shows_its_record_whole_and_ends_only_with_a_reason(toy: Toy) -> None:
    await toy.send([b"not json", 1], partition=0)
    async with running(toy) as http:
        await toy.published(1)
        unexplained = await http.get("/v1/dead-letters/1")
        assert (unexplained.status_code, unexplained.json()["code"]) == (403, "break_glass")
        http.headers["X-Break-Glass"] = "incident 7"
        one = (await http.get("/v1/dead-letters/1")).json()
        assert (one["reason"], one["value"], one["headers"]["ce_type"]) == (
            "not_its_schema",
            "not json",
            "toy.number.v1",
        )
        for wrong in (
            {},
            {"why": "w", "by": "somebody else"},
            {"why": " "},
            {"why": 5},
            {"why": "\0"},
            [],
            "why",
        ):
            assert (await http.post("/v1/dead-letters/1/discard", json=wrong)).status_code == 422
        half = rb'{"why": "\ud800"}'
        assert (await http.post("/v1/dead-letters/1/discard", content=half)).status_code == 422
        done = await http.post("/v1/dead-letters/1/discard", json={"why": "a stray message"})
        assert done.json() == {"status": "discarded", "before": False}
        assert (await http.get("/v1/dead-letters")).json() == {"dead_letters": []}
        (ended,) = (await http.get("/v1/dead-letters?state=discarded&by=value")).json()["dead_letters"]
        assert (ended["state"], ended["ended_by"], ended["by"]) == ("discarded", "operator", None)
        for path in ("/v1/dead-letters/99", "/v1/dead-letters/x", "/v1/dead-letters/99999999999999999999"):
            assert (await http.get(path)).status_code == 404
        for query in (
            "after=-1",
            "limit=0",
            "limit=1001",
            "after=x",
            "limit=101&by=x",
            "state=shut",
            "since=x",
        ):
            assert (await http.get(f"/v1/dead-letters?{query}")).status_code == 422
        assert (await http.get("/v1/dead-letters", headers={"authorization": "Bearer x"})).status_code == 401
    (kept,) = await letters(toy)
    assert (kept["ended"], kept["ended_why"], kept["ended_by"]) == (
        "discarded",
        "a stray message",
        "operator",
    )


async def test_what_a_dead_letter_holds_is_erased_after_ninety_days_and_the_letter_is_ended(toy: Toy) -> None:
    service = build(toy.settings(), toy.topic_in, toy.topic_out)
    await service.database.open()
    try:
        async with service.transaction() as work:
            for days, ended in ((91, None), (91, "processed"), (89, None)):
                await work.db.execute(
                    """INSERT INTO dead_letters (consumer, topic, partition, "offset", key, headers, value, reason,
                           detail, at, record_at, ended)
                       VALUES ('c', 't', 0, (SELECT count(*) FROM dead_letters), 'DOE', '["DOE"]', 'DOE', 'defect', '',
                           $1, $1, $2)""",
                    work.now - timedelta(days=days),
                    ended,
                )
            await erase_old(work)
    finally:
        await service.database.close()
    kept = await toy.fetch("SELECT ended, key, headers, value FROM dead_letters ORDER BY id")
    gone = (None, "[]", b"")
    assert [tuple(row) for row in kept] == [
        ("discarded", *gone),
        ("processed", *gone),
        (None, "DOE", '["DOE"]', b"DOE"),
    ]
