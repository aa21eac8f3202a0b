"""A service that waits for its servers stops when it is told to, as it does later; a mistake still ends it."""

import asyncio
import os
import signal
from contextlib import nullcontext

import asyncpg
import pytest
from pydantic import SecretStr

from deploy.local.addresses import is_free
from services.chassis.runtime import service as starting
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.service import Service, StartRefused
from services.chassis.runtime.telemetry import log
from services.chassis.settings.service_settings import ServiceSettings


@pytest.fixture
def service() -> Service:
    free = (each for each in range(21_000, 22_000) if is_free(each))
    closed, http = next(free), next(free)
    settings = ServiceSettings(
        kafka_bootstrap=f"127.0.0.1:{closed}",
        database_url=SecretStr(f"postgresql://toy:toy@127.0.0.1:{closed}/toy"),
        http_port=http,
    )
    return Service("toy", settings, SystemClock())


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[str]:
    """What services say that they wait for."""
    said: asyncio.Queue[str] = asyncio.Queue()
    monkeypatch.setattr(type(log()), "warning", lambda _, text, **__: said.put_nowait(text), raising=False)
    return said


@pytest.mark.parametrize("missing", ["the database", "Kafka"])
async def test_sigterm_ends_it_while_a_server_is_missing(
    missing: str, service: Service, waits: asyncio.Queue[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def opened() -> None: ...

    if missing == "Kafka":
        monkeypatch.setattr(service.database, "open", opened)
    running = asyncio.create_task(service.run())
    assert await waits.get() == f"waiting for {missing}"

    os.kill(os.getpid(), signal.SIGTERM)

    await asyncio.wait_for(running, 180)


async def test_what_no_waiting_mends_ends_it_at_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused() -> None:
        raise asyncpg.InvalidPasswordError

    monkeypatch.setattr(service.database, "open", refused)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncio.wait_for(service.run(), 180)


async def test_a_check_that_refuses_the_start_ends_it_before_anything_is_consumed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def reached(*_: object) -> None: ...

    async def refuse(_: object) -> None:
        raise StartRefused("a key is missing")

    monkeypatch.setattr(service.database, "open", reached)
    monkeypatch.setattr(service.database, "transaction", nullcontext)
    monkeypatch.setattr(starting, "until_reachable", reached)
    service.check_first(refuse)
    with pytest.raises(StartRefused, match="a key is missing"):
        await asyncio.wait_for(service.run(), 180)
