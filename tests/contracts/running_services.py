"""The five services' HTTP applications on loopback, each on a database of its own, without Kafka."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from importlib import import_module
from pathlib import Path

import uvicorn
from pydantic import SecretStr

from services import SERVICES
from services.chassis.runtime.clock import SystemClock
from tests.accounts import every_office_file
from tests.databases import temporary_database
from tests.own_settings import OWN_SETTINGS
from tests.servers import Servers

OPERATOR = "operator-word"
COUNTY, COUNTY_TOKEN = "los-angeles", "county-word"


@contextmanager
def running_services(servers: Servers, folder: Path) -> Iterator[dict[str, str]]:
    """Service to base URL; the services run in a thread until the end."""
    (folder / "counties.json").write_text(json.dumps({COUNTY: COUNTY_TOKEN}))
    urls: dict[str, str] = {}
    started, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def run() -> None:
        try:
            async with AsyncExitStack() as stack:
                for name in SERVICES:
                    urls[name] = await stack.enter_async_context(_serving(name, servers, folder))
                started.set()
                await stop.wait()
        finally:
            started.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    started.wait()
    try:
        assert set(urls) == set(SERVICES), "a service did not start"
        yield urls
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


@asynccontextmanager
async def _serving(name: str, servers: Servers, folder: Path) -> AsyncIterator[str]:
    app = import_module(f"services.{name}.app")
    tokens = {"county_tokens_file": folder / "counties.json"} if name == "ingest" else {}
    async with temporary_database(servers, name) as made:
        settings = app.Settings(
            kafka_bootstrap="127.0.0.1:1",
            database_url=SecretStr(made.url),
            grants_file=every_office_file(folder, OPERATOR),
            **tokens,
            **OWN_SETTINGS.get(name, {}),
        )
        service = app.build(settings, SystemClock())
        await service.database.open()
        config = uvicorn.Config(service.application(), port=0, log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        server.capture_signals = nullcontext  # type: ignore[method-assign]
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
        await serving
        await service.database.close()
