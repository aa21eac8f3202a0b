"""What was decided about pairs of records: one person's, or two persons'."""

from collections.abc import Sequence

from services.chassis.runtime.unit_of_work import Work
from services.reconciliation.linkage.identity.decisions import IdentityDecision, decision_key


async def keep_decisions(
    work: Work, decisions: Sequence[IdentityDecision], *, by: str, reason: str, only_where_none: bool = False
) -> list[IdentityDecision]:
    """Stores decisions, and returns those that it stored.

    ``only_where_none``: a pair about which something is decided keeps that; else the caller has superseded it.
    """
    if only_where_none:
        rows = await work.db.fetch(
            """SELECT one, other FROM link_decisions
               JOIN unnest($1::text[], $2::text[]) AS pair (one, other) USING (one, other)
               WHERE superseded_at IS NULL""",
            [one.one for one in decisions],
            [one.other for one in decisions],
        )
        decided = {(row["one"], row["other"]) for row in rows}
        decisions = [one for one in decisions if (one.one, one.other) not in decided]
    await work.db.executemany(
        """INSERT INTO link_decisions (one, other, same, decided_by, reason, decided_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        [(one.one, one.other, one.same, by, reason, work.now) for one in decisions],
    )
    held = [(decision_key(one), key) for one in decisions for key in (one.one, one.other)]
    await work.db.execute(
        """INSERT INTO record_identifiers (identifier, record_key)
           SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING""",
        [key for key, _ in held],
        [record for _, record in held],
    )
    return list(decisions)
