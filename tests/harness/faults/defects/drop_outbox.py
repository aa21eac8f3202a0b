"""The outbox does not outlive its process: what was committed and not yet published is forgotten."""

from services.chassis.outbox.relay import Relay


def apply() -> None:
    """A replica that starts throws away what waits, as a queue in memory would be gone."""
    publishing = Relay.run

    async def run(self: Relay) -> None:
        async with self._database.pool.acquire() as db:
            await db.execute("DELETE FROM outbox")
        await publishing(self)

    Relay.run = run  # type: ignore[method-assign]
