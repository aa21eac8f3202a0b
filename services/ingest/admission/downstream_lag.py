"""What waits downstream of intake: asked of Kafka, where each service says how far it is."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from prometheus_client import Gauge

from services.chassis.consumer.offsets import OffsetReader, offset_reader
from services.chassis.runtime.kafka import passes
from services.chassis.runtime.telemetry import log
from services.ingest.admission.fair_shares import Flow
from services.ingest.admission.stalled_partitions import Standing

UNDER_WAY = Gauge(
    "reliefstream_flow_under_way_records", "Records accepted by ingest and not yet processed by every service"
)
LIMIT = Gauge(
    "reliefstream_flow_limit_records", "Limit of the records under way, at which ingest admits no more"
)
LOOK_EVERY_S = 0.5
REST_S = 1.0  # while nothing is under way
PATIENCE_S = 10.0


class Downstream:
    """Measures the flow for as long as it runs.

    While Kafka does not answer, the last figures stand, and what comes in counts on top: intake stops by itself.
    """

    def __init__(
        self,
        flow: Flow,
        client_options: dict[str, Any],
        readers: Sequence[str],
        unpublished: Callable[[], Awaitable[int]],
    ) -> None:
        """``readers``: consumer groups in the order of the flow; ``unpublished``: records in our own outbox."""
        self._flow, self._options, self._readers = flow, client_options, readers
        self._unpublished = unpublished
        self._standing = Standing()

    async def watch(self) -> None:
        """Never returns."""
        while True:
            try:
                async with offset_reader(self._options) as kafka:
                    while True:
                        async with asyncio.timeout(PATIENCE_S):
                            await self._look(kafka)
                        await asyncio.sleep(LOOK_EVERY_S if self._flow.under_way else REST_S)
            except Exception as error:
                if not passes(error):
                    raise
                log().warning("the flow is not measured", error=type(error).__name__)
            self._show()
            await asyncio.sleep(1)

    async def _look(self, kafka: OffsetReader) -> None:
        admitted, unpublished, at = self._flow.admitted, await self._unpublished(), time.monotonic()
        passed, waiting = 0, unpublished
        for number, reader in enumerate(self._readers):
            # A service that has never run has told nothing, and holds nobody up.
            told = await kafka.committed(reader)
            ends = await kafka.ends(told)
            behind = {partition: (offset, ends[partition]) for partition, offset in told.items()}
            waiting += self._standing.waiting(reader, behind, at)
            if number == 0:
                passed = sum(told.values())
        self._flow.measured(waiting=waiting, passed=passed, admitted=admitted, at=time.monotonic())
        self._show()

    def _show(self) -> None:
        UNDER_WAY.set(self._flow.under_way)
        LIMIT.set(self._flow.limit)
