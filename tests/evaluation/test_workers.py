"""Jobs for several processes."""

from collections.abc import Iterator

from services.evaluation.workers import AHEAD, Workers


def times(context: int, job: int) -> int:
    return context * job


def test_results_come_in_the_order_of_the_jobs_from_any_number_of_processes() -> None:
    for count in (1, 2):
        with Workers(count, 3) as workers:
            assert list(workers.map(times, range(20))) == [3 * job for job in range(20)]


def test_jobs_are_made_only_as_they_are_needed() -> None:
    made = 0

    def jobs() -> Iterator[int]:
        nonlocal made
        while made < 100:
            made += 1
            yield made

    with Workers(2, 1) as workers:
        for taken, _ in enumerate(workers.map(times, jobs()), 1):
            assert made <= taken + 2 * AHEAD
