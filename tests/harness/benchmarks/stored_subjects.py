"""``make bench``: reconciliation's throughput while its table grows.

``--subjects 20000,200000`` fills the service's database with so many fabricated subjects (stored_people.py), one size
after the other, and runs the service's own handler at each over fresh records, in batches and transactions as its
consumer does. The long form is ``make bench SUBJECTS=100000,1000000,3000000``: 20 GB of disk, half an hour.
"""

import argparse
import asyncio
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

from deploy.demo.timing import percentile
from deploy.local.layout import Layout
from deploy.local.supervision import control
from deploy.local.testing import start, stop
from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.reconciliation.handlers import Linker
from services.reconciliation.weights_file import load_model
from tests.databases import temporary_database
from tests.harness.benchmarks import raw_limits
from tests.harness.benchmarks.stored_filling import fill
from tests.harness.benchmarks.stored_people import people
from tests.servers import Servers

LOCAL = Path(__file__).parents[3] / ".local"
BATCH = 500
FRESH = 6000
TO_WARM_UP = 1000
"""What the pages and the plans of a service that has run for a while would be: not counted."""
NEARLY_EMPTY = 10_000
NEVER_STORED = 500_000_000
"""People from this number on are fresh at every size."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One size of the table. ``cpu``: milliseconds a record of the handler, and of Postgres."""

    subjects: int
    gigabytes: float
    rate: float
    cpu: tuple[float, float]
    batches: list[float]
    pages: tuple[float, float]
    """A record's, found in Postgres' own memory, and read."""
    log: float
    """Bytes of Postgres' log a record, right after a checkpoint: at their worst."""
    copied: float
    """Rows a second of COPY, of the same bytes into the same database."""


def fresh_records(stored: int, number: int) -> list[SourceRecord]:
    """Records to come at a table of so many people, in a mixed order, none of them like those at another size.

    In three equal parts: whole new persons, one more record of persons who are stored, records sent again revised.
    """
    dice, new = Random(stored), NEVER_STORED + stored
    found = [one.record() for person in people(new, new + number) for one in person]
    found = found[: number // 3]
    for n in range(number // 3):
        (*_, one) = people(one_of := dice.randrange(stored), one_of + 1)[0]
        record_id = f"{one.key.rpartition('/')[2]}-{stored + n}"
        # DOJ has one sheet of a person: what more comes is a court's.
        if one.description.source == "doj":
            found.append(one.record(2 + stored))
        else:
            found.append(one.record().replace(record_id=record_id))
    for _ in range(number - len(found)):
        person = people(one_of := dice.randrange(stored), one_of + 1)[0]
        found.append(dice.choice(person).record(2 + stored))
    dice.shuffle(found)
    return found


async def measure(url: str, postmaster: psutil.Process, subjects: int) -> Measured:
    """Runs fresh records through the handler as it stands at this size."""
    records = fresh_records(subjects, FRESH + TO_WARM_UP)
    linker, database = Linker(load_model()), Database(url, "reconciliation", SystemClock())
    await database.open()
    try:
        await _through(database, linker, records[:TO_WARM_UP])
        pages, log = await _pages(database), await _log(database)
        cpu, started = _cpu(postmaster), time.perf_counter()
        batches = await _through(database, linker, records[TO_WARM_UP:])
        took = time.perf_counter() - started
        used = [(after - before) / FRESH * 1000 for before, after in zip(cpu, _cpu(postmaster), strict=True)]
        touched = [
            (after - before) / FRESH for before, after in zip(pages, await _pages(database), strict=True)
        ]
        written = (await _log(database) - log) / FRESH
        async with database.pool.acquire() as db:
            size = await db.fetchval("SELECT pg_database_size(current_database())")
    finally:
        await database.close()
    bodies = [record.to_json() for record in records[TO_WARM_UP:]]
    copied = await raw_limits.copy(url, bodies, BATCH)
    return Measured(
        subjects,
        size / 1e9,
        FRESH / took,
        (used[0], used[1]),
        sorted(batches),
        (touched[0], touched[1]),
        written,
        copied,
    )


async def _through(database: Database, linker: Linker, records: Sequence[SourceRecord]) -> list[float]:
    """Seconds of each batch."""
    took = []
    for at in range(0, len(records), BATCH):
        started = time.perf_counter()
        async with database.transaction() as work:
            await linker.on_records([Delivery(record) for record in records[at : at + BATCH]], work)
        took.append(time.perf_counter() - started)
    return took


async def _pages(database: Database) -> tuple[int, int]:
    """Found in Postgres' own memory and read, so far."""
    await asyncio.sleep(1.5)  # a backend tells what it did once a second
    async with database.pool.acquire() as db:
        row = await db.fetchrow(
            "SELECT blks_hit, blks_read FROM pg_stat_database WHERE datname = current_database()"
        )
    return (row["blks_hit"], row["blks_read"]) if row else (0, 0)


async def _log(database: Database) -> float:
    async with database.pool.acquire() as db:
        return float(await db.fetchval("SELECT wal_bytes FROM pg_stat_wal"))


def _cpu(postmaster: psutil.Process) -> tuple[float, float]:
    """Seconds of CPU so far: of this process, and of Postgres with all its processes."""

    def seconds(process: psutil.Process) -> float:
        times = process.cpu_times()
        return float(times.user + times.system)

    return seconds(psutil.Process()), sum(map(seconds, [postmaster, *postmaster.children(recursive=True)]))


def table(measured: Sequence[Measured]) -> str:
    """Markdown, a row a size, the first the nearly empty one."""
    lines = [
        "| subjects stored | database | records/s | of the nearly empty table's | of COPY "
        "| CPU ms a record: service, Postgres | of the nearly empty table's "
        "| a batch of 500: half, slowest, ms | pages a record: in memory, read | log a record |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines.extend(
        f"| {one.subjects:,} | {one.gigabytes:.2f} GB | {one.rate:,.0f} | {one.rate / measured[0].rate:.0%} "
        f"| {one.rate / one.copied:.1%} | {one.cpu[0]:.2f}, {one.cpu[1]:.2f} "
        f"| {sum(one.cpu) / sum(measured[0].cpu):.0%} "
        f"| {(percentile(one.batches, 0.5) or 0) * 1000:.0f}, {one.batches[-1] * 1000:.0f} "
        f"| {one.pages[0]:.0f}, {one.pages[1]:.1f} | {one.log / 1000:.0f} KB |"
        for one in measured
    )
    return "\n".join(lines)


async def run(servers: Servers, postmaster: psutil.Process, sizes: Sequence[int], workers: int) -> None:
    """Fills, measures, prints; the database is dropped at the end."""
    async with temporary_database(servers, "reconciliation") as made:
        measured: list[Measured] = []
        filled = 0
        for size in (NEARLY_EMPTY, *sizes):
            started = time.perf_counter()
            await fill(made.url, filled, size, workers)
            filled = size
            print(f"{size:,} subjects stored after {time.perf_counter() - started:.0f} s", flush=True)
            measured.append(await measure(made.url, postmaster, size))
    print(table(measured), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subjects", default="20000,200000", help="sizes of the table, rising")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="that fill it (default: all cores)"
    )
    asked = parser.parse_args()
    root = LOCAL / "bench-subjects"
    control.down(Layout(root), lambda _: None) if root.exists() else None
    shutil.rmtree(root, ignore_errors=True)
    given = start(root, os.environ, jars=LOCAL / "kafka" / "libs")
    try:
        servers = Servers(
            given.kafka_bootstrap, given.kafka_username, given.kafka_password, given.postgres_admin_dsn
        )
        postmaster = _listening_on(given.postgres_port)
        sizes = sorted(int(size) for size in asked.subjects.split(","))
        asyncio.run(run(servers, postmaster, sizes, asked.workers))
    finally:
        stop(root)
        shutil.rmtree(root, ignore_errors=True)


def _listening_on(port: int) -> psutil.Process:
    for found in psutil.net_connections("tcp"):
        if found.laddr and found.laddr.port == port and found.status == psutil.CONN_LISTEN and found.pid:
            return psutil.Process(found.pid)
    raise RuntimeError(f"nobody listens on {port}")


if __name__ == "__main__":
    main()
