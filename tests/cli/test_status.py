"""What status makes of two looks; and that it says which servers are missing."""

from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from services import SERVICES
from services.cli.main import run
from services.cli.monitoring.scrape import Look
from services.cli.monitoring.scraped_rates import buckets, per_second, scrape, within
from services.cli.monitoring.summary import summary
from services.cli.printed.status_screen import shown
from services.cli.terminal.age import age

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATENCY = 'reliefstream_since_arrival_seconds_bucket{event="reliefstream.relief.ordered.v1",le="%s"} %d\n'


def latency(*counts: int) -> str:
    head = "# TYPE reliefstream_since_arrival_seconds histogram\n"
    return head + "".join(LATENCY % pair for pair in zip(("0.5", "1.0", "+Inf"), counts, strict=True))


def looked(seconds: float, **metrics: str) -> Look:
    scrapes = {name: scrape(text, seconds) for name, text in metrics.items()}
    return Look(NOW + timedelta(seconds=seconds), scrapes, dict.fromkeys(metrics, True))


def measured(reader: str, partition: int, records: int, seconds: int) -> str:
    """What another service says of a reader."""
    where = f'{{partition="{partition}",reader="{reader}",topic="determinations-v1"}}'
    return (
        f"reliefstream_unprocessed_records{where} {records}\n"
        f"reliefstream_oldest_unprocessed_seconds{where} {seconds}\n"
        f'reliefstream_replicas{{reader="{reader}"}} 2\n'
    )


def printed(*looks: Look) -> str:
    console = Console(width=160, color_system=None)
    with console.capture() as capture:
        console.print(shown(summary(looks), {"relief": "http://relief"}))
    return capture.get()


def test_a_rate_is_what_was_counted_between_and_from_nothing_after_a_restart() -> None:
    first, later, anew = (
        scrape(f'c_total{{topic="t"}} {n}\n', at) for n, at in ((100, 10), (140, 12), (6, 14))
    )
    assert per_second(first, later, "c_total") == 20
    assert per_second(later, anew, "c_total") == 3
    assert per_second(first, first, "c_total") == 0


def test_a_share_came_within_the_least_bound_that_it_does_not_exceed() -> None:
    counts = {0.5: 50.0, 1.0: 100.0, float("inf"): 100.0}
    assert within(0.5, counts) == 0.5
    assert within(0.75, counts) == 1.0
    assert within(0.99, {0.5: 0.0, float("inf"): 10.0}) == float("inf")
    assert within(0.5, {}) is None


def test_latency_is_of_what_was_ordered_since_the_first_look_or_since_the_service_began() -> None:
    assert "half within 1 s, 99 of 100 within 1 s (10 orders)" in printed(
        looked(0, relief=latency(90, 90, 90)), looked(60, relief=latency(90, 100, 100))
    )
    assert "since the service began" in printed(
        looked(0, relief=latency(9, 9, 9)), looked(60, relief=latency(9, 9, 9))
    )
    began_anew = buckets(
        scrape(latency(90, 90, 90), 0), scrape(latency(5, 5, 5), 1), "reliefstream_since_arrival_seconds"
    )
    assert began_anew == {0.5: 5, 1.0: 5, float("inf"): 5}


def test_what_waits_is_shown_for_a_service_that_does_not_answer() -> None:
    look = looked(
        0, ingest=measured("relief", 0, 12, 300) + 'reliefstream_server_answers{server="kafka"} 1\n'
    )
    assert look.missing() == ["reconciliation", "eligibility", "relief", "notification"]
    line = next(line for line in printed(look).splitlines() if line.startswith("relief"))
    assert line.split()[1:6] == ["no", "2", "12", "5", "min"]
    assert line.split()[-2:] == ["?", "http://relief"]
    assert "Kafka: answers" in printed(look) and "Postgres: ?" in printed(look)
    assert "discrepancies open: ?" in printed(look)
    assert "webhooks: ? wait; subscriptions failing: ?" in printed(look)


def test_a_service_that_answers_knows_best_what_waits_for_it() -> None:
    own = 'reliefstream_consumer_lag_records{partition="0",topic="determinations-v1"} 3\n'
    others = measured("relief", 0, 12, 300) + measured("relief", 1, 5, 40)
    (line,) = (
        one for one in summary([looked(0, ingest=others, relief=own)]).services if one.name == "relief"
    )
    assert (line.waits, line.oldest, line.replicas) == (8, 300, 2)
    done = 'reliefstream_consumer_lag_records{partition="0",topic="determinations-v1"} 0\n'
    (line,) = (
        one for one in summary([looked(0, ingest=others, relief=done)]).services if one.name == "relief"
    )
    assert (line.waits, line.oldest) == (5, 40)


def test_a_server_that_one_service_does_not_reach_is_missing() -> None:
    does, does_not = (f'reliefstream_server_answers{{server="kafka"}} {says}\n' for says in (1, 0))
    look = looked(0, ingest=does, relief=does_not)
    assert look.missing()[0] == "kafka"
    assert "Kafka: does not answer" in printed(look)


def test_where_no_service_answers_nothing_is_known_of_servers_and_waits() -> None:
    look = looked(0)
    assert look.missing() == list(SERVICES)
    assert "Kafka: ?" in printed(look)
    assert {(line.waits, line.replicas) for line in summary([look]).services} == {(None, None)}


def test_a_rate_takes_two_looks() -> None:
    counted = "reliefstream_consumed_records_total"
    looks = [looked(at, relief=f'{counted}{{topic="t"}} {at * 20}\n') for at in (0, 10)]
    rates = [
        next(line.consumed_per_second for line in summary(seen).services if line.name == "relief")
        for seen in (looks, looks[:1])
    ]
    assert rates == [20, None]


def test_what_is_open_is_shown_with_its_age() -> None:
    text = printed(
        looked(
            0,
            ingest='reliefstream_quarantine_open{county="sacramento"} 3\n'
            'reliefstream_quarantine_oldest_open_seconds{county="sacramento"} 200000\n',
            reconciliation='reliefstream_open_discrepancies{age="up to 7 days",kind="only_in_doj"} 4\n'
            'reliefstream_open_discrepancies{age="up to 30 days",kind="only_in_doj"} 1\n'
            'reliefstream_discrepancy_oldest_seconds{kind="only_in_doj"} 900000\n',
            notification="reliefstream_webhook_deliveries_waiting 2\nreliefstream_webhook_oldest_waiting_seconds 9\n",
        )
    )
    assert "quarantine open: sacramento 3 (oldest 2 d)" in text
    assert "discrepancies open: only_in_doj 5 (oldest 10 d)" in text
    assert "webhooks: 2 wait, the oldest 9 s" in text


def test_ages_are_said_as_people_say_them() -> None:
    assert [age(seconds) for seconds in (None, 0.42, 59.6, 125, 8000, 300_000)] == [
        "",
        "0.42 s",
        "60 s",
        "2 min",
        "2 h",
        "3 d",
    ]


def test_servers_that_the_environment_names_and_that_do_not_answer_are_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELIEFSTREAM_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    for name in SERVICES:
        monkeypatch.setenv(f"RELIEFSTREAM_{name.upper()}_URL", "http://127.0.0.1:1")
    assert run(["status", "--once"]) == 3
    told = capsys.readouterr()
    assert "Not ready: ingest, reconciliation, eligibility, relief, notification" in told.err
    assert "Kafka: ?" in told.out
