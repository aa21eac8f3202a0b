"""One look at everything: each service's metrics over HTTP, and at Kafka what its readers have still to read."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from aiokafka.errors import KafkaError

from services import SERVICES
from services.chassis.consumer.consumer_lag import Unread, unread
from services.chassis.consumer.offsets import OffsetReader, offset_reader, service_of
from services.cli.client.addresses import Addresses
from services.cli.monitoring.figures import Scrape, scrape

EVERY_S = 1.0
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen; a service that did not answer is not in ``scrapes``."""

    at: datetime
    scrapes: Mapping[str, Scrape]
    ready: Mapping[str, bool]
    kafka: bool
    unread: Sequence[Unread] = ()
    replicas: Mapping[str, int] = field(default_factory=dict)
    """Processes of each service that read a topic now."""

    def missing(self) -> list[str]:
        """The servers that do not answer or are not ready."""
        return [*([] if self.kafka else ["kafka"]), *(name for name in SERVICES if not self.ready.get(name))]


class Looking:
    """Looks again and again with the same clients; Kafka is tried anew at each look while it does not answer."""

    def __init__(self, found: Addresses) -> None:
        self._found = found
        self._http = httpx.AsyncClient(timeout=PATIENCE_S, verify=found.verify())
        self._stack = AsyncExitStack()
        self._kafka: OffsetReader | None = None

    async def close(self) -> None:
        """Gives the connections back."""
        await self._http.aclose()
        await self._stack.aclose()

    async def look(self) -> Look:
        """Never raises for a server that is missing."""
        loop = asyncio.get_running_loop()
        answers, kafka = await asyncio.gather(self._services(loop.time), self._readers())
        at = datetime.now(UTC)
        scrapes = {name: found for name, (found, _) in answers.items() if found}
        ready = {name: is_ready for name, (_, is_ready) in answers.items()}
        if kafka is None:
            return Look(at, scrapes, ready, kafka=False)
        return Look(at, scrapes, ready, True, *kafka)

    async def _services(self, now: Callable[[], float]) -> dict[str, tuple[Scrape | None, bool]]:
        async def one(name: str) -> tuple[Scrape | None, bool]:
            url = self._found.urls.get(name)
            if url is None:
                return None, False
            try:
                metrics, ready = await asyncio.gather(
                    self._http.get(f"{url}/metrics"), self._http.get(f"{url}/readyz")
                )
                return scrape(metrics.text, now()), ready.is_success
            except (httpx.HTTPError, httpx.InvalidURL, ValueError):
                return None, False

        found = await asyncio.gather(*(one(name) for name in SERVICES))
        return dict(zip(SERVICES, found, strict=True))

    async def _readers(self) -> tuple[list[Unread], dict[str, int]] | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                if self._kafka is None:
                    self._kafka = await self._stack.enter_async_context(
                        offset_reader(self._found.kafka.client_options())
                    )
                return await unread(self._kafka, SERVICES), await _replicas(self._kafka)
        except (KafkaError, OSError, TimeoutError):
            self._kafka = None
            await self._stack.aclose()
            return None


async def two_looks(found: Addresses) -> list[Look]:
    """Two looks a second apart, as one alone tells no rate."""
    looking = Looking(found)
    try:
        first = await looking.look()
        await asyncio.sleep(EVERY_S)
        return [first, await looking.look()]
    finally:
        await looking.close()


async def _replicas(reader: OffsetReader) -> dict[str, int]:
    """The most members that any of a service's groups has."""
    found = dict.fromkeys(SERVICES, 0)
    for group in await reader.groups(SERVICES):
        service = service_of(group)
        found[service] = max(found[service], await reader.members(group))
    return found
