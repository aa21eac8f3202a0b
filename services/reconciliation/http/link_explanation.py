"""Why one subject's records are one person's, and who else may be that person: recomputed, not stored."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.linkage.identity.decisions import Decided, IdentityDecision
from services.reconciliation.linkage.identity.explanation import likeness, likenesses
from services.reconciliation.linkage.identity.oversized_components import BY_ALL
from services.reconciliation.linkage.identity.persons import persons
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.store.affected_components import reach
from services.reconciliation.store.locked_records import stored_record


async def why(
    db: Database, live: Sequence[SourceRecord], model: Model[Description] | None
) -> dict[str, list[dict[str, Any]]]:
    """``likenesses``: links by resemblance with their evidence. ``undecided``: subjects that may be this person, with
    what speaks for it, for a person to decide. ``decisions``: what a person decided about these records."""
    keys = [record.key() for record in live]
    decisions = await db.fetch(
        """SELECT one, other, same, decided_by, reason, decided_at FROM link_decisions
           WHERE (one = ANY($1) OR other = ANY($1)) AND superseded_at IS NULL ORDER BY one, other""",
        keys,
    )
    found: dict[str, list[dict[str, Any]]] = {
        "likenesses": [],
        "undecided": [],
        "decisions": [dict(row) for row in decisions],
    }
    if model is None or not live:
        return found
    decided = Decided(IdentityDecision(row["one"], row["other"], row["same"]) for row in decisions)
    found["likenesses"] = [asdict(one) for one in likenesses(live, model, decided)]
    for other, records in (await _who_else(db, keys, model, decided)).items():
        alike = likeness(live, records, model)
        found["undecided"].append({"subject_id": other, **(asdict(alike) if alike else {})})
    return found


async def _who_else(
    db: Database, keys: Sequence[str], model: Model[Description], decided: Decided
) -> dict[str, list[SourceRecord]]:
    """Records of other subjects that resemble these and on which nobody has decided, by subject."""
    affected = await reach(db, {}, keys, model, ())
    rows = await db.fetch(
        "SELECT record_key, subject_id, type, body FROM records WHERE record_key = ANY($1) AND NOT withdrawn",
        # In an oversized component nobody is compared (linkage/identity/oversized_components.py).
        [key for key, level in affected.level.items() if level == BY_ALL],
    )
    subject_of = {row["record_key"]: str(row["subject_id"]) for row in rows}
    whole = persons(map(stored_record, rows), frozenset(affected.oversized), model, decided)
    theirs = {other for one in whole for own, other in one.resembling if own in keys}
    return {
        subject_of[one.records[0].key()]: list(one.records)
        for one in whole
        if theirs.intersection(record.key() for record in one.records)
    }
