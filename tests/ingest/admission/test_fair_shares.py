"""How much intake takes, and whom."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.admission.fair_shares import LONGEST_WAIT_S, InFlight

COUNTS = st.integers(0, 5000)


def standing_still(waiting: int, least: int = 500) -> InFlight:
    in_flight = InFlight(seconds=1, least=least)
    in_flight.measured(waiting=waiting, passed=0, admitted=0, at=0.0)
    return in_flight


def at_a_rate(rate: int, waiting: int) -> InFlight:
    """Services downstream that have processed so many records a second for a long time."""
    in_flight = InFlight(seconds=1, least=500)
    for second in range(60):
        in_flight.measured(waiting=waiting, passed=rate * second, admitted=0, at=float(second))
    return in_flight


def test_the_limit_is_what_passes_in_the_time_given() -> None:
    assert 990 <= at_a_rate(1000, 0).limit <= 1000
    assert at_a_rate(10, 0).limit == 500, "a little may always be in flight"


def test_what_came_in_since_the_last_look_counts_as_in_flight() -> None:
    in_flight = standing_still(100)
    in_flight.came_in("yolo", 30, 0.0)
    assert in_flight.records == 130
    in_flight.measured(waiting=120, passed=10, admitted=30, at=1.0)
    in_flight.came_in("yolo", 5, 1.0)
    assert in_flight.records == 125


def test_downstream_services_that_make_no_progress_stop_all_intake_in_the_end() -> None:
    in_flight = standing_still(0)
    for _ in range(20):
        for county in ("yolo", "napa", "kern"):
            if in_flight.wait(county, 0.0) is None:
                in_flight.came_in(county, 100, 0.0)
    assert 500 <= in_flight.records <= 1100, "twice the least, and one body"
    in_flight.came_in("lake", 1000 - in_flight.records, 0.0)
    assert in_flight.wait("yolo", 0.0) == in_flight.wait("mono", 0.0) == LONGEST_WAIT_S


def test_when_the_limit_is_reached_a_county_that_sent_little_may_still_come_in() -> None:
    in_flight = at_a_rate(1000, 950)
    in_flight.came_in("los-angeles", 200, 59.0)
    in_flight.came_in("yolo", 2, 59.0)
    assert in_flight.wait("yolo", 59.0) is None
    assert in_flight.wait("los-angeles", 59.0) is not None


def test_the_time_to_wait_is_that_of_the_countys_own_share() -> None:
    in_flight = at_a_rate(100, 500)
    in_flight.came_in("los-angeles", 1000, 59.0)
    alone = in_flight.wait("los-angeles", 59.0)
    in_flight.came_in("yolo", 2, 59.0)
    assert (alone, in_flight.wait("los-angeles", 59.0)) == (16, 31)


def test_what_a_county_sent_is_forgotten_in_time() -> None:
    in_flight = at_a_rate(1000, 0)
    in_flight.came_in("los-angeles", 5000, 59.0)
    in_flight.measured(waiting=1100, passed=60_000, admitted=5000, at=60.0)
    in_flight.came_in("yolo", 300, 90.0)
    assert in_flight.wait("los-angeles", 90.0) is None
    assert in_flight.wait("yolo", 90.0) is not None


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d"]), COUNTS), max_size=30), COUNTS, COUNTS)
def test_who_has_sent_nothing_comes_in_before_anyone_who_has(
    sent: list[tuple[str, int]], waiting: int, rate: int
) -> None:
    in_flight = at_a_rate(rate, waiting)
    for county, records in sent:
        in_flight.came_in(county, records, 59.0)
    if any(in_flight.wait(county, 59.0) is None for county in "abcd"):
        assert in_flight.wait("quiet", 59.0) is None


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1, 300)), max_size=200), COUNTS)
def test_nothing_is_in_flight_beyond_twice_the_limit_and_one_body(
    asked: list[tuple[str, int]], waiting: int
) -> None:
    in_flight = at_a_rate(800, min(waiting, 800))
    for county, records in asked:
        wait = in_flight.wait(county, 59.0)
        if wait is None:
            in_flight.came_in(county, records, 59.0)
        else:
            assert 1 <= wait <= LONGEST_WAIT_S
    assert in_flight.records <= 2 * in_flight.limit + 300
