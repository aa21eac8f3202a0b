"""Relief in, dismissals out: exactly one a relief, and one waiting delivery for each matching subscription."""

from collections.abc import Sequence

from reliefstream_contracts.event import Event
from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import ReliefOrdered
from services.chassis.runtime.unit_of_work import Delivery, Trace, Work
from services.notification import dismissal_store
from services.notification.dismissal import dismissal
from services.notification.dismissal_store import Dismissal
from services.notification.webhooks import delivery_store


async def on_relief(deliveries: Sequence[Delivery[Event]], work: Work) -> None:
    """Publishes what was ordered. A relief that was published before, in whatever order, adds nothing."""
    ordered: dict[ReliefId, tuple[Dismissal, Trace | None]] = {}
    for each in deliveries:
        if isinstance(each.event, ReliefOrdered):
            found = Dismissal(
                dismissal(each.event, work.now),
                each.event.conviction.subject_id,
                each.trace and each.trace.parent,
            )
            ordered.setdefault(each.event.relief_id, (found, each.trace))
    if not ordered:
        return
    new = await dismissal_store.add(work.db, [found for found, _ in ordered.values()])
    for relief_id, (found, trace) in ordered.items():
        if relief_id in new:
            work.emit(found.event, trace)
    await delivery_store.queue_dismissals(work.db, new, work.now)
