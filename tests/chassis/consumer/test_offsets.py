"""What Kafka says of ends, committed offsets and members, without joining a group."""

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.chassis.consumer.offsets import offset_reader
from tests.chassis.conftest import Toy

pytestmark = pytest.mark.servers


async def test_ends_and_offsets_and_members_of_a_service_s_groups(toy: Toy) -> None:
    await toy.send([1, 2, 3], partition=0)
    first, second = TopicPartition(toy.topic_in, 0), TopicPartition(toy.topic_in, 1)
    group = f"{toy.topic_in}.numbers"
    async with offset_reader(toy.kafka) as reader:
        assert await reader.partitions([toy.topic_in, "a-topic-that-is-not-there"]) == [first, second]
        assert not [p for p in await reader.partitions() if p.topic.startswith("__")]
        assert await reader.ends([first, second]) == {first: 3, second: 0}
        assert await reader.committed_of([toy.topic_in]) == {}
        async with AIOKafkaConsumer(
            toy.topic_in, **toy.kafka, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
        ) as consumer:
            await consumer.getone()
            await consumer.commit({first: 2})
            assert await reader.committed_of([toy.topic_in]) == {group: {first: 2}}
            assert await reader.members(group) == 1
        assert await reader.members(group) == 0
        assert (await reader.committed(group))[first] == 2
