"""Readiness checks: each is False for every way in which a server does not answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import asyncpg
import httpx
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.chassis.http.trusted import trusted
from services.chassis.settings.kafka_address import KafkaAddress

Ready = Callable[[], Awaitable[bool]]
PATIENCE_S = 10.0


@contextmanager
def quiet_client() -> Iterator[None]:
    """Silences aiokafka: a broker that does not answer yet is no error here, and passwords stay on loopback."""
    log = logging.getLogger("aiokafka")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


async def kafka_answers(kafka: KafkaAddress) -> bool:
    """Whether the broker lets this user in and lists its brokers."""
    with quiet_client():
        return await _describe_answers(kafka)


async def _describe_answers(kafka: KafkaAddress) -> bool:
    client = AIOKafkaAdminClient(**kafka.client_options(), request_timeout_ms=int(PATIENCE_S * 1000))
    try:
        async with asyncio.timeout(PATIENCE_S):
            await client.start()
            cluster = await client.describe_cluster()
            return bool(cluster["brokers"])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await client.close()


async def postgres_answers(dsn: str) -> bool:
    """Whether the database server lets this user in; raises on a wrong password, which no waiting cures."""
    try:
        connection = await asyncpg.connect(dsn, timeout=PATIENCE_S)
    except asyncpg.InvalidPasswordError:
        raise
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close()
    return True


async def http_answers(base_url: str) -> bool:
    """Whether GET /readyz of the service answers 200."""
    try:
        verify = trusted(base_url)
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S, verify=verify) as client:
            return (await client.get(f"{base_url}/readyz")).status_code == 200
    except httpx.HTTPError:
        return False


async def until(ready: Ready, every_s: float = 0.1) -> None:
    """Waits until `ready` returns True; the caller sets a limit with asyncio.timeout."""
    while not await ready():  # noqa: ASYNC110 - the answer is on another process's side
        await asyncio.sleep(every_s)
