"""Which dismissals are due to be sealed, and what the others wait for."""

from typing import Literal, NamedTuple

from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.unit_of_work import Job, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.lifecycle.transitions import Seal, sealed
from services.relief.set_aside import TRIED_AGAIN_AFTER, Rows, all_or_each

CHUNK = 200

SealWaitsFor = Literal["legal_hold", "discrepancy", "court_record", "doj_record", "person", "just_shown"]

_COUNTS = """ARRAY(SELECT count_key FROM relief_counts WHERE relief_counts.relief_id = reliefs.relief_id
    UNION SELECT jsonb_array_elements_text(conviction -> 'counts'))"""
"""SQL: the counts of the order, and those that came later and belong to the relief."""
_SHOWN_BY = f"""(acknowledged_by_{{0}}_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM unnest({_COUNTS}) AS one WHERE one LIKE '{{0}}/%'))"""
_LAST_SHOWN = "greatest(ordered_at, acknowledged_by_court_at, acknowledged_by_doj_at)"

WAITS_FOR = f"""CASE
    WHEN legal_hold IS NOT NULL THEN 'legal_hold'
    WHEN discrepancy_open OR EXISTS (
        SELECT FROM open_discrepancies WHERE open AND counts && {_COUNTS}) THEN 'discrepancy'
    WHEN NOT {_SHOWN_BY.format("court")} THEN 'court_record'
    WHEN NOT {_SHOWN_BY.format("doj")} THEN 'doj_record'
    WHEN told_on IS NULL AND (seal_after_days IS NULL
        OR {_LAST_SHOWN} > $1::timestamptz - make_interval(days => seal_after_days)) THEN 'person'
    WHEN {_LAST_SHOWN} > $1::timestamptz - interval '1 hour' THEN 'just_shown'
END"""
"""SQL on ``reliefs`` beside ``seal_after_days``: what an ordered dismissal waits for; NULL: it is due to be sealed.

Each source that holds the conviction shows the relief, nothing about it is disputed or held, and the person was told or
had the county's time to ask. What was shown just now waits for what else may follow from that record. $1 is the time.
"""
_DISMISSED = "state = 'ordered' AND kind = 'dismissal'"
_SHOWN = f"{_DISMISSED} AND (acknowledged_by_court_at IS NOT NULL OR acknowledged_by_doj_at IS NOT NULL)"


def seal_what_is_due(counties: Counties) -> Job:
    """A job: seals what is due, some hundred at a time."""
    days = {each.county: each.seal_after_days for each in counties.values()}

    async def job(work: Work) -> bool:
        rows = await work.db.fetch(
            f"""SELECT reliefs.*, {_COUNTS} AS own_counts FROM reliefs
                JOIN unnest($2::text[], $3::int[]) AS file (county, seal_after_days) USING (county)
                WHERE {_SHOWN} AND {WAITS_FOR} IS NULL AND NOT EXISTS (
                    SELECT FROM set_aside WHERE set_aside.relief_id = reliefs.relief_id AND at > $4)
                ORDER BY relief_id LIMIT {CHUNK} FOR UPDATE OF reliefs SKIP LOCKED""",  # noqa: S608
            work.now,
            list(days.keys()),
            list(days.values()),
            work.now - TRIED_AGAIN_AFTER,
        )

        async def seal(some: Rows) -> None:
            for row in some:
                relief, event = sealed(store.relief_of(row), Seal(at=work.now), row["own_counts"])
                await store.save(work.db, [relief])
                work.emit(event, store.carried(relief))

        if rows:
            await all_or_each(work, "sealing", rows, seal)
        return len(rows) == CHUNK

    return job


class Stages(NamedTuple):
    """How many dismissals of a county wait to be sealed, by what for; are due; are being sealed; are sealed."""

    waiting: dict[SealWaitsFor, int]
    due: int
    being_sealed: int
    sealed: int


async def stages_of(work: Work, county: CountyName, seal_after_days: int | None) -> Stages:
    """The dismissals of a county on their way to be sealed."""
    rows = await work.db.fetch(
        f"""SELECT coalesce({WAITS_FOR}, 'due') AS stage, count(*) AS number
            FROM reliefs, (SELECT $3::int AS seal_after_days) AS file
            WHERE county = $2 AND {_DISMISSED} GROUP BY 1""",  # noqa: S608
        work.now,
        county,
        seal_after_days,
    )
    found = {row["stage"]: row["number"] for row in rows}
    return Stages(
        due=found.pop("due", 0),
        waiting=found,
        being_sealed=await work.db.fetchval(
            "SELECT count(*) FROM reliefs WHERE county = $1 AND state = 'seal_due'", county
        ),
        sealed=await work.db.fetchval("SELECT count(*) FROM sealed_reliefs WHERE county = $1", county),
    )
