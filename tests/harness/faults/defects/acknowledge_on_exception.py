"""A batch that fails is acknowledged like one that succeeded."""

import asyncio

from services.chassis.consumer.consumption import Consumption, Fenced
from services.chassis.runtime.unit_of_work import RawHandler, Received
from tests.harness.faults.defects.positions import ends_of, store

PAUSE_S = 0.2


def apply() -> None:
    """Whatever fails in passing, such as a connection that was cut, loses its batch."""
    commit_or_raise = Consumption._commit

    async def commit(self: Consumption, batch: list[Received], handler: RawHandler) -> None:
        try:
            await commit_or_raise(self, batch, handler)
        except Fenced:
            raise
        except Exception:
            await _acknowledge(self, batch)

    Consumption._commit = commit  # type: ignore[method-assign]


async def _acknowledge(self: Consumption, batch: list[Received]) -> None:
    ends = ends_of(batch)
    while not self.stopping:
        try:
            async with self._database.transaction() as work:
                for partition in sorted(ends):
                    await store(work.db, self, partition, ends[partition])
        except Exception:  # Postgres is still away
            await asyncio.sleep(PAUSE_S)
        else:
            self.held |= ends
            return
