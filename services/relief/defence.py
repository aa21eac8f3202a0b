"""What defenders do about challenged relief: they answer, log contacts with the client, hand over on a conflict."""

from typing import Any, NamedTuple
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName, ReliefId
from services.chassis.runtime.unit_of_work import Database, Work

LAST_HAND_OVER = """(SELECT last FROM defence_acts AS last WHERE last.relief_id = reliefs.relief_id
    AND act = 'hand_over' ORDER BY id DESC LIMIT 1)"""


class KeyReused(Exception):
    """The key of an act came before with another act."""


class Done(NamedTuple):
    """One act. ``how`` and ``outcome``: of a contact. ``to_account``: of a hand-over; None: to nobody yet."""

    act: str
    text: str | None = None
    how: str | None = None
    outcome: str | None = None
    to_account: str | None = None


async def record(work: Work, relief_id: ReliefId, account: str, done: Done, key: str | None = None) -> bool:
    """Keeps the act; False where it is the answer that this account gave last, or came with this key before.

    Raises KeyReused.
    """
    if done.act == "answer":
        before = await work.db.fetchrow(
            "SELECT account, text FROM defence_acts WHERE relief_id = $1 AND act = 'answer' ORDER BY id DESC LIMIT 1",
            relief_id,
        )
        if before and (before["account"], before["text"]) == (account, done.text):
            return False
    kept: str | None = await work.db.fetchval(
        """INSERT INTO defence_acts (relief_id, at, account, idempotency_key, act, text, how, outcome, to_account)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING act""",
        relief_id,
        work.now,
        account,
        key,
        *done,
    )
    if kept is None:
        first = await work.db.fetchrow(
            """SELECT act, text, how, outcome, to_account FROM defence_acts
               WHERE relief_id = $1 AND account = $2 AND idempotency_key = $3""",
            relief_id,
            account,
            key,
        )
        if first is None or Done(*first) != done:
            raise KeyReused
    return kept is not None


async def acts(db: Database, relief_id: ReliefId) -> list[dict[str, Any]]:
    """All that defenders did about one relief, in order."""
    rows = await db.fetch("SELECT * FROM defence_acts WHERE relief_id = $1 ORDER BY id", relief_id)
    return [dict(row) for row in rows]


def is_kept_from(account: str, done: list[dict[str, Any]]) -> bool:
    """Whether the case was handed over on a conflict, and not to this account."""
    last = next((each for each in reversed(done) if each["act"] == "hand_over"), None)
    return last is not None and last["to_account"] != account


async def challenges(
    db: Database, county: CountyName, defender: str | None, after: UUID | None, limit: int
) -> list[Any]:
    """A page of the challenged reliefs of a county by id, each row with when it was answered and handed over.

    ``defender``: the account of one who sees none that was handed over to somebody else; None: all.
    """
    found: list[Any] = await db.fetch(
        f"""SELECT reliefs.*, ({LAST_HAND_OVER}).at AS handed_over_at,
                (SELECT max(at) FROM defence_acts WHERE relief_id = reliefs.relief_id AND act = 'answer') AS answered_at
            FROM reliefs
            WHERE county = $1 AND state = 'challenged' AND ($3::uuid IS NULL OR relief_id > $3)
              AND ($2::text IS NULL OR ({LAST_HAND_OVER}).id IS NULL OR ({LAST_HAND_OVER}).to_account = $2)
            ORDER BY relief_id LIMIT $4""",  # noqa: S608 - a query of our own
        county,
        defender,
        after,
        limit,
    )
    return found
