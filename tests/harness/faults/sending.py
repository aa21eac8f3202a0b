"""The counties' side: sends what the workload says, until Kafka has acknowledged all of it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tests.harness.faults.observation import Sent

CHUNKS = 40


async def send(
    options: dict[str, Any], records: Sequence[Sent], seconds: float, moved: Callable[[], None]
) -> None:
    """Sends in this order over so many seconds; a chunk that was not acknowledged whole is sent again. ``moved`` is
    called after each.

    Order holds within a partition, but for such a chunk: then records stand twice, as a county would send them.
    """
    producer = AIOKafkaProducer(
        **options, acks="all", enable_idempotence=True, request_timeout_ms=15_000, retry_backoff_ms=100
    )
    await producer.start()
    size = -(-len(records) // CHUNKS)
    begun = asyncio.get_running_loop().time()
    try:
        for number in range(CHUNKS):
            chunk = records[number * size : (number + 1) * size]
            due = begun + number * seconds / CHUNKS
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            while not await _acknowledged(producer, chunk):  # noqa: ASYNC110 - the broker's answer
                await asyncio.sleep(0.5)
            moved()
    finally:
        await producer.stop()


async def _acknowledged(producer: Any, chunk: Sequence[Sent]) -> bool:
    try:
        waiting = [
            await producer.send(
                f"source-records-v1-{each.county}",
                each.value,
                key=each.key,
                partition=each.partition,
                headers=list(each.headers),
            )
            for each in chunk
        ]
        await asyncio.gather(*waiting)
    except (KafkaError, OSError, TimeoutError):
        return False
    return True
