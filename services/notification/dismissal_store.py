"""The dismissals that were published: written once, then read, until each is sealed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from reliefstream_contracts.dismissals import ConvictionDismissed, ConvictionSealed
from reliefstream_contracts.identifiers import ReliefId, SubjectId
from services.chassis.runtime.unit_of_work import Database
from services.notification.suppression.counts import case_numbers_of

FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Dismissal:
    """An event, whom it concerns, which the event does not say, and its traceparent."""

    event: ConvictionDismissed
    subject_id: SubjectId
    traceparent: str | None


async def add(db: Database, dismissals: Collection[Dismissal]) -> set[ReliefId]:
    """Writes the new ones and returns their ids.

    Of two replicas only one gets a relief returned.
    """
    rows = sorted(dismissals, key=lambda each: each.event.dismissal_id)
    events = [each.event for each in rows]
    written = await db.fetch(
        """
        INSERT INTO dismissals
            (relief_id, event_id, subject_id, county, published_at, event, traceparent, case_numbers)
        SELECT a, b, c, d, e, f, g, ARRAY(SELECT json_array_elements_text(h)) FROM unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::json[], $7::text[], $8::json[])
            AS new (a, b, c, d, e, f, g, h)
        ON CONFLICT (relief_id) DO NOTHING
        RETURNING relief_id
        """,
        [event.dismissal_id for event in events],
        [event.event_id() for event in events],
        [each.subject_id for each in rows],
        [event.county for event in events],
        [event.published_at for event in events],
        [event.to_json().decode() for event in events],
        [each.traceparent for each in rows],
        # Lists of unlike lengths.
        [msgspec.json.encode(case_numbers_of(event)).decode() for event in events],
    )
    return {ReliefId(row["relief_id"]) for row in written}


async def lock(db: Database, relief_ids: Sequence[ReliefId]) -> list[ConvictionDismissed]:
    """Those of the dismissals that are not sealed yet, locked in order until the commit."""
    rows = await db.fetch(
        """SELECT event FROM dismissals WHERE relief_id = ANY ($1::uuid[]) AND count_hashes IS NULL
           ORDER BY relief_id FOR UPDATE""",
        relief_ids,
    )
    return [ConvictionDismissed.from_json(row["event"]) for row in rows]


async def seal(db: Database, sealed: ConvictionSealed, hashes: Sequence[str]) -> None:
    """Puts that a conviction is sealed in the place of its dismissal; without hashes where the seal is gone by now."""
    await db.execute(
        """UPDATE dismissals SET event_id = $2, event = $3, published_at = $4,
               count_hashes = CASE WHEN seal_removed THEN '{}' ELSE $5::text[] END,
               subject_id = NULL, traceparent = NULL, case_numbers = '{}'
           WHERE relief_id = $1""",
        sealed.dismissal_id,
        sealed.event_id(),
        sealed.to_json().decode(),
        sealed.published_at,
        hashes,
    )


async def forget_hashes(db: Database, reliefs: Collection[ReliefId]) -> None:
    """Of these dismissals no count is recognised any more, nor of those of them that are still to be sealed here."""
    await db.execute(
        """UPDATE dismissals SET seal_removed = true,
               count_hashes = CASE WHEN count_hashes IS NOT NULL THEN '{}'::text[] END
           WHERE relief_id = ANY ($1)""",
        list(reliefs),
    )


async def of_subject(db: Database, subject_id: UUID) -> list[str]:
    """The events on this subject, as JSON texts, in the order of publication."""
    rows = await db.fetch(
        "SELECT event FROM dismissals WHERE subject_id = $1 ORDER BY published_at, relief_id", subject_id
    )
    return [row["event"] for row in rows]


async def page(db: Database, county: str | None, after: UUID, limit: int) -> tuple[list[str], UUID | None]:
    """Events as JSON texts in the order of their relief id, and where to go on; None: that was all."""
    rows = await db.fetch(
        """
        SELECT relief_id, event FROM dismissals
        WHERE relief_id > $1 AND ($3::text IS NULL OR county = $3) ORDER BY relief_id LIMIT $2
        """,
        after,
        limit,
        county,
    )
    last: UUID | None = rows[-1]["relief_id"] if len(rows) == limit else None
    return [row["event"] for row in rows], last


async def counts(db: Database) -> dict[str, Any]:
    """How many dismissals, with the sealed ones, in all and by county; how many deliveries, by status."""
    counties = await db.fetch("SELECT county, count(*) FROM dismissals GROUP BY county ORDER BY county")
    statuses = await db.fetch("SELECT status, count(*) FROM deliveries GROUP BY status")
    deliveries = {"waiting": 0, "delivered": 0, "dead": 0} | {row["status"]: row["count"] for row in statuses}
    return {
        "dismissals": sum(row["count"] for row in counties),
        "dismissals_by_county": {row["county"]: row["count"] for row in counties},
        "deliveries": deliveries,
    }
