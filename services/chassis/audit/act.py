"""What a person or a machine did, written in the transaction of the act: both are committed, or neither."""

from dataclasses import dataclass

from services.chassis.runtime.unit_of_work import Work

WRITE = """
    WITH words AS MATERIALIZED (
        SELECT uuid_send(gen_random_uuid()) AS salt, $7::text AS text WHERE $7 IS NOT NULL
    ), written AS (
        INSERT INTO audit_log (at, who, role, act, object, outcome, why_hash)
        SELECT $1, $2, $3, $4, $5, $6, (SELECT sha256(salt || convert_to(text, 'UTF8')) FROM words)
        RETURNING id
    )
    INSERT INTO audit_texts (id, salt, text) SELECT id, salt, text FROM written, words
"""


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the audit log. Only ``why`` may hold a person's data: it can be erased, and the rest cannot."""

    who: str
    """The account, opaque."""
    role: str
    """The role that admitted it."""
    act: str
    """What was done, as the route's endpoint is named: ``enter_standing_order``."""
    object: str
    """The kind and the opaque id of what it was done to: ``relief/0197...``."""
    outcome: str = "done"
    """``done``, ``unchanged`` (it had been done before), ``refused``, ``failed`` or ``shown``."""
    why: str | None = None
    """The reason that was given, in free text; None: none was asked for."""


async def audited(work: Work, *acts: Act) -> None:
    """Writes a row for each act, in the transaction of ``work`` and at its time."""
    await work.db.executemany(
        WRITE, [(work.now, one.who, one.role, one.act, one.object, one.outcome, one.why) for one in acts]
    )
