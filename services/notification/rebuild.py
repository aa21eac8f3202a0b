"""Notification's database from relief-v1 and the counties' dismissals; subscriptions and deliveries from the old one.

A dismissal that is out stays as it stands on the topic, and is never published again. What is left of a sealed one
comes from the old database: its hashes are on no topic.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from reliefstream_contracts.dismissals import ConvictionDismissed, ConvictionSealed
from reliefstream_contracts.event import header
from reliefstream_contracts.relief import RELIEF_TOPIC_EVENTS, ReliefEvent, ReliefOrdered, ReliefSealDue
from services import counties
from services.chassis.rebuild.tables import Compared, copy_tables
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Database, Received, Work
from services.notification.handlers import Notifying
from services.notification.settings import NotificationSettings
from services.notification.webhooks import delivery_store

SEALED = """SELECT relief_id, event_id, county, published_at, event, count_hashes FROM dismissals
            WHERE count_hashes IS NOT NULL"""
OUT: dict[str | None, type[ConvictionDismissed] | type[ConvictionSealed]] = {
    one.TYPE: one for one in (ConvictionDismissed, ConvictionSealed)
}


class Rebuilt:
    """Notification's part of a rebuild."""

    given = ()
    compared: Mapping[str, Compared] = {
        "dismissals": Compared("relief_id::text", "event_id, subject_id, county, published_at, event::text")
    }

    def __init__(self, settings: NotificationSettings, clock: Clock) -> None:
        self.published = tuple(
            ConvictionDismissed.TOPIC.format(county=county) for county in counties(settings.counties_dir)
        )
        self.service = Service("notification", settings, clock)
        handler = Notifying(settings.keyed_hash).on_relief
        self.service.consume(
            [ReliefEvent.TOPIC], [ReliefOrdered, ReliefSealDue], handler, unread=RELIEF_TOPIC_EVENTS
        )

    async def forget(self, work: Work) -> None:
        """Makes the table of what is published, empty."""
        await work.db.execute("DROP TABLE IF EXISTS replay_published")
        await work.db.execute(
            """CREATE TABLE replay_published (
                   relief_id uuid PRIMARY KEY, published_at timestamptz NOT NULL, event json NOT NULL)"""
        )

    async def adopt(self, work: Work, published: Sequence[Received]) -> None:
        """Each dismissal as it was published."""
        out = [
            (OUT[header(each.headers, "ce_type")].from_json(each.value), each.value.decode())
            for each in published
            if not each.is_tombstone()
        ]
        await work.db.executemany(
            """INSERT INTO replay_published VALUES ($1, $2, $3::text::json) ON CONFLICT (relief_id)
               DO UPDATE SET published_at = excluded.published_at, event = excluded.event""",
            [(event.dismissal_id, event.published_at, text) for event, text in out],
        )

    async def take_over(self, work: Work, old: Database) -> None:
        """Gives each dismissal that is out the text and the time that it has there; the sealed ones as the old database
        has them, and then the deliveries, which refer to them."""
        await work.db.execute("DELETE FROM deliveries")
        sealed = [tuple(row) for row in await old.fetch(SEALED)]
        await work.db.execute("DELETE FROM dismissals WHERE relief_id = ANY ($1)", [row[0] for row in sealed])
        await work.db.executemany(
            """INSERT INTO dismissals (relief_id, event_id, county, published_at, event, count_hashes)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            sealed,
        )
        await work.db.execute(
            """UPDATE dismissals SET published_at = out.published_at, event = out.event
               FROM replay_published AS out
               WHERE dismissals.relief_id = out.relief_id AND dismissals.event::text <> out.event::text"""
        )
        await copy_tables(old, work.db, ("subscriptions", "deliveries"))

    async def unsettled(self, work: Work) -> list[str]:
        """Reliefs that were ordered and whose dismissal is not out."""
        rows = await work.db.fetch(
            """SELECT relief_id FROM dismissals LEFT JOIN replay_published AS out USING (relief_id)
               WHERE out.relief_id IS NULL ORDER BY relief_id"""
        )
        return [str(row["relief_id"]) for row in rows]

    async def settle(self, work: Work, keys: Sequence[str]) -> None:
        """Publishes these dismissals, and queues them for whoever subscribes."""
        rows = await work.db.fetch(
            """SELECT relief_id, event FROM dismissals
               WHERE relief_id = ANY($1) AND relief_id NOT IN (SELECT relief_id FROM replay_published)""",
            [*map(UUID, keys)],
        )
        for row in rows:
            event = ConvictionDismissed.from_json(row["event"])
            event = event.replace(published_at=work.now)
            await work.db.execute(
                "UPDATE dismissals SET published_at = $2, event = $3::text::json WHERE relief_id = $1",
                row["relief_id"],
                work.now,
                event.to_json().decode(),
            )
            work.emit(event)
        await delivery_store.queue(work.db, [row["relief_id"] for row in rows], work.now)

    async def finish(self, work: Work) -> None:
        """Drops the table of what is published."""
        await work.db.execute("DROP TABLE replay_published")
