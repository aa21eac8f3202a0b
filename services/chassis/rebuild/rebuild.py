"""Rebuilds a service's database from the topics while the old one serves, and compares the two.

Inputs go through the service's handlers up to the offsets that the old database had consumed; ids and versions are
taken from what was published; tables that only people filled are copied. An event that the new database would publish
differently is a difference, and is only counted here. ``switch.py`` puts the new database in the place of the old one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition

from reliefstream_contracts.event import header, source_of
from services.chassis.consumer.consumption import received
from services.chassis.consumer.topic_scan import Span, ends, read
from services.chassis.outbox.outbox import last_numbered
from services.chassis.rebuild.rebuildable import CannotReplay, Replay, SwitchedAlready
from services.chassis.rebuild.tables import Difference, compare, copy_tables
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Database as Connection
from services.chassis.runtime.unit_of_work import Work

ADOPTED = "replay"
"""The consumer name for the positions up to which the service's own topics were read."""
BATCH = 1000
SETTLED_AT_ONCE = 200
ROUNDS = 5
PUBLISHED_WITHIN_S = 60.0

Say = Callable[[str], None]


@dataclass(slots=True)
class Comparison:
    """The differences: rows of tables, and events that the new database would publish, as (topic, key)."""

    tables: dict[str, Difference]
    to_publish: list[tuple[str, str]] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        return not self.to_publish and not any(each.keys() for each in self.tables.values())


class _RolledBack(Exception):
    """Rolls back a transaction that was only run to see what it emits."""


class Rebuilding:
    """One rebuild. It continues an earlier one on the same new database."""

    def __init__(self, replay: Replay, old: Database, kafka: Mapping[str, Any], say: Say) -> None:
        self.replay, self.old, self.new, self.kafka = replay, old, replay.service.database, kafka
        self._say = say
        self.unsettled: dict[str, None] = {}
        """Keys to settle at the switch, in order: found to differ, or changed since the comparison."""

    async def open(self) -> None:
        """Connects to both, and removes from the new one what an interrupted switch left. Raises SwitchedAlready."""
        await self.old.open()
        await self.new.open()
        self.new.publishing = False
        async with self.new.transaction() as work:
            begun = await work.db.fetchval(
                "SELECT EXISTS (SELECT FROM consumed_offsets WHERE consumer = $1)", ADOPTED
            )
            if not begun and await last_numbered(work.db):
                raise SwitchedAlready("the new database has been switched to before: name another one")
            cut_off = await work.db.fetchval("SELECT EXISTS (SELECT FROM outbox)")
            if cut_off or not begun:
                await work.db.execute("DELETE FROM outbox")
                await work.db.execute("DELETE FROM consumed_offsets WHERE consumer = $1", ADOPTED)
                await self.replay.forget(work)

    async def close(self) -> None:
        await self.new.close()
        await self.old.close()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """A snapshot of the old database."""
        async with (
            self.old.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    async def given_up(self) -> bool:
        """Whether an interrupted switch has ended the old database: the switch can only be completed."""
        async with self.old.pool.acquire() as old:
            return await last_numbered(old) < 0

    async def rebuild(self) -> None:
        """The long part: consumes all that the old database has consumed by now, while that one goes on."""
        async with self.old.pool.acquire() as old:
            offsets = await _offsets(old)
        await self._consume(offsets)

    async def catch_up(self, old: Connection) -> None:
        """Brings the new database to the state of a snapshot of the old one."""
        await self._keep_discarded(old)
        async with self.new.transaction() as work:
            await copy_tables(old, work.db, ["lost_records"])
        await self._consume(await _offsets(old))
        await self._until_published(old)
        await self._adopt()
        async with self.new.transaction() as work:
            await copy_tables(old, work.db, self.replay.given)
            await self.replay.take_over(work, old)

    async def compare(self) -> Comparison:
        """The differences that remain over several comparisons, as the old database goes on publishing meanwhile."""
        found, suspects = await self._look(None)
        for _ in range(ROUNDS - 1):
            if found.equal:
                break
            self._say("some is under way or differs: looking at it again")
            await asyncio.sleep(1)
            again, suspects = await self._look(suspects)
            found = _in_both(found, again)
        self.unsettled |= dict.fromkeys(suspects)
        return found

    async def _look(self, suspects: Sequence[str] | None) -> tuple[Comparison, list[str]]:
        async with self.snapshot() as old:
            await self.catch_up(old)
            tables = {}
            async with self.new.transaction() as work:
                for table, columns in self.replay.compared.items():
                    self._say(f"comparing {table}")
                    tables[table] = await compare(old, work.db, table, columns)
        async with self.new.transaction() as work:
            touched = await self.replay.unsettled(work)
        if suspects is None:
            suspects = touched
        else:  # settled when they are published, at the switch
            self.unsettled |= dict.fromkeys(touched)
        found = Comparison(tables)
        differing: list[str] = []
        for number, keys in enumerate(chunks(suspects, SETTLED_AT_ONCE)):
            if number % 50 == 0:
                self._say(f"comparing with what is published: {number * SETTLED_AT_ONCE} of {len(suspects)}")
            emitted: list[tuple[str, str]] = []
            try:
                async with self.new.transaction() as work:
                    await self.replay.settle(work, keys)
                    emitted = [(one.event.topic(), one.event.key()) for one in work.emitted]
                    if emitted:
                        raise _RolledBack  # noqa: TRY301 - rolls back
            except _RolledBack:
                found.to_publish += emitted
                differing += keys if emitted else ()
        return found, differing

    async def _consume(self, until: Mapping[tuple[str, TopicPartition], int]) -> None:
        for consumption, topics in self.replay.service.inputs:
            async with self.new.pool.acquire() as db:
                here = await _offsets(db)
            wanted = {
                p: end for (name, p), end in until.items() if name == consumption.name and p.topic in topics
            }
            spans: dict[TopicPartition, Span] = {
                p: (here.get((consumption.name, p), 0), end) for p, end in wanted.items()
            }
            async with self.new.transaction() as work:
                await work.db.executemany(
                    "INSERT INTO consumed_offsets VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING",
                    [(consumption.name, p.topic, p.partition) for p in spans],
                )
            consumption.held = {partition: start for partition, (start, _) in spans.items()}
            done, total = 0, sum(max(0, end - start) for start, end in spans.values())
            async for records in read(self.kafka, spans, BATCH):
                await consumption.consume(records)
                if consumption.held_up:
                    raise CannotReplay(
                        "too many records became dead letters: "
                        f"{next(iter(consumption.held_up)).topic} cannot be processed; mend the defect first"
                    )
                done += len(records)
                self._say(f"{', '.join(topics)}: {done} of about {total} records")

    async def _until_published(self, old: Connection) -> None:
        """Waits until the events of the snapshot are published. Raises CannotReplay when they are not in time."""
        if await last_numbered(old) < 0:
            return
        last = await old.fetchval("SELECT coalesce(max(id), 0) FROM outbox")
        deadline = asyncio.get_running_loop().time() + PUBLISHED_WITHIN_S
        while await self.old.pool.fetchval("SELECT EXISTS (SELECT FROM outbox WHERE id <= $1)", last):
            if asyncio.get_running_loop().time() > deadline:
                raise CannotReplay(
                    "events of the old database are not published: the service must run, or be stopped"
                )
            await asyncio.sleep(0.1)

    async def _adopt(self) -> None:
        topics = self.replay.published
        async with self.new.pool.acquire() as db:
            here = await _offsets(db)
        spans = {p: (here.get((ADOPTED, p), 0), end) for p, end in (await ends(self.kafka, topics)).items()}
        source = source_of(self.replay.service.name)
        async for records in read(self.kafka, spans, BATCH):
            own = [
                each
                for each in map(received, records)
                if each.is_tombstone() or header(each.headers, "ce_source") == source
            ]
            async with self.new.transaction() as work:
                await self.replay.adopt(work, own)
                await _note(work, {TopicPartition(r.topic, r.partition): r.offset + 1 for r in records})
        async with self.new.transaction() as work:  # of an empty topic, too
            await _note(work, {p: end for p, (_, end) in spans.items()})

    async def _keep_discarded(self, old: Connection) -> None:
        """Copies discarded dead letters: a record that an operator discarded stays discarded when it fails again."""
        async with self.new.transaction() as work:
            await work.db.executemany(
                """INSERT INTO dead_letters (consumer, topic, partition, "offset", key, headers, value, reason,
                                             detail, at, record_at, ended_at, ended, ended_why, ended_by)
                   VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                   ON CONFLICT DO NOTHING""",
                [
                    tuple(row)
                    for row in await old.fetch(
                        """SELECT consumer, topic, partition, "offset", key, headers::text, value, reason, detail,
                                  at, record_at, ended_at, ended, ended_why, ended_by
                           FROM dead_letters WHERE ended = 'discarded'"""
                    )
                ],
            )


async def _offsets(db: Connection) -> dict[tuple[str, TopicPartition], int]:
    rows = await db.fetch("SELECT consumer, topic, partition, next_offset FROM consumed_offsets")
    return {
        (row["consumer"], TopicPartition(row["topic"], row["partition"])): row["next_offset"] for row in rows
    }


async def _note(work: Work, positions: Mapping[TopicPartition, int]) -> None:
    await work.db.executemany(
        """INSERT INTO consumed_offsets VALUES ($1, $2, $3, $4)
           ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = excluded.next_offset""",
        [(ADOPTED, p.topic, p.partition, offset) for p, offset in positions.items()],
    )


def chunks(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    """The keys in order, in lists of at most ``size``."""
    all_of_them = list(keys)
    return (all_of_them[start : start + size] for start in range(0, len(all_of_them), size))


def _in_both(before: Comparison, again: Comparison) -> Comparison:
    tables = {}
    for table, now in again.tables.items():
        known = before.tables[table].keys()
        differing, missing, additional = (
            [key for key in keys if key in known] for keys in (now.differing, now.missing, now.additional)
        )
        under_way = len(now.keys()) - len({*differing, *missing, *additional})
        tables[table] = Difference(now.equal + under_way, differing, missing, additional)
    return Comparison(tables, [each for each in again.to_publish if each in set(before.to_publish)])
