"""The switch: a rebuilt database takes the place of the old one, with nothing lost and nothing published twice.

The old service must be stopped. All its events are published; then the numbering of its outbox is made negative, so
that a service started on it by mistake ends at once (``PositionAhead``): only the new database can publish from here.
That one is brought to the old one's offsets, differences go into its outbox as new versions, and its relay continues
the numbering. An interrupted switch is run again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zlib import crc32

from services.chassis.outbox import outbox
from services.chassis.outbox.relay import Relay
from services.chassis.rebuild.rebuild import ADOPTED, SETTLED_AT_ONCE, Rebuilding, chunks
from services.chassis.rebuild.rebuildable import CannotReplay
from services.chassis.rebuild.tables import copy_tables
from services.chassis.runtime.unit_of_work import Database

AUDIT = ("audit_log", "audit_texts", "audit_heads", "grants_seen", "token_uses")
"""Copied as they are: the chain goes on, its published heads still fit, and no grant is told a second time."""
STOPPED_WITHIN_S = 20.0
DRAINED_WITHIN_S = 120.0


async def take_over(rebuilding: Rebuilding) -> int:
    """Ends the old database and makes the new one ready to run; returns how many events differ and go out.

    The old service must be stopped. Raises CannotReplay, and leaves the old database as it was, when it still runs.
    """
    async with _alone(rebuilding) as db:
        number = await outbox.last_numbered(db)
        again = number < 0
        if not again:
            await db.execute("UPDATE relay_numbering SET last_batch = -1 - last_batch")
        try:
            differing = await _finish(rebuilding, -1 - number if again else number)
        except Exception:
            if not again:
                await db.execute(
                    "UPDATE relay_numbering SET last_batch = -1 - last_batch WHERE last_batch < 0"
                )
            raise
    return differing


async def stopped_and_published(rebuilding: Rebuilding) -> None:
    """Returns once all that the stopped service emitted is published. Raises CannotReplay when it still runs."""
    async with _alone(rebuilding):
        return


async def _finish(rebuilding: Rebuilding, number: int) -> int:
    new, replay = rebuilding.new, rebuilding.replay
    async with rebuilding.snapshot() as old:
        await rebuilding.catch_up(old)
        async with new.transaction() as work:
            keys = rebuilding.unsettled | dict.fromkeys(await replay.unsettled(work))
        differing = 0
        new.publishing = True
        for some in chunks(keys, SETTLED_AT_ONCE):
            async with new.transaction() as work:
                await replay.settle(work, some)
                differing += len(work.emitted)
        offsets = await old.fetch("SELECT consumer, topic, partition, next_offset FROM consumed_offsets")
        async with new.transaction() as work:
            await replay.finish(work)
            await copy_tables(old, work.db, AUDIT)
            await work.db.execute("DELETE FROM consumed_offsets WHERE consumer = $1", ADOPTED)
            await work.db.executemany(
                "INSERT INTO consumed_offsets VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                [tuple(r) for r in offsets],
            )
            await work.db.execute("UPDATE relay_numbering SET last_batch = $1", number)
    return differing


@asynccontextmanager
async def _alone(rebuilding: Rebuilding) -> AsyncIterator[Database]:
    """The old database with its relay's lock held and its outbox empty."""
    old, name = rebuilding.old, rebuilding.replay.service.name
    async with old.pool.acquire() as db:
        await _lock(db, name)
        try:
            if await outbox.last_numbered(db) >= 0 and await outbox.depth(db):
                await db.execute("SELECT pg_advisory_unlock($1)", crc32(b"relay"))
                await _drain(rebuilding)
                await _lock(db, name)
            yield db
        finally:
            if not db.is_closed():
                await db.execute("SELECT pg_advisory_unlock_all()")


async def _lock(db: Database, name: str) -> None:
    deadline = asyncio.get_running_loop().time() + STOPPED_WITHIN_S
    while not await db.fetchval("SELECT pg_try_advisory_lock($1)", crc32(b"relay")):
        if asyncio.get_running_loop().time() > deadline:
            raise CannotReplay(
                f"{name} still runs on its old database: stop all of its replicas, then switch again"
            )
        await asyncio.sleep(0.2)


async def _drain(rebuilding: Rebuilding) -> None:
    """Publishes what a killed service left in its outbox, as its relay would."""
    relay = Relay(rebuilding.replay.service.name, rebuilding.old, dict(rebuilding.kafka), limit=1)
    running = asyncio.create_task(relay.run())
    try:
        async with asyncio.timeout(DRAINED_WITHIN_S):
            async with rebuilding.old.pool.acquire() as db:
                while not running.done() and await outbox.depth(db):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        relay.draining.set()
        await running
    except TimeoutError:
        raise CannotReplay("the old outbox cannot be published: does Kafka answer?") from None
    finally:
        running.cancel()
