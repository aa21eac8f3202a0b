"""How long the console's pages take with a hundred thousand reviews waiting, over HTTP on loopback.

``python -m tests.harness.benchmarks.console_pages`` makes a database on a Postgres of its own, and serves sign-in,
relief and the console by uvicorn in one process: browser, console and service share one core, so that more is measured
than a person waits. Each page is measured after one that warms up; the median and the slowest of nine are printed, and
beside them the median of the service's answers alone: the list, and the counts by filter.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import uvicorn

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountyName
from services.chassis.http.application import Application
from services.chassis.identity.directory import Account
from services.chassis.identity.endpoints import identity_router
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.console.app import build
from services.relief import app as relief
from services.relief.http.dependencies import Dependencies
from tests.console.conftest import settings
from tests.console.listening import free_port
from tests.console.provider import FakeProvider
from tests.databases import temporary_database
from tests.harness.benchmarks import reviews
from tests.harness.benchmarks.reviews import CALLER, TODAY
from tests.servers import Servers

QUEUE = "/counties/los-angeles/queue"
PAGES = {
    "the whole county's queue": f"{QUEUE}?office=",
    "the same, the longest waiting first": f"{QUEUE}?office=&sort=age",
    "the same by section": f"{QUEUE}?office=&sort=section",
    "the same by court": f"{QUEUE}?office=&sort=court",
    "the own office's": f"{QUEUE}?office=district_attorney",
    "one city's": f"{QUEUE}?office=city_attorney&city=Burbank",
    "a section and a question": f"{QUEUE}?section=HS+11358&question=plants",
    "a rare reason": f"{QUEUE}?reason={reviews.REASONS[-1]}",
    "what is to be signed": f"{QUEUE}?state=prepared",
    "what is claimed": f"{QUEUE}?claimed=yes",
    "who has how much": f"{QUEUE}/workload",
}


def answers(path: str) -> list[str]:
    """What the page asks the service for."""
    top = "/v1/counties/los-angeles/reviews"
    own, _, query = path.removeprefix(QUEUE).partition("?")
    if own:
        return [f"{top}{own}"]
    asked = parse_qsl(query)  # without what is empty: the page asks for every office so
    filters = urlencode([(name, value) for name, value in asked if name != "sort"])
    return [f"{top}?{urlencode([*asked, ('limit', 50)])}", f"{top}/counts?{filters}"]


class Everybody:
    """Every token is the prosecutor's."""

    async def of_token(self, _: str) -> Account:
        return Account(CALLER.account, "person", CALLER.grants)


@asynccontextmanager
async def served(application: Any, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await running


async def took(page: Callable[[], Awaitable[httpx.Response]]) -> tuple[float, float]:
    """Milliseconds: the median and the longest of nine after one."""
    times = []
    for _ in range(10):
        began = perf_counter()
        (await page()).raise_for_status()
        times.append((perf_counter() - began) * 1000)
    return median(times[1:]), max(times[1:])


async def measure(url: str, number: int) -> None:
    database = Database(url, "relief", SystemClock())
    await database.open()
    async with database.pool.acquire() as filling:
        await reviews.fill(filling, number)
    county = CountyFile.model_validate(
        {"county": "los-angeles", "policies": [{"from": date(2020, 1, 1), "policy": "statute"}]}
    )
    parts = Dependencies(
        database.transaction, {CountyName("los-angeles"): county}, SystemClock(TODAY), relief.new_id
    )
    service = Application("relief", [identity_router, *relief.ROUTERS], [parts], Everybody())
    at, behind, port = free_port(), free_port(), free_port()
    provider = FakeProvider(f"http://127.0.0.1:{at}", {"dana": []})
    given = settings(
        console_url=f"http://127.0.0.1:{port}",
        oidc_issuer=provider.issuer,
        relief_url=f"http://127.0.0.1:{behind}",
    )
    console = build(given, SystemClock(TODAY)).application
    async with (
        served(provider.application(), at),
        served(service, behind),
        served(console, port),
        httpx.AsyncClient(base_url=given.console_url, timeout=60, follow_redirects=True) as browser,
        httpx.AsyncClient(base_url=given.relief_url, headers={"Authorization": "Bearer x"}) as asking,
    ):
        asked = await browser.get(QUEUE)
        await browser.get(f"{asked.url}&account=dana")
        print(f"{number} reviews; milliseconds: median and slowest of nine, then the service's answers alone")
        for name, path in PAGES.items():
            middle, slowest = await took(partial(browser.get, path))
            alone = [(await took(partial(asking.get, each)))[0] for each in answers(path)]
            print(f"{name:40} {middle:7.0f} {slowest:7.0f}   {'  '.join(f'{one:5.0f}' for one in alone)}")
    await database.close()


async def on_a_database_of_its_own(found: Servers, number: int) -> None:
    async with temporary_database(found, "relief") as made:
        await measure(made.url, number)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--reviews", type=int, default=100_000)
    reviews.main(partial(on_a_database_of_its_own, number=parser.parse_args().reviews), "bench-console")
