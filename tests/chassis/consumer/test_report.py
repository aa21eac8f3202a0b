"""What a consumer reports is of the partitions that it still has."""

from typing import Any

from aiokafka import TopicPartition

from services.chassis.consumer.consumption import Consumption

OURS, TAKEN = TopicPartition("records", 0), TopicPartition("records", 1)


class Client:
    """Loses a partition in a rebalance while it is asked for the position, as aiokafka's consumer does."""

    def __init__(self, consumption: Consumption) -> None:
        self._consumption = consumption
        self.committed: dict[TopicPartition, int] = {}

    async def position(self, partition: TopicPartition) -> int:
        if partition == TAKEN:
            self._consumption.held.pop(TAKEN)
        return 7

    def highwater(self, partition: TopicPartition) -> int:
        assert partition != TAKEN, "Partition is not assigned"
        return 9

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        self.committed |= offsets


async def _nothing(*_: Any) -> None:
    return None


async def test_a_partition_lost_in_the_middle_of_a_report_is_left_out_of_it() -> None:
    consumption = Consumption(
        "toy",
        _nothing,
        None,  # type: ignore[arg-type] - a report asks the client only
        _nothing,
        lambda error: None,
        dead_letter_limit=1,
    )
    client = Client(consumption)
    consumption.client = lambda: client
    consumption.assigned = True
    consumption.held = {TAKEN: 3, OURS: 5}
    assert await consumption.report()
    assert client.committed == {OURS: 5}
