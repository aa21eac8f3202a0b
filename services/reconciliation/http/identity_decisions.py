"""Stores a person's decision that two subjects, or records, are one person or two, and links again at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from reliefstream_contracts.identifiers import SubjectId
from services.chassis.identity.caller import Caller
from services.chassis.runtime.unit_of_work import Database, Work
from services.reconciliation.handlers import Linker
from services.reconciliation.linkage.identity.decisions import IdentityDecision
from services.reconciliation.store.decisions import keep_decisions
from services.reconciliation.store.records import successor

MOST_PAIRS = 10_000
NO_SIDE = "One side is no record's key and no subject's id of your counties; a side is one or the other."


class NotDecidable(Exception):
    """What is wrong with a decision; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Told:
    """Each side is a subject's id (retired: its successor) or a record's key."""

    one: str
    other: str
    same: bool
    by: str
    reason: str


async def decide(work: Work, linker: Linker, told: Told, caller: Caller) -> list[SubjectId]:
    """Stores a decision, replaces contrary ones about the same records, and returns the subjects of both sides.

    Two sides that are one person's need one pair of records; of two that are not, every pair is kept apart, but
    for records named on the other side. Raises NotDecidable.
    """
    ones, others = await _records(work.db, told.one), await _records(work.db, told.other)
    if not all(caller.reaches_any((key.split("/")[1], None) for key in side) for side in (ones, others)):
        raise NotDecidable(NO_SIDE)
    if len(ones) > 1 or len(others) > 1:
        # A record named for itself is apart from the rest of its own subject.
        named = {told.one, told.other}
        ones, others = (
            [key for key in ones if key not in named - {told.one}],
            [key for key in others if key not in named - {told.other}],
        )
    if not ones or not others or set(ones) & set(others):
        raise NotDecidable(
            "Both sides are the same records. To part a record from its subject, name the record and the subject."
        )
    if len(ones) * len(others) > MOST_PAIRS:
        raise NotDecidable(f"More than {MOST_PAIRS} pairs of records: name the records, not the subjects.")
    await _supersede(work, ones, others)
    pairs = [(ones[0], others[0])] if told.same else list(product(ones, others))
    decisions = sorted(IdentityDecision(min(pair), max(pair), told.same) for pair in pairs)
    await keep_decisions(work, decisions, by=told.by, reason=told.reason)
    await linker.link_anew(work, [*ones, *others])
    rows = await work.db.fetch(
        "SELECT DISTINCT subject_id FROM records WHERE record_key = ANY($1) AND subject_id IS NOT NULL",
        [*ones, *others],
    )
    return sorted(SubjectId(row["subject_id"]) for row in rows)


async def _records(db: Database, side: str) -> list[str]:
    """The live records of a side, sorted."""
    try:
        asked = SubjectId(UUID(side))
    except ValueError:
        row = await db.fetchrow("SELECT withdrawn FROM records WHERE record_key = $1", side)
        if row is None:
            raise NotDecidable(NO_SIDE) from None
        if row["withdrawn"]:
            raise NotDecidable("A withdrawn record is nobody's.") from None
        return [side]
    stored, _ = await successor(db, asked)
    if stored is None:
        raise NotDecidable("One side is an id that no subject has or had.")
    rows = await db.fetch(
        "SELECT record_key FROM records WHERE subject_id = $1 AND NOT withdrawn ORDER BY record_key",
        stored.subject_id,
    )
    return [row["record_key"] for row in rows]


async def _supersede(work: Work, ones: Sequence[str], others: Sequence[str]) -> None:
    """Ends what was decided about any record of one side with any of the other; it is kept."""
    await work.db.execute(
        """UPDATE link_decisions SET superseded_at = $3
           WHERE superseded_at IS NULL
             AND ((one = ANY($1) AND other = ANY($2)) OR (one = ANY($2) AND other = ANY($1)))""",
        list(ones),
        list(others),
        work.now,
    )
