"""Records that a topic loses before they are consumed are an alarm, on a real Kafka and a real Postgres."""

import asyncio
from typing import Any

import httpx
import pytest
from aiokafka import TopicPartition as Partition
from confluent_kafka import TopicPartition
from prometheus_client import REGISTRY
from pydantic import SecretStr

from deploy.kafka.admin import admin_client
from services.chassis.consumer import lost_records
from services.chassis.settings.kafka_address import KafkaAddress
from tests.chassis.conftest import Toy
from tests.chassis.consumer.test_nothing_lost import running

pytestmark = pytest.mark.servers


def delete_before(toy: Toy, offset: int) -> None:
    """Deletes the records of partition 0 before an offset, as retention would."""
    servers = toy.servers
    admin = admin_client(
        KafkaAddress(servers.kafka_bootstrap, servers.kafka_username, servers.kafka_password)
    )
    (answer,) = admin.delete_records([TopicPartition(toy.topic_in, 0, offset)]).values()
    answer.result()


async def gaps(toy: Toy) -> list[tuple[Any, ...]]:
    rows = await toy.fetch("SELECT consumer, topic, partition, from_offset, to_offset FROM lost_records")
    return [tuple(row) for row in rows]


async def seen(toy: Toy, count: int) -> list[int]:
    """What had an effect, once that is so many."""
    while len(rows := await toy.fetch("SELECT value FROM seen ORDER BY 1")) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    return [row["value"] for row in rows]


async def test_what_was_deleted_while_the_service_was_down_is_recorded_and_the_rest_consumed(
    toy: Toy,
) -> None:
    await toy.send(range(10), partition=0)
    async with running(toy):
        await seen(toy, 10)
    await toy.send(range(10, 20), partition=0)
    delete_before(toy, 13)
    async with running(toy):
        assert await seen(toy, 17) == [*range(10), *range(13, 20)]
    consumer = f"{toy.topic_in}.{toy.topic_in}"
    assert await gaps(toy) == [(consumer, toy.topic_in, 0, 10, 13)]
    labels = {"topic": toy.topic_in, "partition": "0"}
    assert REGISTRY.get_sample_value("reliefstream_lost_records_total", labels) == 3


async def test_what_was_deleted_while_the_service_was_running_is_recorded_too(toy: Toy) -> None:
    await toy.send([0], partition=0)
    async with running(toy) as service:
        await seen(toy, 1)
        client = service.inputs[0][0].client()
        assert client is not None
        client.pause(Partition(toy.topic_in, 0))
        await asyncio.sleep(0.5)  # until the request at work, which may wait 100 ms at the broker, has ended
        await toy.send(range(1, 12), partition=0)
        delete_before(toy, 8)
        client.resume(Partition(toy.topic_in, 0))
        found = await seen(toy, 5)
        assert await toy.published(5)
    assert found == [0, *range(8, 12)]
    assert [gap[3:] for gap in await gaps(toy)] == [(1, 8)]


async def test_a_restart_finds_no_second_gap_and_an_empty_rest_is_one_too(toy: Toy) -> None:
    await toy.send(range(5), partition=0)
    delete_before(toy, 5)
    for _ in range(2):
        async with running(toy):
            await toy.send([5], partition=1)
            await seen(toy, 1)
    assert [gap[3:] for gap in await gaps(toy)] == [(0, 5)]


async def test_the_alarm_stays_until_somebody_acknowledges_it(toy: Toy) -> None:
    await toy.send(range(3), partition=0)
    delete_before(toy, 2)
    async with running(toy, operator_token=SecretStr("of-the-operator")) as service:
        await seen(toy, 1)
        labels = {"topic": toy.topic_in, "partition": "0"}
        headers = {"Authorization": "Bearer of-the-operator"}
        transport = httpx.ASGITransport(service.application())
        async with httpx.AsyncClient(transport=transport, base_url="http://toy", headers=headers) as operator:
            (gap,) = (await operator.get("/v1/lost-records")).json()["lost_records"]
            async with service.transaction() as work:
                await lost_records.measure(work.db)
            assert REGISTRY.get_sample_value("reliefstream_lost_records_open", labels) == 2
            said = {"why": "the county sent them again"}
            where = f"/v1/lost-records/{gap['id']}/acknowledge"
            assert (await operator.post(where, json=said)).json() == {"before": False}
            assert (await operator.post(where, json=said)).json() == {"before": True}
            assert (await operator.post("/v1/lost-records/99/acknowledge", json=said)).status_code == 404
            assert (await operator.get("/v1/lost-records")).json() == {"lost_records": []}
            (kept,) = (await operator.get("/v1/lost-records?acknowledged=true")).json()["lost_records"]
            assert (kept["from_offset"], kept["to_offset"]) == (0, 2)
            assert kept["acknowledged_why"] == "the county sent them again"
        async with service.transaction() as work:
            await lost_records.measure(work.db)
        assert REGISTRY.get_sample_value("reliefstream_lost_records_open", labels) is None
