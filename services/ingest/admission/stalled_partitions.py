"""The lag of a consumer downstream of intake, without its stalled partitions."""

from collections.abc import Mapping

from aiokafka import TopicPartition

STALLED_S = 30.0
"""A partition with lag and no progress for this long is stalled, until somebody fixes a defect."""


class StalledPartitions:
    """Remembers since when each partition of each consumer makes no progress. Times are in seconds of any one clock."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, TopicPartition], tuple[int, float]] = {}

    def waiting(self, reader: str, ends: Mapping[TopicPartition, tuple[int, int]], at: float) -> int:
        """The consumer's lag; ``ends`` has its offset and the end of each of its partitions.

        A stalled partition must not stop intake for the others, as its lag can only grow. Where all are stalled the
        consumer is down, and all lag counts.
        """
        going = set()
        for partition, (position, end) in ends.items():
            before, since = self._since.get((reader, partition), (-1, at))
            if position != before or position >= end:
                self._since[reader, partition] = (position, at)
                going.add(partition)
            elif at - since < STALLED_S:
                going.add(partition)
        return sum(max(0, ends[partition][1] - ends[partition][0]) for partition in going or ends)
