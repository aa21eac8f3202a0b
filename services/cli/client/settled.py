"""Waits until everything accepted has passed through every service.

Each service tells Kafka how far it is only after its effects are committed, and its outbox holds what is not yet
published. So: lag first, outboxes second, ends of topics last; when nothing waits and no topic has grown in
between, nothing is under way.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiokafka.errors import KafkaError

from deploy.kafka.topic_map import topic_map
from services import SERVICES
from services.chassis.consumer.offsets import OffsetReader, Offsets, offset_reader, service_of
from services.cli.client.addresses import Addresses
from services.cli.client.services import NOT_RUNNING, ask
from services.cli.terminal.exit import Refused, ServerMissing

RESTART_S = 20.0
"""How long a service may be away: one that was killed comes back by itself."""


class Watch:
    """Repeated checks of what is still being processed."""

    def __init__(self, found: Addresses, kafka: OffsetReader) -> None:
        self._found, self._kafka = found, kafka

    async def under_way(self) -> dict[str, int]:
        """What still waits, by its place; empty when everything was processed.

        Services are asked only where no record waits at Kafka: each answer takes time from the flow.
        """
        before, committed = await self._ends(), await self._kafka.committed_of(SERVICES)
        waiting = lag(before, committed) | not_begun(before, committed)
        if any(waiting.values()):
            return {place: count for place, count in waiting.items() if count}
        consumed = {topic for offsets in committed.values() for topic, _ in offsets}
        for service in SERVICES:
            status = await self._status(service)
            waiting |= {f"{service} outbox": status["outbox"]}
            waiting |= {f"{service} {name}": count for name, count in status.get("pending", {}).items()}
        after = await self._ends()
        waiting["new records"] = sum(
            end - before.get(p, 0) for p, end in after.items() if p.topic in consumed
        )
        return {place: count for place, count in waiting.items() if count}

    async def _ends(self) -> Offsets:
        return await self._kafka.ends(await self._kafka.partitions())

    async def _status(self, service: str) -> Mapping[str, Any]:
        try:
            status: Mapping[str, Any] = await asyncio.to_thread(
                ask, service, "GET", "/status", found=self._found
            )
        except Refused:  # it starts
            raise ServerMissing(NOT_RUNNING.format(service)) from None
        return status


def lag(ends: Offsets, committed: Mapping[str, Offsets]) -> dict[str, int]:
    """Records that each group has not consumed; without a committed offset, a partition counts from its beginning."""
    waiting = {}
    for group, offsets in committed.items():
        topics = {partition.topic for partition in offsets}
        waiting[group] = sum(max(0, end - offsets.get(p, 0)) for p, end in ends.items() if p.topic in topics)
    return waiting


def not_begun(ends: Offsets, committed: Mapping[str, Offsets]) -> dict[str, int]:
    """Partitions that hold records and on which a service that reads them has committed no offset.

    A broker that has just started knows no group for some seconds, which must not look like no lag.
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


async def settled(found: Addresses, timeout: float, told: Callable[[str], None] = lambda _: None) -> None:
    """Waits until two checks in a row find nothing; calls ``told`` with the result of each check.

    Raises Refused after ``timeout`` seconds, ServerMissing.
    """
    deadline, quiet = time.monotonic() + timeout, 0
    try:
        async with offset_reader(found.kafka.client_options()) as kafka:
            watch, answered = Watch(found, kafka), time.monotonic()
            while quiet < 2:
                try:
                    waiting = await watch.under_way()
                    answered = time.monotonic()
                except ServerMissing:
                    if time.monotonic() - answered > RESTART_S:
                        raise
                    waiting = {"a service that starts": 1}
                quiet = 0 if waiting else quiet + 1
                told("settling: " + (", ".join(f"{k} {v}" for k, v in waiting.items()) or "quiet"))
                if waiting and time.monotonic() > deadline:
                    places = ", ".join(f"{place}: {count}" for place, count in waiting.items())
                    raise Refused(f"Not settled after {timeout:.0f} s. Still under way: {places}")
                await asyncio.sleep(0.25)
    except KafkaError:
        raise ServerMissing(NOT_RUNNING.format("Kafka")) from None
