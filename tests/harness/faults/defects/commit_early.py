"""The consumed offsets are committed before the effects, in a transaction of their own."""

from services.chassis.consumer.consumption import Consumption, Fenced
from services.chassis.runtime.unit_of_work import RawHandler, Received
from tests.harness.faults.defects.positions import ends_of, store, stored


def apply() -> None:
    """Whoever dies between the two transactions loses the batch."""
    effects = Consumption._commit

    async def commit(self: Consumption, batch: list[Received], handler: RawHandler) -> None:
        ends = ends_of(batch)
        async with self._database.transaction() as work:
            for partition in sorted(ends):
                if await stored(work.db, self, partition) != self.held.get(partition):
                    raise Fenced
                await store(work.db, self, partition, ends[partition])
        self.held |= ends
        await effects(self, batch, handler)

    Consumption._commit = commit  # type: ignore[method-assign]
