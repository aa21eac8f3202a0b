"""What waits is seen from outside, also while its reader is down; what is counted is effects."""

import asyncio
from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY

from services.chassis.consumer.consumer_lag import Unread, unread
from services.chassis.consumer.offsets import offset_reader
from services.chassis.outbox import outbox
from services.chassis.runtime.unit_of_work import Trace
from tests.chassis.conftest import Toy
from tests.chassis.toy_service import Number, build

pytestmark = pytest.mark.servers


async def seen(toy: Toy, wanted: int) -> list[Unread]:
    """What waits before the toy, once so many records do."""
    async with offset_reader(toy.kafka) as found:
        for _ in range(200):
            waiting = await unread(found, [toy.topic_in])
            if sum(each.records for each in waiting) == wanted:
                return waiting
            await asyncio.sleep(0.05)
    raise AssertionError(f"{waiting} instead of {wanted}")


async def run_until_read(toy: Toy, number: int) -> None:
    service = build(toy.settings(), toy.topic_in, toy.topic_out)
    running = asyncio.create_task(service.run())
    try:
        await toy.published(number)
        await seen(toy, 0)
    finally:
        service.stop()
        await running


async def test_what_waits_for_a_service_that_is_down_has_its_number_and_the_age_of_the_first(
    toy: Toy,
) -> None:
    await toy.send([1, 2], partition=0)
    await run_until_read(toy, 2)
    before = datetime.now(UTC)
    await toy.send([3, 4, 5], partition=0)
    await toy.send([6], partition=1)
    waiting = {each.partition: each for each in await seen(toy, 4)}
    assert {number: each.records for number, each in waiting.items()} == {0: 3, 1: 1}
    assert {each.reader for each in waiting.values()} == {toy.topic_in}
    # Kafka's times are whole milliseconds.
    assert before.timestamp() - 0.001 <= waiting[0].oldest_at.timestamp() <= datetime.now(UTC).timestamp()
    await run_until_read(toy, 6)


async def test_latency_counts_what_committed_and_nothing_that_was_rolled_back(toy: Toy) -> None:
    service = build(toy.settings(), toy.topic_in, toy.topic_out)
    await service.database.open()
    arrived = Trace("00-" + "1" * 32 + "-" + "2" * 16 + "-01", datetime.now(UTC).isoformat())
    before = counted()
    with pytest.raises(ZeroDivisionError):
        async with service.transaction() as work:
            work.emit(Number(value=1, to=toy.topic_out), arrived)
            work.on_commit.append(lambda: pytest.fail("it did not commit"))
            raise ZeroDivisionError
    assert counted() == before
    async with service.transaction() as work:
        work.emit(Number(value=1, to=toy.topic_out), arrived)
        work.emit(Number(value=2, to=toy.topic_out), Trace(arrived.parent))
        work.emit(Number(value=3, to=toy.topic_out))
    assert counted() == before + 1
    (row,) = await toy.fetch("SELECT messages FROM outbox")
    carried = [dict(message.headers) for message in outbox.unpacked(row["messages"])]
    assert [("ce_arrivedat" in headers, "ce_traceparent" in headers) for headers in carried] == [
        (True, True),
        (False, True),
        (False, True),
    ]
    await service.database.close()


def counted() -> float:
    return REGISTRY.get_sample_value("reliefstream_since_arrival_seconds_count", {"event": Number.TYPE}) or 0
