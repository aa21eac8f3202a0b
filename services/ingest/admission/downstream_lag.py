"""The records that wait downstream of intake, from the consumer offsets at Kafka."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from prometheus_client import Gauge

from services.chassis.consumer.offsets import OffsetReader, offset_reader
from services.chassis.runtime.kafka import passes
from services.chassis.runtime.telemetry import log
from services.ingest.admission.fair_shares import InFlight
from services.ingest.admission.stalled_partitions import StalledPartitions

IN_FLIGHT = Gauge(
    "reliefstream_in_flight_records", "Records accepted by ingest and not yet processed by every service"
)
LIMIT = Gauge(
    "reliefstream_in_flight_limit_records", "Limit of the records in flight, at which ingest admits no more"
)
LOOK_EVERY_S = 0.5
REST_S = 1.0  # while no record is in flight
PATIENCE_S = 10.0


class Downstream:
    """Measures the records in flight while ``watch`` runs.

    While Kafka does not answer, the last figures stay and new records are added, so that intake stops by itself.
    """

    def __init__(
        self,
        in_flight: InFlight,
        client_options: dict[str, Any],
        consumers: Sequence[str],
        unpublished: Callable[[], Awaitable[int]],
    ) -> None:
        """``consumers``: consumer groups in the order of the flow; ``unpublished``: records in our own outbox."""
        self._in_flight, self._options, self._consumers = in_flight, client_options, consumers
        self._unpublished = unpublished
        self._stalled = StalledPartitions()

    async def watch(self) -> None:
        """Never returns."""
        while True:
            try:
                async with offset_reader(self._options) as kafka:
                    while True:
                        async with asyncio.timeout(PATIENCE_S):
                            await self._look(kafka)
                        await asyncio.sleep(LOOK_EVERY_S if self._in_flight.records else REST_S)
            except Exception as error:
                if not passes(error):
                    raise
                log().warning("records in flight are not measured", error=type(error).__name__)
            self._show()
            await asyncio.sleep(1)

    async def _look(self, kafka: OffsetReader) -> None:
        admitted, unpublished, at = self._in_flight.admitted, await self._unpublished(), time.monotonic()
        passed, waiting = 0, unpublished
        for number, consumer in enumerate(self._consumers):
            # A service that has never run has no offsets, and must not stop intake.
            told = await kafka.committed(consumer)
            ends = await kafka.ends(told)
            behind = {partition: (offset, ends[partition]) for partition, offset in told.items()}
            waiting += self._stalled.waiting(consumer, behind, at)
            if number == 0:
                passed = sum(told.values())
        self._in_flight.measured(waiting=waiting, passed=passed, admitted=admitted, at=time.monotonic())
        self._show()

    def _show(self) -> None:
        IN_FLIGHT.set(self._in_flight.records)
        LIMIT.set(self._in_flight.limit)
