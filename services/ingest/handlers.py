"""The topic's door."""

from collections.abc import Awaitable, Callable, Sequence

from services.chassis.work import Received, Work
from services.ingest.batch import record_batch
from services.ingest.doors import Doors
from services.ingest.sending import from_topic


def on_source_records(doors: Doors) -> Callable[[Sequence[Received], Work], Awaitable[None]]:
    """Takes what counties send on their own topics."""

    async def take(records: Sequence[Received], work: Work) -> None:
        await record_batch([from_topic(record) for record in records], work, doors)

    return take
