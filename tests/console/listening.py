"""The console and the provider of tests on ports of this machine, for a real browser."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Host, Mount

from services.chassis.runtime.clock import SystemClock
from services.console.app import build
from tests.console.conftest import ACCOUNTS, settings
from tests.console.provider import FakeProvider
from tests.console.services import FakeServices


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def listening_console(services: FakeServices) -> Iterator[str]:
    """Its address."""
    port, at = free_port(), free_port()
    issuer, url = f"http://127.0.0.1:{at}", f"http://127.0.0.1:{port}"
    provider = FakeProvider(issuer, ACCOUNTS)
    behind = Starlette(routes=[Host("127.0.0.1", provider.application()), Mount("/", services.application())])
    console = build(settings(console_url=url, oidc_issuer=issuer), SystemClock(), httpx.ASGITransport(behind))
    with _served(provider.application(), at), _served(console.application, port):
        yield url


@contextmanager
def _served(application: object, port: int) -> Iterator[None]:
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_config=None, lifespan="off")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.01)
    yield
    server.should_exit = True
    running.join(10)
