"""How long a page of the queue takes with a hundred thousand reviews waiting, beside the barest SELECT of as many rows.

``python -m tests.harness.benchmarks.reviews`` makes its own database on a Postgres of its own. Rows are made by
COPY. Each query is measured after one that warms up; the median of nine counts.
"""

import argparse
import asyncio
import os
import random
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from deploy.local.layout import Layout
from deploy.local.supervision import control
from deploy.local.testing import start, stop
from services.chassis.identity.caller import Caller, Grant
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.relief.review import queue
from services.relief.review.queue import Filter
from services.relief.review.store import save_counts, save_questions
from tests.databases import temporary_database
from tests.servers import Servers

LOCAL = Path(__file__).parents[3] / ".local"
TODAY = date(2026, 11, 22)
CALLER = Caller("a-prosecutor", "person", (Grant("district_attorney", "los-angeles"),))
CITIES = ("Los Angeles", "Long Beach", "Burbank", "Torrance", "Pasadena")
REASONS = (
    "misdemeanor_of_city",
    "unknown_conviction_date",
    "unknown_level",
    "section_unreadable",
    "rare_reason",
)
SECTIONS = ("HS 11357(b)", "HS 11358", "HS 11359", "HS 11360(a)")
QUESTIONS = ("conviction_date", "level", "plants", "weight")
RARE = 5000
"""One review in so many has the rare value of each filter."""
COLUMNS = (
    "review_id", "anchor", "counts", "county", "subject_id", "section", "reason", "questions", "digest", "at_stake",
    "routed_to", "in_county", "office", "city", "state", "changed", "sequence", "opened_at", "due_on", "court",
    "claimed_by", "held_until",
)  # fmt: skip


def rows(number: int) -> list[tuple[Any, ...]]:
    dice = random.Random(16)
    return [_row(dice, at) for at in range(number)]


def _row(dice: random.Random, at: int) -> tuple[Any, ...]:
    count = f"doj/los-angeles/record-{at}/1"
    city = dice.choice(CITIES) if dice.random() < 0.7 else None
    office = "city_attorney" if city else "district_attorney"
    rare = at % RARE == 1
    reason = REASONS[-1] if rare else dice.choice(REASONS[:-1])
    opened = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=dice.randrange(300))
    return (
        UUID(int=dice.getrandbits(128)), count, [count], "los-angeles", UUID(int=dice.getrandbits(128)),
        "HS 11360(b)" if rare else dice.choice(SECTIONS), reason,
        ["rare_question"] if rare else [dice.choice(QUESTIONS)], f"{dice.getrandbits(256):064x}", "dismissal",
        office, "los-angeles", office, city, "prepared" if rare else "open" if at % 10 else "decided", [], 0,
        opened, opened.date() + timedelta(days=30), "Court 99" if rare else f"Court {dice.randrange(12)}",
        "someone" if at % 50 == 1 else None, TODAY + timedelta(days=9) if rare else None,
    )  # fmt: skip


async def fill(connection: "asyncpg.Connection[Any]", number: int) -> None:
    """Writes the reviews with what they ask, and what was prepared on some."""
    await connection.copy_records_to_table("reviews", records=rows(number), columns=COLUMNS)
    await connection.execute(
        """UPDATE reviews SET prepared = jsonb_build_object(
               'decision', 'dismissal', 'reason_code', 'file_reviewed', 'digest', digest, 'prepared_at', opened_at,
               'prepared_by', jsonb_build_object('role', office, 'account', 'someone')) WHERE state = 'prepared'"""
    )
    review_ids = await connection.fetchval("SELECT array_agg(review_id) FROM reviews")
    await save_counts(connection, review_ids)
    await save_questions(connection, review_ids)
    await connection.execute("VACUUM (FULL, ANALYZE) reviews")
    await connection.execute("VACUUM (ANALYZE) reviews, review_counts, review_questions")


async def took(query: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds, the median of nine after one."""
    times = []
    for _ in range(10):
        began = perf_counter()
        await query()
        times.append((perf_counter() - began) * 1000)
    return median(times[1:])


async def measure(url: str, number: int) -> None:
    database = Database(url, "relief", SystemClock())
    await database.open()
    async with database.pool.acquire() as filling:
        await fill(filling, number)
    async with as_caller(database.transaction, CALLER) as work:
        db = work.db
        raw = await took(lambda: db.fetch("SELECT * FROM reviews LIMIT 100"))
        print(f"{number} reviews; SELECT of any 100 rows: {raw:.1f} ms")
        every = Filter("los-angeles", TODAY)
        middle = (TODAY - timedelta(days=120), UUID(int=0))
        pages = {
            "a page": (every, None),
            "a page in the middle": (every, middle),
            "a page of one city": (every._replace(cities=("Burbank",)), None),
            "a page of a rare reason": (every._replace(reason=REASONS[-1]), None),
            "a page of a rare question": (every._replace(question="rare_question"), None),
            "a page of a rare section": (every._replace(section="HS 11360(b)"), None),
            "a page of a rare court": (every._replace(court="Court 99"), None),
            "a page of what is prepared": (every._replace(state="prepared"), None),
            "a page of what is held": (every._replace(held=True), None),
            "a page of a city, for the county": (every._replace(city="Burbank"), None),
            "a page of a question": (every._replace(question="plants"), None),
            "a page of a section and a question": (
                every._replace(section="HS 11358", question="plants"),
                None,
            ),
            "a page of a court, not on hold": (every._replace(court="Court 3", held=False), None),
            "a page of what is claimed": (every._replace(claimed=True), None),
        }
        for name, (asked, after) in pages.items():
            ms = await took(lambda asked=asked, after=after: queue.page(db, asked, after, 100))  # type: ignore[misc]
            print(f"{name:36} {ms:7.1f} ms   {ms / raw:6.1f} x")
        for name, asked in {
            "counts by every filter": every,
            "counts of one city's": every._replace(cities=("Burbank",)),
        }.items():
            ms = await took(lambda asked=asked: queue.counts(db, asked))  # type: ignore[misc]
            print(f"{name:36} {ms:7.1f} ms   {ms / raw:6.1f} x")
    await database.close()


def main(benchmark: Callable[[Servers], Coroutine[Any, Any, None]], name: str) -> None:
    """Runs a benchmark on servers of its own."""
    root = LOCAL / name
    control.down(Layout(root), lambda _: None) if root.exists() else None
    shutil.rmtree(root, ignore_errors=True)
    given = start(root, os.environ, jars=LOCAL / "kafka" / "libs")
    try:
        found = Servers(
            given.kafka_bootstrap, given.kafka_username, given.kafka_password, given.postgres_admin_dsn
        )
        asyncio.run(benchmark(found))
    finally:
        stop(root)
        shutil.rmtree(root, ignore_errors=True)


async def on_a_database_of_its_own(found: Servers, number: int) -> None:
    async with temporary_database(found, "relief") as made:
        await measure(made.url, number)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--reviews", type=int, default=100_000)
    main(partial(on_a_database_of_its_own, number=parser.parse_args().reviews), "bench-reviews")
