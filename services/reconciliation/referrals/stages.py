"""Where relief on a conviction stands, as relief's own events tell."""

from collections.abc import Collection, Iterable, Mapping

from reliefstream_contracts.event import Event
from reliefstream_contracts.identifiers import CountKey
from reliefstream_contracts.relief import (
    ReliefAcknowledged,
    ReliefChallenged,
    ReliefChallengeWithdrawn,
    ReliefEvent,
    ReliefOrdered,
    ReliefOverruled,
    ReliefProposalWithdrawn,
    ReliefProposed,
    ReliefSustained,
    ReviewDecided,
)
from services.chassis.runtime.unit_of_work import Database

RECEIVED = "received"
STAGES: Mapping[str, str] = {
    RECEIVED: "It is on record. No relief has been proposed: an office has still to decide, or the law gives none.",
    "proposed": "Relief is proposed and waits for the court's order.",
    "challenged": "The prosecution objects; the court has to rule. The public defender knows of it.",
    "refused": "The court sustained the prosecution's objection: no relief is given this way.",
    "ordered": "The court ordered relief; the records have still to show it.",
    "shown": "The court ordered relief, and a record shows it.",
    "petition": "The prosecutor leaves it to a petition of the person (HS 11361.8).",
    "held": "An office has put its decision off.",
    "referred": "It was referred to another office.",
}
"""Each stage, and what waits, in words for the person."""
OF_EVENT: Mapping[type[Event], str] = {
    ReliefProposed: "proposed",
    ReliefChallenged: "challenged",
    ReliefSustained: "refused",
    ReliefOverruled: "proposed",
    ReliefChallengeWithdrawn: "proposed",
    ReliefProposalWithdrawn: RECEIVED,
    ReliefOrdered: "ordered",
    ReliefAcknowledged: "shown",
}
OF_DECISION = {"petition": "petition", "hold": "held", "refer": "referred"}
"""Decisions of a review that no event of relief follows."""


def stage(event: Event) -> str | None:
    """The stage that an event leads to; None: to none."""
    if isinstance(event, ReviewDecided):
        return OF_DECISION.get(event.decision)
    return OF_EVENT.get(type(event))


async def follow(db: Database, events: Iterable[Event]) -> None:
    """Keeps the stage of each conviction by its counts; an event that is older than what is kept changes nothing."""
    newest: dict[CountKey, tuple[str, ReliefEvent | ReviewDecided]] = {}
    for event in events:
        if not isinstance(event, ReliefEvent | ReviewDecided) or (found := stage(event)) is None:
            continue
        for count in event.counts if isinstance(event, ReviewDecided) else event.conviction.counts:
            before = newest.get(count)
            if before is None or (before[1].at, before[1].sequence) <= (event.at, event.sequence):
                newest[count] = (found, event)
    rows = [
        (count, newest[count][0], newest[count][1].at, newest[count][1].sequence) for count in sorted(newest)
    ]
    if rows:
        await db.execute(
            """INSERT INTO relief_stages AS held
               SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[])
               ON CONFLICT (count_key) DO UPDATE
                   SET stage = excluded.stage, at = excluded.at, sequence = excluded.sequence
                   WHERE (held.at, held.sequence) <= (excluded.at, excluded.sequence)""",
            *map(list, zip(*rows, strict=True)),
        )


async def stages(db: Database, counts: Collection[CountKey]) -> dict[CountKey, str]:
    """The stage at each count that relief has told of, the latest last."""
    rows = await db.fetch(
        "SELECT count_key, stage FROM relief_stages WHERE count_key = ANY ($1) ORDER BY at, sequence",
        list(counts),
    )
    return {row["count_key"]: row["stage"] for row in rows}
