"""The relay publishes without a transaction and does not ask what is out already."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer

from services.chassis.outbox import relay


class Unfenced(AIOKafkaProducer):  # type: ignore[misc]
    """A producer that no successor can fence; what it sends is visible at once."""

    def __init__(self, *, transactional_id: str, transaction_timeout_ms: int, **options: Any) -> None:
        super().__init__(**options, acks="all")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Nothing begins or ends."""
        yield


def apply() -> None:
    """A batch that was sent and not yet deleted is sent again by whoever comes after a crash."""

    async def nothing_is_out(self: relay.Relay) -> int:
        return 0

    relay.AIOKafkaProducer = Unfenced  # type: ignore[attr-defined]
    relay.Relay._position = nothing_is_out  # type: ignore[method-assign]
