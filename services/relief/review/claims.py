"""Claims that have expired: a review is free again when the county's days for a claim are over."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from services.chassis.runtime.unit_of_work import Work
from services.county_folders import Counties
from services.relief.review import store

AT_ONCE = 500


def expire_claims(counties: Counties) -> Callable[[Work], Awaitable[bool]]:
    """A job: releases what was claimed ``claim_days`` ago and waits; its history says so. True: there may be more."""

    async def job(work: Work) -> bool:
        rows = await work.db.fetch(
            """SELECT reviews.* FROM reviews
                   JOIN unnest($1::text[], $2::timestamptz[]) AS county (name, claimed_before) ON in_county = name
               WHERE state IN ('open', 'prepared') AND claimed_by IS NOT NULL AND claimed_at < claimed_before
               ORDER BY review_id LIMIT $3 FOR UPDATE OF reviews SKIP LOCKED""",
            list(counties),
            [work.now - timedelta(days=each.claim_days) for each in counties.values()],
            AT_ONCE,
        )
        free = [store.review_of(row).replace(claimed_by=None, claimed_at=None) for row in rows]
        await store.save(work.db, free)
        await store.record(work.db, [store.Done(each, "claim_expired") for each in free], work.now)
        return len(rows) == AT_ONCE

    return job
