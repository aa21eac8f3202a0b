"""The loop on a real Kafka and a real Postgres: each record has its effect once, whatever is killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from services.chassis.runtime.service import Service
from tests.chassis.conftest import HEADERS, Toy
from tests.chassis.toy_service import build

pytestmark = pytest.mark.servers


@asynccontextmanager
async def running(toy: Toy, **settings: Any) -> AsyncIterator[Service]:
    service = build(toy.settings(**settings), toy.topic_in, toy.topic_out)
    task = asyncio.create_task(service.run())
    try:
        yield service
    finally:
        service.stop()
        with suppress(Exception):
            await task


async def test_each_record_has_its_effect_and_its_event_once(toy: Toy) -> None:
    await toy.send(range(500))
    async with running(toy):
        published = await toy.published(500)
    assert sorted(published) == [n * 2 for n in range(500)]
    assert [row["value"] for row in await toy.fetch("SELECT value FROM seen ORDER BY 1")] == list(range(500))


async def test_a_killed_service_loses_nothing_and_repeats_nothing(toy: Toy) -> None:
    total, process = 3000, await toy.process()
    for part in range(4):
        await toy.send(range(part * total // 4, (part + 1) * total // 4))
        wanted = total // 4 * part + 200
        while len(await toy.fetch("SELECT value FROM seen")) < wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        process.kill()
        await process.wait()
        process = await toy.process()
    published = await toy.published(total, seconds=90)
    process.terminate()
    await process.wait()
    assert sorted(published) == [n * 2 for n in range(total)]
    assert [row["value"] for row in await toy.fetch("SELECT value FROM seen ORDER BY 1")] == list(
        range(total)
    )


async def test_two_replicas_on_the_same_records_count_each_once(toy: Toy) -> None:
    first, second = await toy.process("0"), await toy.process("1")
    await toy.send(range(2000))
    published = await toy.published(2000, seconds=90)
    for process in (first, second):
        process.terminate()
        await process.wait()
    assert sorted(published) == [n * 2 for n in range(2000)]


async def test_an_event_of_another_than_the_topics_producer_is_a_dead_letter_and_never_handled(
    toy: Toy,
) -> None:
    (kind, source) = HEADERS
    for headers in ([kind, ("ce_source", b"/reliefstream/relief")], [kind], [kind, ("ce_source", b"toys")]):
        await toy.send([7], headers=headers)
    await toy.send([3], headers=[kind, source])
    async with running(toy):
        published = await toy.published(1)
    assert published == [6]
    letters = await toy.fetch("SELECT reason, detail FROM dead_letters")
    assert {tuple(row) for row in letters} == {("wrong_producer", "header ce_source does not name toys")}
    assert len(letters) == 3


async def test_what_cannot_be_processed_costs_its_neighbours_nothing(toy: Toy) -> None:
    await toy.send([1, b"not json", -5, 2, b'{"value": "x", "to": ""}'])
    await toy.send([b"{}"], headers=[])
    await toy.send([b"{}"], headers=[("ce_type", b"\xff\xfe"), ("reply_to", b"nowhere")])
    await toy.send([3])
    async with running(toy):
        published = await toy.published(3)
    assert sorted(published) == [2, 4, 6]
    letters = await toy.fetch("SELECT reason, detail FROM dead_letters ORDER BY reason")
    assert [row["reason"] for row in letters] == [
        "defect", "no_event_type", "no_event_type", "not_its_schema", "not_its_schema",
    ]  # fmt: skip
    assert "negative" not in letters[0]["detail"], "an error's message may hold a person's data"
