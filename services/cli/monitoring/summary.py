"""The summary for the operator on call, from two scrapes: counts and ages, nothing about a person. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services import SERVICES
from services.cli.monitoring.scrape import Look
from services.cli.monitoring.scraped_rates import Scrape, buckets, per_second, within

ORDERED = "reliefstream.relief.ordered.v1"
SINCE_ARRIVAL = "reliefstream_since_arrival_seconds"
OLDEST = "reliefstream_oldest_unprocessed_seconds"


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service; None: not known. Ages in seconds."""

    name: str
    ready: bool
    replicas: int | None
    waits: int | None
    """Records that it has not consumed: as it says itself, else as others measured some seconds ago."""
    oldest: float | None
    """Age of the first of them when it was measured; None as well when none waits."""
    consumed_per_second: float | None
    """None from one look alone."""
    outbox: int | None
    outbox_oldest: float | None
    dead_letters: int | None
    held_up: tuple[str, ...]
    lost: Mapping[str, int]
    """Records that a topic lost before it consumed them, by topic and partition, until they are acknowledged."""


@dataclass(frozen=True, slots=True)
class Open:
    """What is open of one kind, and the age of the oldest in seconds."""

    what: str
    number: int
    oldest: float


@dataclass(frozen=True, slots=True)
class Summary:
    """All of it."""

    kafka: bool | None
    postgres: bool | None
    """Whether every service reaches it; None: no service can say."""
    services: tuple[ServiceLine, ...]
    orders: int
    """Orders in the time that the latency is of."""
    latency: tuple[float | None, float | None]
    """Seconds from a record at intake to relief ordered that half, and 99 of 100, did not exceed; may be infinite."""
    latency_of: str
    quarantine: tuple[Open, ...] | None
    """None, here and below: the service that knows does not answer."""
    discrepancies: tuple[Open, ...] | None
    webhooks_waiting: int | None
    webhooks_oldest: float
    subscriptions_failing: int | None


def summary(looks: Sequence[Look]) -> Summary:
    """Of the last look; rates since the one before it, latency since the first if anything was ordered since."""
    now, before = looks[-1], looks[-2] if len(looks) > 1 else None
    relief, latency_of = now.scrapes.get("relief"), "since the service began"
    counts: dict[float, float] = {}
    if relief:
        first = looks[0].scrapes.get("relief") if len(looks) > 1 else None
        counts = buckets(first, relief, SINCE_ARRIVAL, event=ORDERED) if first else {}
        if max(counts.values(), default=0) > 0:
            latency_of = f"of the last {(now.at - looks[0].at).total_seconds():.0f} s"
        else:
            counts = buckets(None, relief, SINCE_ARRIVAL, event=ORDERED)
    ingest, reconciliation, notification = map(now.scrapes.get, ("ingest", "reconciliation", "notification"))
    failing = (
        int(notification.total("reliefstream_webhook_subscriptions", status="failing"))
        if notification
        else None
    )
    return Summary(
        kafka=now.answers("kafka"),
        postgres=now.answers("postgres"),
        services=tuple(_line(name, now, before) for name in SERVICES),
        orders=int(max(counts.values(), default=0)),
        latency=(within(0.5, counts), within(0.99, counts)),
        latency_of=latency_of,
        quarantine=_open(
            ingest, "reliefstream_quarantine_open", "reliefstream_quarantine_oldest_open_seconds", "county"
        ),
        discrepancies=_open(
            reconciliation,
            "reliefstream_open_discrepancies",
            "reliefstream_discrepancy_oldest_seconds",
            "kind",
        ),
        webhooks_waiting=int(notification.total("reliefstream_webhook_deliveries_waiting"))
        if notification
        else None,
        webhooks_oldest=notification.total("reliefstream_webhook_oldest_waiting_seconds")
        if notification
        else 0.0,
        subscriptions_failing=failing,
    )


def _line(name: str, now: Look, before: Look | None) -> ServiceLine:
    scrape, earlier = now.scrapes.get(name), before.scrapes.get(name) if before else None
    waits = _waits(name, now)
    consumed = "reliefstream_consumed_records_total"
    return ServiceLine(
        name=name,
        ready=now.ready.get(name, False),
        replicas=int(replicas)
        if (replicas := _most(now, "reliefstream_replicas", name).get("")) is not None
        else None,
        waits=sum(waits.values()) if waits is not None else None,
        oldest=max(
            (age for each, age in _most(now, OLDEST, name).items() if waits and waits.get(each)), default=None
        ),
        consumed_per_second=per_second(earlier, scrape, consumed) if scrape and earlier else None,
        outbox=int(scrape.total("reliefstream_outbox_events")) if scrape else None,
        outbox_oldest=scrape.total("reliefstream_outbox_oldest_seconds") if scrape else None,
        dead_letters=int(scrape.total("reliefstream_dead_letters_open")) if scrape else None,
        held_up=tuple(_open_partitions(scrape, "reliefstream_partition_held_up")),
        lost=_open_partitions(scrape, "reliefstream_lost_records_open"),
    )


def _open_partitions(scrape: Scrape | None, gauge: str) -> dict[str, int]:
    """Values above 0 by topic and partition, in that order."""
    found = scrape.by_partition(gauge) if scrape else {}
    return {each: int(value) for each, value in found.items() if value}


def _waits(name: str, look: Look) -> dict[str, int] | None:
    """Records that wait for a service, by topic and partition; None: nobody says."""
    measured = _most(look, "reliefstream_unprocessed_records", name)
    own = look.scrapes[name].by_partition("reliefstream_consumer_lag_records") if name in look.scrapes else {}
    return {each: int(value) for each, value in (measured | own).items()} if look.scrapes else None


def _most(look: Look, gauge: str, reader: str) -> dict[str, float]:
    """What the services measured of a reader, by topic and partition; the most, where several did."""
    found: dict[str, float] = {}
    for scrape in look.scrapes.values():
        for each, value in scrape.by_partition(gauge, reader=reader).items():
            found[each] = max(found.get(each, 0.0), value)
    return found


def _open(scrape: Scrape | None, number: str, oldest: str, label: str) -> tuple[Open, ...] | None:
    if scrape is None:
        return None
    ages = scrape.by(oldest, label)
    return tuple(
        Open(what, int(count), ages.get(what, 0.0))
        for what, count in scrape.by(number, label).items()
        if count
    )
