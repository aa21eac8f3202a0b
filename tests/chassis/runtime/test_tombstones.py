"""Tombstones among the events of a batch."""

from datetime import UTC, datetime
from uuid import UUID

from services.chassis.runtime.tombstones import ids_in, in_turn
from services.chassis.runtime.unit_of_work import Received


def batch(*keys: str) -> list[Received]:
    """In this order; a key with a minus is a tombstone's."""
    return [
        Received("t", 0, at, key.strip("-"), (), b"" if key.startswith("-") else b"{}", datetime.now(UTC))
        for at, key in enumerate(keys)
    ]


def runs(*keys: str) -> list[list[str]]:
    return [[f"{'-' * tombstones}{one.key}" for one in run] for tombstones, run in in_turn(batch(*keys))]


def test_events_come_in_one_run_before_all_tombstones_where_no_key_has_both() -> None:
    assert runs("a", "-b", "c", "-d", "e") == [["a", "c", "e"], ["-b", "-d"]]


def test_a_key_that_has_both_keeps_their_order() -> None:
    assert runs("a", "-a", "b", "a") == [["a"], ["-a"], ["b", "a"]]


def test_a_batch_of_one_kind_is_one_run() -> None:
    assert runs("a", "b") == [["a", "b"]]
    assert runs("-a", "-b") == [["-a", "-b"]]
    assert runs() == []


def test_the_key_of_a_heartbeat_is_no_id() -> None:
    one, other = str(UUID(int=2)), str(UUID(int=1))
    assert ids_in([one, "heartbeat", other, one]) == [UUID(int=1), UUID(int=2)]
