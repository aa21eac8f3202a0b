"""Reads what a run left behind: every topic, every table, what the webhook got."""

import json
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.addresses import Addresses
from tests.harness.faults.observation import Message, Observation, Sealing, Sent


async def observe(
    given: Addresses,
    deliveries: Path,
    *,
    sent: tuple[Sent, ...],
    stated: tuple[str, ...],
    decided: tuple[str, ...],
    sealing: Sealing,
) -> Observation:
    """After quiet; both servers answer. ``deliveries`` is the receiver's file; none where it got nothing."""
    topics, ends = await _topics(given.kafka.client_options())
    tables = {service: await _tables(url) for service, url in given.owner_urls.items()}
    return Observation(sent, topics, tables, _delivered(deliveries), ends, stated, decided, sealing)


async def ends(options: dict[str, Any]) -> dict[str, int]:
    """Where each partition ends for a reader of committed messages."""
    consumer = AIOKafkaConsumer(**options, isolation_level="read_committed", enable_auto_commit=False)
    await consumer.start()
    try:
        found = await consumer.end_offsets(await _partitions(options))
    finally:
        await consumer.stop()
    return {f"{p.topic}/{p.partition}": offset for p, offset in found.items()}


def _delivered(file: Path) -> tuple[dict[str, Any], ...]:
    return tuple(map(json.loads, file.read_text().splitlines())) if file.exists() else ()


async def _topics(
    options: dict[str, Any],
) -> tuple[dict[str, tuple[Message, ...]], dict[str, tuple[int, int]]]:
    dirty, clean = (
        AIOKafkaConsumer(**options, isolation_level=level, enable_auto_commit=False, fetch_max_wait_ms=20)
        for level in ("read_uncommitted", "read_committed")
    )
    found: dict[str, list[Message]] = {}
    await dirty.start()
    await clean.start()
    try:
        partitions = await _partitions(options)
        high, stable = await dirty.end_offsets(partitions), await clean.end_offsets(partitions)
        found = {p.topic: [] for p in partitions}
        clean.assign(partitions)
        await clean.seek_to_beginning(*partitions)
        behind = set(partitions)
        while behind:
            for records in (await clean.getmany(timeout_ms=100)).values():
                for r in records:
                    found[r.topic].append(
                        Message(r.topic, r.partition, r.offset, r.key, tuple(r.headers), r.value)
                    )
            behind = {p for p in behind if await clean.position(p) < stable[p]}
    finally:
        await dirty.stop()
        await clean.stop()
    ordered = {n: tuple(sorted(all_, key=lambda m: (m.partition, m.offset))) for n, all_ in found.items()}
    return ordered, {f"{p.topic}/{p.partition}": (stable[p], high[p]) for p in partitions}


async def _partitions(options: dict[str, Any]) -> list[TopicPartition]:
    admin = AIOKafkaAdminClient(**options)
    await admin.start()
    try:
        return [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in await admin.describe_topics()
            if not topic["topic"].startswith("__")
            for partition in topic["partitions"]
        ]
    finally:
        await admin.close()


async def _tables(url: str) -> dict[str, tuple[dict[str, Any], ...]]:
    db = await asyncpg.connect(url)
    try:
        names = [
            row[0] for row in await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        return {
            name: tuple(
                json.loads(row[0]) for row in await db.fetch(f'SELECT row_to_json(t) FROM "{name}" t')
            )
            for name in names
        }
    finally:
        await db.close()
