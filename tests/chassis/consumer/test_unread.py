"""What stands on a topic and does not concern a service is passed over without a look at its content."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

import pytest
from pydantic import SecretStr

from services.chassis.consumer.dead_letters import Undecodable
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Delivery, Received, Work
from services.chassis.settings.service_settings import ServiceSettings
from tests.chassis.toy_service import Number

AT = datetime(2026, 11, 29, tzinfo=UTC)
WORK = cast("Work", None)


class Noise(Number):
    TYPE: ClassVar[str] = "toy.noise.v1"


class Reader:
    """A service that reads numbers and passes over noise, fed by hand."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        settings = ServiceSettings(kafka_bootstrap="nowhere:1", database_url=SecretStr("postgres://nowhere"))
        service = Service("reader", settings, SystemClock())
        service.consume(["toys"], [Number], self._read, unread=[Noise, Number])
        self._handler = service.inputs[0][0].handler

    async def _read(self, deliveries: Sequence[Delivery[Number]], _: Work) -> None:
        self.calls.append([delivery.event.value for delivery in deliveries])

    async def take(self, *records: Received) -> None:
        await self._handler(records, WORK)


def a_record(kind: str, value: bytes) -> Received:
    headers: Any = (("ce_type", kind.encode()), ("ce_source", b"/reliefstream/toys"))
    return Received("toys", 0, 1, "k", headers, value, AT)


def a_number(value: int) -> Received:
    return a_record(Number.TYPE, b'{"value": %d, "to": "out"}' % value)


async def test_events_of_a_type_that_is_not_read_are_left_out_whatever_they_hold() -> None:
    reader = Reader()
    await reader.take(a_number(1), a_record(Noise.TYPE, b"no JSON at all"), a_number(2))
    assert reader.calls == [[1, 2]]


async def test_a_batch_of_such_events_alone_never_reaches_the_handler() -> None:
    reader = Reader()
    await reader.take(a_record(Noise.TYPE, b"{}"))
    assert reader.calls == []


async def test_a_type_that_nobody_named_is_no_event_of_the_topic() -> None:
    with pytest.raises(Undecodable):
        await Reader().take(a_record("toy.stranger.v1", b"{}"))
