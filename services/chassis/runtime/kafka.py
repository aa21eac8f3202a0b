"""Whether Kafka can be reached, and which errors of its clients are transient."""

import asyncio

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import IllegalOperation, KafkaError

from services.chassis.runtime.telemetry import log
from services.chassis.settings.kafka_address import KafkaAddress


async def until_reachable(kafka: KafkaAddress, pause_s: float = 0.2) -> None:
    """Returns when a broker answers; while none does, it logs a warning and tries again.

    FastStream's broker would end the process instead, and a supervisor restarts it after ever longer pauses.
    """
    while True:
        client = AIOKafkaClient(**kafka.client_options())
        try:
            await client.bootstrap()
        except KafkaError as error:
            log().warning("waiting for Kafka", error=type(error).__name__)
        else:
            return
        finally:
            await client.close()
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, 5.0)


def passes(error: Exception) -> bool:
    """Whether a client may try again. aiokafka raises AssertionError when a broker goes away while a client starts, and
    IllegalOperation when a transaction has ended while messages are still sent in it: nothing of it counts."""
    return isinstance(error, KafkaError | OSError | TimeoutError | AssertionError | IllegalOperation)
