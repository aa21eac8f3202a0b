"""``reliefstream settle``: waits until everything accepted has passed through every service.

Each service tells Kafka how far it is only after its effects are committed, and its outbox holds what is not yet
published. So: lag first, outboxes second, ends of topics last; when nothing waits and no topic has grown in
between, nothing is under way.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import httpx
from aiokafka.errors import KafkaError
from rich.console import Console

from deploy.kafka.topic_map import topic_map
from services import SERVICES
from services.chassis.consumer.offsets import OffsetReader, Offsets, offset_reader, service_of
from services.cli.client.addresses import Addresses, addresses
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage

RESTART_S = 20.0
"""How long a service may be away: one that was killed comes back by itself."""
NOT_RUNNING = "{} does not answer. Is everything up? reliefstream status; start it: reliefstream up"


class Watch:
    """One look after another at what is still under way."""

    def __init__(self, found: Addresses, kafka: OffsetReader, http: httpx.AsyncClient) -> None:
        self._found, self._kafka, self._http = found, kafka, http

    async def under_way(self) -> dict[str, int]:
        """What waits, by where it waits: empty when everything has passed."""
        before = await self._kafka.ends(await self._kafka.partitions())
        committed = await self._kafka.committed_of(SERVICES)
        waiting = lag(before, committed) | not_begun(before, committed)
        consumed = {topic for offsets in committed.values() for topic, _ in offsets}
        for service in SERVICES:
            status = await self._status(service)
            waiting |= {f"{service} outbox": status["outbox"]}
            waiting |= {f"{service} {name}": count for name, count in status.get("pending", {}).items()}
        after = await self._kafka.ends(await self._kafka.partitions())
        waiting["new records"] = sum(
            end - before.get(p, 0) for p, end in after.items() if p.topic in consumed
        )
        return {place: count for place, count in waiting.items() if count}

    async def _status(self, service: str) -> dict[str, Any]:
        try:
            answer = await self._http.get(f"{self._found.service(service)}/status")
            answer.raise_for_status()
        except httpx.HTTPError:
            raise ServerMissing(NOT_RUNNING.format(service)) from None
        body: dict[str, Any] = answer.json()
        return body


def lag(ends: Offsets, committed: Mapping[str, Offsets]) -> dict[str, int]:
    """Records before each group; a partition on which it has told nothing yet counts from its beginning."""
    waiting = {}
    for group, offsets in committed.items():
        topics = {partition.topic for partition in offsets}
        waiting[group] = sum(max(0, end - offsets.get(p, 0)) for p, end in ends.items() if p.topic in topics)
    return waiting


def not_begun(ends: Offsets, committed: Mapping[str, Offsets]) -> dict[str, int]:
    """Partitions with records of topics of which a service that reads them has told nothing.

    A broker that has just started names no group for some seconds: nobody's lag would look like no lag.
    """
    told = {(service_of(group), p.topic) for group, offsets in committed.items() for p in offsets}
    waiting: dict[str, int] = {}
    for pattern, entry in topic_map().topics.items():
        topics = {p.topic for p in ends if p.topic.startswith(pattern.split("{county}")[0])}
        filled = sum(end > 0 for p, end in ends.items() if p.topic in topics)
        for service in entry.consumers:
            if service in SERVICES and filled and not any((service, topic) in told for topic in topics):
                waiting[f"{service} has not begun on {pattern}"] = filled
    return waiting


async def settled(found: Addresses, timeout: float, console: Console | None = None) -> None:
    """Returns when two looks in a row found nothing under way. Raises Refused after ``timeout`` seconds."""
    async with AsyncExitStack() as stack:
        try:
            kafka = await stack.enter_async_context(offset_reader(found.kafka.client_options()))
        except KafkaError:
            raise ServerMissing(NOT_RUNNING.format("Kafka")) from None
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        watch, deadline, quiet = Watch(found, kafka, http), time.monotonic() + timeout, 0
        shown = stack.enter_context(console.status("settling")) if console else None
        answered = time.monotonic()
        while quiet < 2:
            try:
                waiting = await watch.under_way()
                answered = time.monotonic()
            except ServerMissing:
                if time.monotonic() - answered > RESTART_S:
                    raise
                waiting = {"a service that starts": 1}
            quiet = 0 if waiting else quiet + 1
            if shown:
                shown.update("settling: " + (", ".join(f"{k} {v}" for k, v in waiting.items()) or "quiet"))
            if waiting and time.monotonic() > deadline:
                places = ", ".join(f"{place}: {count}" for place, count in waiting.items())
                raise Refused(f"Not settled after {timeout:.0f} s. Still under way: {places}")
            await asyncio.sleep(0.25)


def counts(found: Addresses) -> Mapping[str, Any]:
    """What each service counts, by service. Raises ServerMissing."""
    result = {}
    for service in SERVICES:
        try:
            with found.client(service) as client:
                answer = client.get("/v1/counts")
                answer.raise_for_status()
                result[service] = answer.json()
        except httpx.HTTPError:
            raise ServerMissing(NOT_RUNNING.format(service)) from None
    return result


def settle(*, timeout: float = 600) -> None:
    """Wait until everything accepted has passed through every service; print the counts.

    Parameters
    ----------
    timeout
        Seconds to wait at most; then say what is still under way, with exit status 1.
    """
    if not timeout > 0:
        raise WrongUsage(f"--timeout {timeout}: give seconds, more than 0")
    console = Console(stderr=True)
    found = addresses()
    asyncio.run(settled(found, timeout, console if console.is_terminal else None))
    for service, found_counts in counts(found).items():
        print(f"{service}: {line(found_counts)}")


def counts_command() -> None:
    """Print what each service counts, as JSON."""
    print(json.dumps(counts(addresses()), indent=2))


def line(value: Any) -> str:
    """Counts in one line: ``a 1, b 2, c (d 3)``; what counts nothing is left out."""
    if not isinstance(value, dict):
        return str(value)
    told = {name.replace("_", " "): v for name, v in value.items() if v not in ({}, None)}
    return ", ".join(f"{k} ({line(v)})" if isinstance(v, dict) else f"{k} {v}" for k, v in told.items())
