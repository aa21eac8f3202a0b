"""What waits for a reader downstream of intake, but for partitions that stand still while others of it do not."""

from collections.abc import Mapping

from aiokafka import TopicPartition

STANDS_S = 30.0
"""A partition with records that has not moved for so long is held up, until somebody mends a defect."""


class Standing:
    """Remembers since when each partition of each reader stands. Times are in seconds of any one clock."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, TopicPartition], tuple[int, float]] = {}

    def waiting(self, reader: str, ends: Mapping[TopicPartition, tuple[int, int]], at: float) -> int:
        """Records between where the reader is and the end, both given for each of its partitions.

        One that is held up must not stop intake of the others' records, as its own can only become more. Where
        all stand the reader is down, and everything counts.
        """
        going = set()
        for partition, (position, end) in ends.items():
            before, since = self._since.get((reader, partition), (-1, at))
            if position != before or position >= end:
                self._since[reader, partition] = (position, at)
                going.add(partition)
            elif at - since < STANDS_S:
                going.add(partition)
        return sum(max(0, ends[partition][1] - ends[partition][0]) for partition in going or ends)
