"""Which record's trace a history of several new records carries."""

from itertools import permutations

from services.chassis.runtime.unit_of_work import Trace
from services.reconciliation.handlers import first_to_come

EARLY = Trace("00-" + "2" * 32 + "-1111111111111111-01", "2026-11-22T12:00:00+00:00")
LATE = Trace("00-" + "1" * 32 + "-1111111111111111-01", "2026-11-22T12:00:01+00:00")
UNTIMED = Trace("00-" + "0" * 31 + "1-1111111111111111-01")


def test_it_is_the_one_that_came_to_the_door_first_whatever_the_order() -> None:
    for given in permutations([LATE, None, EARLY, UNTIMED]):
        assert first_to_come(given) == EARLY


def test_without_any_trace_there_is_none() -> None:
    assert first_to_come([None, None]) is None
    assert first_to_come([UNTIMED, None]) == UNTIMED
