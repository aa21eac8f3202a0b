"""What this consumer holds is not compared with what Postgres says: a zombie is not fenced."""

from services.chassis.consumer.consumption import Consumption
from services.chassis.runtime.unit_of_work import RawHandler, Received
from tests.harness.faults.defects.positions import ends_of, stored


def apply() -> None:
    """What was consumed by another, or by a commit whose answer was lost, is consumed again."""
    checked = Consumption._commit

    async def commit(self: Consumption, batch: list[Received], handler: RawHandler) -> None:
        async with self._database.transaction() as work:
            for partition in sorted(ends_of(batch)):
                self.held[partition] = await stored(work.db, self, partition)
        await checked(self, batch, handler)

    Consumption._commit = commit  # type: ignore[method-assign]
