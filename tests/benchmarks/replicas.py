"""A second replica of every service beside the local ones, for as long as a measurement takes."""

import asyncio
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.addresses import read as read_addresses
from deploy.local.layout import Layout
from deploy.local.plan import Plan, base_environment, service_environment
from deploy.local.readiness import http_answers

PATIENCE_S = 60


@contextmanager
def second_replicas(layout: Layout, plan: Plan) -> Iterator[dict[str, int]]:
    """Their process ids by name, once all are ready; they end afterwards. Raises TimeoutError."""
    started: dict[str, subprocess.Popen[bytes]] = {}
    urls = []
    try:
        for service, command in plan.services.items():
            port = _free_port()
            urls.append(f"http://127.0.0.1:{port}")
            environment = base_environment(os.environ)
            environment |= service_environment(layout, plan, read_addresses(layout.root), service)
            environment |= {"RELIEFSTREAM_INSTANCE": f"{service}-1", "RELIEFSTREAM_HTTP_PORT": str(port)}
            with layout.log(f"{service}-1").open("ab") as log:
                started[f"{service}-1"] = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        asyncio.run(_ready(urls))
        yield {name: process.pid for name, process in started.items()}
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(60)


async def _ready(urls: list[str]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        for url in urls:
            while not await http_answers(url):  # noqa: ASYNC110
                await asyncio.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
