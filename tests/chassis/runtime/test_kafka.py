"""A service that starts before its broker waits for it."""

import asyncio
import socket
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from pydantic import SecretStr

from services.chassis.runtime import kafka
from services.chassis.settings.service_settings import ServiceSettings

SETTINGS = ServiceSettings(
    kafka_bootstrap="127.0.0.1:1", database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none")
)


async def test_waits_for_a_broker_that_is_not_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [KafkaConnectionError(), KafkaConnectionError(), None]
    closed = 0

    class Client:
        def __init__(self, **options: Any) -> None:
            assert options["bootstrap_servers"] == ["127.0.0.1:1"]

        async def bootstrap(self) -> None:
            if (error := answers.pop(0)) is not None:
                raise error

        async def close(self) -> None:
            nonlocal closed
            closed += 1

    monkeypatch.setattr(kafka, "AIOKafkaClient", Client)
    await kafka.until_reachable(SETTINGS.kafka, pause_s=0)
    assert not answers
    assert closed == 3


async def test_a_refused_connection_is_waited_out_and_not_raised() -> None:
    with socket.socket() as taken:  # bound and not listening: every connection is refused
        taken.bind(("127.0.0.1", 0))
        settings = SETTINGS.model_copy(update={"kafka_bootstrap": f"127.0.0.1:{taken.getsockname()[1]}"})
        waiting = asyncio.create_task(kafka.until_reachable(settings.kafka, pause_s=0.01))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
        waiting.cancel()


@pytest.mark.parametrize(
    "error", [KafkaConnectionError(), ConnectionResetError(), TimeoutError(), AssertionError()]
)
def test_what_a_client_meets_when_a_broker_goes_away_passes(error: Exception) -> None:
    assert kafka.passes(error)
    assert not kafka.passes(ValueError())
