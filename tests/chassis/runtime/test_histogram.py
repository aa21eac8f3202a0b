"""A histogram that is fed by the batch counts as prometheus_client's own does."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from services.chassis.runtime.histogram import Durations

BOUNDS = (0.01, 0.5, 1, 60)
SECONDS = st.lists(st.one_of(st.sampled_from([0.01, 0.5, 1.0, 60.0]), st.floats(0, 100)))


@given(st.lists(st.tuples(st.sampled_from("ab"), SECONDS)))
def test_it_is_the_same_as_one_value_after_the_other(batches: list[tuple[str, list[float]]]) -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    fed, reference = (
        Durations("d_seconds", "d", "topic", BOUNDS, ours),
        Histogram("d_seconds", "d", ["topic"], buckets=BOUNDS, registry=theirs),
    )
    for topic, seconds in batches:
        fed.observe(topic, seconds)
        for value in seconds:
            reference.labels(topic).observe(value)
    assert samples(ours) == {k: v for k, v in samples(theirs).items() if "_created" not in k} | samples(ours)
    assert {k for k in samples(theirs) if "_created" not in k} <= samples(ours).keys()


def test_a_clock_that_is_behind_counts_as_no_time_at_all() -> None:
    registry = CollectorRegistry()
    Durations("d_seconds", "d", "topic", BOUNDS, registry).observe("t", [-3.0])
    assert registry.get_sample_value("d_seconds_bucket", {"topic": "t", "le": "0.01"}) == 1
    assert registry.get_sample_value("d_seconds_sum", {"topic": "t"}) == 0


def samples(registry: CollectorRegistry) -> dict[str, float]:
    found = {}
    for line in generate_latest(registry).decode().splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = round(float(value), 6)
    return found
