"""When nothing is under way: what the groups have told, and what they have not."""

from aiokafka import TopicPartition

from services.chassis.consumer.offsets import Offsets
from services.cli.client.settled import lag, not_begun

RECORDS, SOURCE = TopicPartition("records-v1", 0), TopicPartition("source-records-v1-los-angeles", 0)
ENDS: Offsets = {RECORDS: 10, TopicPartition("records-v1", 1): 4, SOURCE: 14}
ALL_TOLD: dict[str, Offsets] = {
    "ingest.source-records": {SOURCE: 14},
    "reconciliation.records-v1": {RECORDS: 10, TopicPartition("records-v1", 1): 4},
}


def test_nothing_is_under_way_when_all_have_told_that_they_are_at_the_end() -> None:
    assert not any(lag(ENDS, ALL_TOLD).values())
    assert not_begun(ENDS, ALL_TOLD) == {}


def test_a_broker_that_names_no_group_yet_has_not_settled() -> None:
    assert not_begun(ENDS, {}) == {
        "ingest has not begun on source-records-v1-{county}": 1,
        "reconciliation has not begun on records-v1": 2,
    }


def test_a_partition_of_which_a_group_has_told_nothing_counts_from_its_beginning() -> None:
    told = {**ALL_TOLD, "reconciliation.records-v1": {RECORDS: 8}}
    assert lag(ENDS, told)["reconciliation.records-v1"] == 2 + 4


def test_empty_topics_need_no_reader_and_a_county_that_left_none() -> None:
    ends = {**ENDS, TopicPartition("histories-v1", 0): 0, TopicPartition("source-records-v1-alpine", 0): 3}
    assert not_begun(ends, ALL_TOLD) == {}
