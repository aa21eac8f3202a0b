"""A service without a domain: each number that comes in is counted once and goes out doubled."""

import asyncio
import sys
from collections.abc import Sequence
from typing import ClassVar

from pydantic import SecretStr

from reliefstream_contracts.event import Event
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Delivery, Work
from services.chassis.settings.service_settings import ServiceSettings

MENDED = False
"""Whether the defect of negative numbers was mended."""


class Number(Event):
    TYPE: ClassVar[str] = "toy.number.v1"
    TOPIC: ClassVar[str] = "toy-out"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("toys",)
    value: int
    to: str

    def topic(self) -> str:
        return self.to

    def key(self) -> str:
        return str(self.value % 7)

    def identity(self) -> str:
        return str(self.value)


def build(settings: ServiceSettings, topic_in: str, topic_out: str) -> Service:
    service = Service(topic_in, settings, SystemClock())

    async def double(deliveries: Sequence[Delivery[Number]], work: Work) -> None:
        for delivery in deliveries:
            if delivery.event.value < 0 and not MENDED:
                raise ValueError("a defect: negative numbers")
            work.emit(Number(value=delivery.event.value * 2, to=topic_out), delivery.trace)
        await work.db.executemany(
            "INSERT INTO seen VALUES ($1)", [(delivery.event.value,) for delivery in deliveries]
        )

    service.consume([topic_in], [Number], double)
    return service


if __name__ == "__main__":
    bootstrap, username, password, url, topic_in, topic_out, instance = sys.argv[1:]
    asyncio.run(
        build(
            ServiceSettings(
                kafka_bootstrap=bootstrap,
                kafka_username=username or None,
                kafka_password=SecretStr(password),
                database_url=SecretStr(url),
                batch_max_records=50,
                instance=instance,
            ),
            topic_in,
            topic_out,
        ).run()
    )
