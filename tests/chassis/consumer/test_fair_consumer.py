"""Topics take turns: what one of them has waiting costs another nothing."""

import asyncio
from collections import Counter

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CorruptRecordException
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.consumer.fair_consumer import QUANTUM, FairConsumer, round_robin

WAITING = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3000), min_size=1)


def shares(waiting: dict[str, int], room: int) -> tuple[dict[str, int], list[str]]:
    """What each got, and whose records stand where in the batch."""
    left, order = dict(waiting), []

    async def take(name: str, most: int) -> int:
        got = min(most, left[name])
        left[name] -= got
        order.extend([name] * got)
        return got

    taken = asyncio.run(round_robin(sorted(waiting), take, room))
    assert taken == len(order)
    return {name: waiting[name] - left[name] for name in waiting}, order


@given(WAITING, st.integers(1, 2000))
def test_the_room_is_used_as_far_as_anybody_waits(waiting: dict[str, int], room: int) -> None:
    got, _ = shares(waiting, room)
    assert sum(got.values()) == min(room, sum(waiting.values()))


@given(WAITING, st.integers(1, 2000))
def test_each_gets_all_it_has_or_its_equal_share_less_a_turn(waiting: dict[str, int], room: int) -> None:
    got, _ = shares(waiting, room)
    for name, share in got.items():
        assert share >= min(waiting[name], room // len(waiting) - QUANTUM)


@given(WAITING, st.integers(1, 2000))
def test_no_more_than_a_turn_of_each_other_comes_before_the_first_of_one(
    waiting: dict[str, int], room: int
) -> None:
    _, order = shares(waiting, room)
    for name in set(order):
        assert order.index(name) <= QUANTUM * (len(waiting) - 1)


class Room:
    """Room for so many."""

    def __init__(self, records: int) -> None:
        self.left = records
        self.by_topic: Counter[str] = Counter()

    def room(self) -> int:
        return self.left

    def taken(self, topic: str, records: int) -> None:
        self.left -= records
        self.by_topic[topic] += records


class Told(str):
    """What stands for a record."""

    offset = 0


class Stocked:
    """The client's own ``getmany`` over a stock; a stock of an error raises it, once."""

    def __init__(self, stock: dict[TopicPartition, list[str] | Exception]) -> None:
        self.stock = stock

    async def __call__(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int = 500
    ) -> dict[TopicPartition, list[Told]]:
        found: dict[TopicPartition, list[Told]] = {}
        for partition in partitions or list(self.stock):
            have = self.stock.get(partition, [])
            if isinstance(have, Exception):
                self.stock[partition] = []
                raise have
            left = max_records - sum(map(len, found.values()))
            if have and left:
                found[partition] = [Told(each) for each in have[:left]]
                self.stock[partition] = have[left:]
        return found


def consumer(
    monkeypatch: pytest.MonkeyPatch, stock: dict[TopicPartition, list[str] | Exception], room: Room
) -> FairConsumer:
    made, own = FairConsumer(admission=room), Stocked(stock)
    made._closed = True  # it was never started, and has nothing to close
    monkeypatch.setattr(AIOKafkaConsumer, "getmany", lambda _, *p, **options: own(*p, **options))
    monkeypatch.setattr(made, "assignment", lambda: frozenset(stock))
    return made


FLOOD, FLOOD_TOO, QUIET = TopicPartition("a", 0), TopicPartition("a", 1), TopicPartition("b", 0)


async def test_a_quiet_topic_comes_in_beside_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(100)
    made = consumer(monkeypatch, {FLOOD: ["x"] * 900, FLOOD_TOO: ["y"] * 900, QUIET: ["z"] * 3}, room)
    found = await made.getmany(max_records=1000)
    assert found[QUIET] == ["z"] * 3
    assert room.by_topic == {"a": 97, "b": 3}


async def test_nothing_comes_in_while_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(0)
    made = consumer(monkeypatch, {FLOOD: ["x"], QUIET: ["z"]}, room)
    assert await made.getmany(max_records=1000) == {}
    room.left = 1
    assert sum(map(len, (await made.getmany(max_records=1000)).values())) == 1


async def test_who_names_no_number_gets_at_most_five_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    made = consumer(monkeypatch, {FLOOD: ["x"] * 900}, Room(10_000))
    assert {partition: len(found) for partition, found in (await made.getmany()).items()} == {FLOOD: 500}


async def test_with_little_room_each_topic_is_first_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(0)
    made = consumer(monkeypatch, {FLOOD: ["x"] * 900, QUIET: ["z"] * 900}, room)
    for _ in range(10):
        room.left = 1
        await made.getmany(max_records=1000)
    assert room.by_topic == {"a": 5, "b": 5}


async def test_what_was_taken_before_an_error_is_returned_and_the_error_comes_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = consumer(monkeypatch, {FLOOD: ["x"], QUIET: OSError()}, Room(100))
    assert await made.getmany(max_records=1000) == {FLOOD: ["x"]}
    with pytest.raises(OSError):
        await made.getmany(max_records=1000)
    assert await made.getmany(max_records=1000) == {}


async def test_while_partitions_are_read_one_by_one_an_error_loses_none_of_what_was_taken_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stock: dict[TopicPartition, list[str] | Exception] = {FLOOD: [], FLOOD_TOO: CorruptRecordException()}
    made = consumer(monkeypatch, stock, Room(100))
    assert await made.getmany(max_records=1000) == {}  # from now on each partition alone
    stock |= {FLOOD: ["x"], FLOOD_TOO: OSError()}
    with pytest.raises(OSError):
        await made.getmany(max_records=1000)  # before anything was taken
    stock[FLOOD_TOO] = OSError()
    assert await made.getmany(max_records=1000) == {FLOOD: ["x"]}
    with pytest.raises(OSError):
        await made.getmany(max_records=1000)
