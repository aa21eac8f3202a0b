"""The summary at a terminal."""

import math
from collections.abc import Mapping

from rich.console import Group
from rich.table import Table
from rich.text import Text

from services.cli.monitoring.summary import Open, ServiceLine, Summary
from services.cli.terminal.age import age

UNKNOWN = "?"


def shown(found: Summary, where: Mapping[str, str]) -> Group:
    """Tables and lines; what needs attention is red. ``where``: the addresses of Kafka and of each service."""
    table = Table(
        "service", "ready", "replicas", "waits", "oldest", "records/s", "outbox", "its oldest", "dead letters",
        "held up", "address", box=None, pad_edge=False,
    )  # fmt: skip
    for each in found.services:
        table.add_row(*_row(each), Text(where.get(each.name, "")))
    p50, p99 = found.latency
    lines = [
        Text(f"Kafka: {_yes(found.kafka)} ({where.get('kafka', '')})   Postgres: {_yes(found.postgres)}"),
        Text(
            f"from record to relief, {found.latency_of}: half within {_bound(p50)}, 99 of 100 within {_bound(p99)} "
            f"({found.orders:,} orders)"
            if found.orders
            else "from record to relief: nothing was ordered straight from a record since the service began"
        ),
        _opened("quarantine", found.quarantine),
        _opened("discrepancies", found.discrepancies),
        Text(
            f"webhooks: {_number(found.webhooks_waiting)} wait"
            + (f", the oldest {age(found.webhooks_oldest)}" if found.webhooks_waiting else "")
            + f"; subscriptions failing: {_number(found.subscriptions_failing)}"
        ),
    ]
    lost = [Text(_lost(each), "red") for each in found.services if each.lost]
    return Group(table, *lost, *lines)


def _row(line: ServiceLine) -> list[Text]:
    rate = line.consumed_per_second
    return [
        Text(line.name),
        Text("yes") if line.ready else Text("no", "red"),
        _number(line.replicas),
        _number(line.waits),
        Text(age(line.oldest), "red" if (line.oldest or 0) > 60 else ""),
        Text("" if rate is None else f"{rate:,.0f}"),
        _number(line.outbox),
        Text(age(line.outbox_oldest or None)),
        _number(line.dead_letters, bad=True),
        Text(", ".join(line.held_up), "red"),
    ]


def _lost(line: ServiceLine) -> str:
    each = ", ".join(f"{where} at most {records:,}" for where, records in line.lost.items())
    return f"{line.name}: records that a topic lost before they were consumed: {each} (reliefstream lost-records list)"


def _bound(seconds: float | None) -> str:
    return "more than is measured" if seconds == math.inf else age(seconds)


def _number(value: int | None, *, bad: bool = False) -> Text:
    return Text(UNKNOWN if value is None else f"{value:,}", "red" if bad and value else "")


def _yes(answers: bool | None) -> str:
    return UNKNOWN if answers is None else "answers" if answers else "does not answer"


def _opened(what: str, entries: tuple[Open, ...] | None) -> Text:
    if entries is None:
        return Text(f"{what} open: {UNKNOWN}")
    each = ", ".join(f"{one.what} {one.number:,} (oldest {age(one.oldest)})" for one in entries)
    return Text(f"{what} open: {each or 'none, as counted once a minute'}")
