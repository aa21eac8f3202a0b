"""Intake from a county's topic."""

from collections.abc import Awaitable, Callable, Sequence

from services.chassis.runtime.work import Received, Work
from services.ingest.batch import record_batch
from services.ingest.core.message import from_topic
from services.ingest.profiles.counties import SendingCounties


def on_source_records(
    sending_counties: SendingCounties,
) -> Callable[[Sequence[Received], Work], Awaitable[None]]:
    """Takes what counties send on their own topics."""

    async def take(records: Sequence[Received], work: Work) -> None:
        await record_batch([from_topic(record) for record in records], work, sending_counties)

    return take
