"""Relief in, dismissals out: exactly one a relief, and one waiting delivery for each matching subscription.

What is sealed takes its dismissal's place: on the topic, in the table and with whoever subscribes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reliefstream_contracts.dismissals import ConvictionSealed
from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import ReliefEvent, ReliefOrdered, ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten, SealRemoved
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Delivery, Trace, Work
from services.notification import dismissal_store
from services.notification.dismissal import dismissal
from services.notification.dismissal_store import Dismissal
from services.notification.suppression.sealed_counts import hashes_of
from services.notification.webhooks import delivery_store


@dataclass(frozen=True, slots=True)
class Notifying:
    """The handler, with what hashes the counts of a sealed dismissal."""

    hashing: KeyedHash

    async def on_relief(self, deliveries: Sequence[Delivery[ReliefEvent]], work: Work) -> None:
        """Publishes what was ordered, and seals what is to be sealed. A repeat, in whatever order, adds nothing."""
        await _publish(deliveries, work)
        due = sorted({each.event.relief_id for each in deliveries if isinstance(each.event, ReliefSealDue)})
        if not due:
            return
        sealed = []
        for event in await dismissal_store.lock(work.db, due):
            instead = ConvictionSealed(
                dismissal_id=event.dismissal_id, county=event.county, published_at=work.now
            )
            await dismissal_store.seal(work.db, instead, hashes_of(event, self.hashing))
            work.emit(instead)
            sealed.append(event.dismissal_id)
        await delivery_store.end_waiting(work.db, sealed)
        await delivery_store.queue(work.db, sealed, work.now)
        for relief_id in due:
            work.emit(ConvictionForgotten(relief_id=relief_id, service="notification"))


async def on_seal_removed(deliveries: Sequence[Delivery[SealRemoved]], work: Work) -> None:
    """Nobody has to suppress these counts any more."""
    await dismissal_store.forget_hashes(work.db, [each.event.relief_id for each in deliveries])


async def _publish(deliveries: Sequence[Delivery[ReliefEvent]], work: Work) -> None:
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
    await delivery_store.queue(work.db, new, work.now)
