"""A second replica of every service beside the local ones, for as long as a measurement takes."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from deploy.local.layout import Layout
from deploy.local.plan import reliefstream_plan
from deploy.local.servers.readiness import http_answers
from tests.harness.arrival_orders.replica import Replica

PATIENCE_S = 60


@contextmanager
def second_replicas(layout: Layout) -> Iterator[dict[str, int]]:
    """Their process ids by name, once all are ready; they end afterwards. Raises TimeoutError."""
    plan = reliefstream_plan(layout, None, {})
    with ExitStack() as stack:
        started: dict[str, Replica] = {}
        for service in plan.services:
            started[f"{service}-1"] = replica = Replica(layout, plan, service)
            stack.callback(replica.end)
        asyncio.run(_ready([replica.url for replica in started.values()]))
        yield {name: replica.pid for name, replica in started.items()}


async def _ready(urls: list[str]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        for url in urls:
            while not await http_answers(url):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
