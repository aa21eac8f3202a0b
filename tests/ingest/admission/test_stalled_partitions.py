"""A partition that is held up for a person to mend does not stop intake of the other partitions' records."""

from aiokafka import TopicPartition

from services.ingest.admission.stalled_partitions import STALLED_S, StalledPartitions

ONE, OTHER = TopicPartition("records-v1", 0), TopicPartition("records-v1", 1)
LATER = STALLED_S + 1


def test_what_stands_for_long_counts_nothing_beside_what_moves_or_is_read_to_its_end() -> None:
    stalled = StalledPartitions()
    assert stalled.waiting("r", {ONE: (5, 305), OTHER: (0, 10)}, 0) == 310
    assert stalled.waiting("r", {ONE: (5, 305), OTHER: (4, 10)}, 1) == 306, "not for long yet"
    assert stalled.waiting("r", {ONE: (5, 405), OTHER: (8, 10)}, LATER) == 2
    assert stalled.waiting("r", {ONE: (5, 505), OTHER: (10, 10)}, 10 * LATER) == 0


def test_what_moves_again_counts_again() -> None:
    stalled = StalledPartitions()
    stalled.waiting("r", {ONE: (5, 305), OTHER: (10, 10)}, 0)
    assert stalled.waiting("r", {ONE: (5, 305), OTHER: (10, 10)}, LATER) == 0
    assert stalled.waiting("r", {ONE: (6, 305), OTHER: (10, 10)}, LATER + 1) == 299


def test_where_all_stand_the_reader_is_down_and_everything_counts() -> None:
    stalled = StalledPartitions()
    stalled.waiting("r", {ONE: (0, 200), OTHER: (0, 100)}, 0)
    assert stalled.waiting("r", {ONE: (0, 200), OTHER: (0, 100)}, LATER) == 300


def test_readers_stand_each_for_itself() -> None:
    stalled = StalledPartitions()
    stalled.waiting("r", {ONE: (0, 200)}, 0)
    stalled.waiting("s", {ONE: (0, 200)}, LATER)
    assert stalled.waiting("s", {ONE: (0, 200), OTHER: (1, 1)}, LATER + 1) == 200
