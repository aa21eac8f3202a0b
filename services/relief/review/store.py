"""Reviews and what was done with them, in Postgres. They are locked after counts and reliefs, sorted by id."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from reliefstream_contracts.identifiers import CountKey, ReviewId
from services.chassis.runtime.unit_of_work import Database
from services.relief.review.review import Review, ReviewState
from services.relief.review.review_steps import Author

COLUMNS = ", ".join(Review.__struct_fields__)
UPDATES = ", ".join(f"{name} = excluded.{name}" for name in Review.__struct_fields__ if name != "review_id")


class Done(NamedTuple):
    """One row of a review's history. ``by`` None: it followed from a determination."""

    review: Review
    act: str
    by: Author | None = None
    detail: Mapping[str, Any] = {}
    note: str | None = None
    key: str | None = None
    asked: str | None = None


def review_of(row: Any) -> Review:
    """A row of ``reviews`` as it was saved."""
    return Review.of(dict(row))


async def lock_on(db: Database, counts: Iterable[CountKey]) -> dict[ReviewId, Review]:
    """Locks the reviews on these counts until the commit."""
    rows = await db.fetch(
        """SELECT * FROM reviews
           WHERE review_id IN (SELECT review_id FROM review_counts WHERE count_key = ANY ($1))
           ORDER BY review_id FOR UPDATE""",
        list(counts),
    )
    return {row["review_id"]: review_of(row) for row in rows}


async def lock(db: Database, review_ids: Iterable[ReviewId]) -> dict[ReviewId, Review]:
    """Locks the reviews of these ids that exist until the commit."""
    rows = await db.fetch(
        "SELECT * FROM reviews WHERE review_id = ANY ($1) ORDER BY review_id FOR UPDATE", sorted(review_ids)
    )
    return {row["review_id"]: review_of(row) for row in rows}


async def counts_of(db: Database, review_ids: Iterable[ReviewId]) -> set[CountKey]:
    """The counts of these reviews."""
    rows = await db.fetch(
        "SELECT unnest(counts) AS count FROM reviews WHERE review_id = ANY ($1)", list(review_ids)
    )
    return {row["count"] for row in rows}


async def save(db: Database, reviews: Iterable[Review]) -> None:
    """Writes reviews whole, on which counts they are, and the questions of those that wait."""
    saved = list(reviews)
    bodies = [each.to_json().decode() for each in saved]
    if bodies:
        await db.execute(
            f"INSERT INTO reviews ({COLUMNS}) "  # noqa: S608 - column names of our own
            f"SELECT {COLUMNS} FROM jsonb_populate_recordset(NULL::reviews, $1::jsonb) "
            f"ON CONFLICT (review_id) DO UPDATE SET {UPDATES}",
            f"[{','.join(bodies)}]",
        )
        review_ids = [each.review_id for each in saved]
        await save_counts(db, review_ids)
        await save_questions(db, review_ids)


async def save_counts(db: Database, review_ids: Sequence[ReviewId]) -> None:
    """Writes anew on which counts these reviews are."""
    await db.execute(
        """DELETE FROM review_counts USING reviews
           WHERE review_counts.review_id = ANY ($1) AND reviews.review_id = review_counts.review_id
               AND count_key <> ALL (counts)""",
        review_ids,
    )
    await db.execute(
        """INSERT INTO review_counts SELECT unnest(counts), review_id FROM reviews WHERE review_id = ANY ($1)
           ON CONFLICT DO NOTHING""",
        review_ids,
    )


async def save_questions(db: Database, review_ids: Sequence[ReviewId]) -> None:
    """Writes anew which questions these reviews ask; none of one that does not wait."""
    await db.execute("DELETE FROM review_questions WHERE review_id = ANY ($1)", review_ids)
    await db.execute(
        """INSERT INTO review_questions (review_id, question, in_county)
           SELECT DISTINCT review_id, unnest(questions), in_county FROM reviews
           WHERE review_id = ANY ($1) AND state IN ('open', 'prepared')""",
        review_ids,
    )


async def record(db: Database, done: Sequence[Done], at: datetime) -> None:
    """Adds to the histories of reviews."""
    if not done:
        return
    await db.execute(
        """INSERT INTO review_acts (review_id, at, act, role, account, digest, detail, note, idempotency_key, asked)
           SELECT review_id, $1, act, role, account, digest, detail::jsonb, note, key, asked
           FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                   $10::text[])
               AS new (review_id, act, role, account, digest, detail, note, key, asked)""",
        at,
        [each.review.review_id for each in done],
        [each.act for each in done],
        [each.by.role if each.by else None for each in done],
        [each.by.account if each.by else None for each in done],
        [each.review.digest for each in done],
        [json.dumps(dict(each.detail)) for each in done],
        [each.note for each in done],
        [each.key for each in done],
        [each.asked for each in done],
    )


async def done_before(
    db: Database, review_ids: Iterable[ReviewId], account: str, key: str | None
) -> dict[ReviewId, str]:
    """The reviews with which this account has done what it named by this key, each with what was asked then."""
    if key is None:
        return {}
    rows = await db.fetch(
        """SELECT review_id, asked FROM review_acts
           WHERE review_id = ANY ($1) AND account = $2 AND idempotency_key = $3""",
        list(review_ids),
        account,
        key,
    )
    return {row["review_id"]: row["asked"] for row in rows}


async def history(db: Database, review_id: ReviewId) -> list[dict[str, Any]]:
    """What was done with one review, in order."""
    rows = await db.fetch(
        "SELECT at, act, role, account, detail, note FROM review_acts WHERE review_id = $1 ORDER BY id",
        review_id,
    )
    return [dict(row) for row in rows]


async def looks(db: Database, review_id: ReviewId) -> list[dict[str, Any]]:
    """Who was shown one review, how often and when last; the last first, at most 50."""
    rows = await db.fetch(
        """SELECT who AS account, role, count(*) AS times, max(at) AS last_at FROM audit_log
           WHERE object = $1 AND object LIKE 'review/%' AND outcome = 'shown'
           GROUP BY who, role ORDER BY last_at DESC LIMIT 50""",
        f"review/{review_id}",
    )
    return [dict(row) for row in rows]


def followed(before: Mapping[ReviewId, Review], after: Iterable[Review]) -> list[Done]:
    """What determinations did to reviews, for their histories; that one was opened first stands in itself."""
    out = []
    for each in after:
        known = before.get(each.review_id)
        if known and (known.state, known.why) != (each.state, each.why):
            act = {ReviewState.CLOSED: "closed", ReviewState.OPEN: "opened_again"}.get(
                each.state, "stands_again"
            )
            out.append(Done(each, act, detail={"why": each.why, "changed": list(each.changed)}))
    return out
