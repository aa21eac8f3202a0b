"""Which dismissals are due to be sealed, and what the others wait for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountKey, CountyName, DiscrepancyId, ReliefId
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.unit_of_work import Database, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.lifecycle.transitions import Relief, Seal, sealed
from services.relief.set_aside import TRIED_AGAIN_AFTER, Rows, all_or_each

BEING_SEALED_AT_MOST = 200
AT_ONCE = 25
"""How many are being sealed, and how many of them begin in one transaction: every service links and judges their
persons again, and a county's record waits meanwhile (measured: docs/measurements.md, Sealing)."""
SECONDS_BETWEEN_FEW = 0.25
STALLED_AFTER = timedelta(minutes=5)
"""What is being sealed for longer waits for something else, and keeps no other from being sealed."""
LOOK_EVERY = timedelta(minutes=1)
"""How often is looked for what became due with time; where more is due, the next ones follow after
``SECONDS_BETWEEN_FEW``."""

SealWaitsFor = Literal["legal_hold", "discrepancy", "court_record", "doj_record", "person", "just_shown"]
Stage = SealWaitsFor | Literal["due", "being_sealed"]

DISMISSED = "state = 'ordered' AND kind = 'dismissal'"
COUNTS = """ARRAY(
    SELECT count_key FROM relief_counts WHERE relief_counts.relief_id = reliefs.relief_id
    UNION SELECT jsonb_array_elements_text(conviction -> 'counts')
    UNION SELECT other.count_key FROM relief_counts JOIN findings AS one USING (count_key)
          JOIN findings AS other USING (subject_id, conviction_id)
          WHERE relief_counts.relief_id = reliefs.relief_id)"""
"""SQL on ``reliefs``: the counts of the conviction: of its order, those that came later, and those of its
determination, some of which another relief on the same conviction may hold."""
_LAST_SHOWN = "greatest(ordered_at, acknowledged_by_court_at, acknowledged_by_doj_at)"
_WITH_COUNTS = f"""reliefs
    CROSS JOIN LATERAL (SELECT {COUNTS} AS every_count OFFSET 0) AS named
    CROSS JOIN LATERAL (SELECT
        EXISTS (SELECT FROM unnest(every_count) AS one WHERE one LIKE 'court/%') AS in_court,
        EXISTS (SELECT FROM unnest(every_count) AS one WHERE one LIKE 'doj/%') AS in_doj,
        EXISTS (SELECT FROM disputed_counts WHERE count_key = ANY (every_count)) AS disputed) AS held"""  # noqa: S608 - texts of our own
"""SQL: reliefs, each with its counts, who holds the conviction, and whether an open discrepancy is about it."""
_OF_COUNTY = f"""
    WITH own AS (SELECT relief_id, conviction FROM reliefs WHERE county = $2 AND {DISMISSED}),
    every AS (
        SELECT relief_id, count_key FROM own JOIN relief_counts USING (relief_id)
        UNION SELECT relief_id, jsonb_array_elements_text(conviction -> 'counts') FROM own
        UNION SELECT relief_id, other.count_key FROM own JOIN relief_counts USING (relief_id)
            JOIN findings AS one USING (count_key) JOIN findings AS other USING (subject_id, conviction_id)),
    open_ones AS (SELECT count_key, true AS disputed FROM disputed_counts)
    SELECT relief_id, bool_or(count_key LIKE 'court/%') AS in_court, bool_or(count_key LIKE 'doj/%') AS in_doj,
        coalesce(bool_or(disputed), false) AS disputed
    FROM every LEFT JOIN open_ones USING (count_key) GROUP BY relief_id"""  # noqa: S608 - texts of our own
"""SQL: the same of all dismissals of a county ($2), read at once."""

WAITS_FOR = f"""CASE
    WHEN legal_hold IS NOT NULL THEN 'legal_hold'
    WHEN discrepancy_open OR disputed THEN 'discrepancy'
    WHEN in_court AND acknowledged_by_court_at IS NULL THEN 'court_record'
    WHEN in_doj AND acknowledged_by_doj_at IS NULL THEN 'doj_record'
    WHEN told_on IS NULL AND (seal_after_days IS NULL
        OR {_LAST_SHOWN} > $1::timestamptz - make_interval(days => seal_after_days)) THEN 'person'
    WHEN {_LAST_SHOWN} > $1::timestamptz - interval '1 hour' THEN 'just_shown'
END"""
"""SQL on reliefs with ``_WITH_COUNTS`` or ``_OF_COUNTY``, and ``seal_after_days``: what an ordered dismissal waits for;
NULL: it is due to be sealed.

Each source that holds the conviction shows the relief, nothing about it is disputed or held, and the person was told or
had the county's time to ask. What was shown just now waits for what else may follow from that record. $1 is the time.
"""
_TIME_HAS_COME = f"""legal_hold IS NULL AND NOT discrepancy_open AND (told_on IS NOT NULL
    OR {_LAST_SHOWN} <= $1::timestamptz - make_interval(days => seal_after_days))"""
"""SQL: what a row itself says of ``WAITS_FOR``: most of those that wait are told by it, without their counts."""
_SHOWN = f"{DISMISSED} AND (acknowledged_by_court_at IS NOT NULL OR acknowledged_by_doj_at IS NOT NULL)"


@dataclass(slots=True)
class Sealing:
    """A job: seals what is due, while few others are being sealed."""

    counties: Counties
    clock: Clock
    _look_at: datetime | None = field(default=None, init=False)

    def has_to_look(self) -> bool:
        """Where the last look found more, or is a minute old."""
        return self._look_at is None or self.clock.now() >= self._look_at

    async def step(self, work: Work) -> bool:
        """Seals a few of those that are due. Returns False, so that the next ones wait a moment."""
        more = await seal_some(work, self.counties)
        self._look_at = None if more else work.now + LOOK_EVERY
        return False


async def seal_some(work: Work, counties: Counties) -> bool:
    """Seals as many that are due as may be sealed at a time; False: no more are due."""
    room = min(AT_ONCE, BEING_SEALED_AT_MOST - await _being_sealed(work))
    if room <= 0:
        return True
    rows = await work.db.fetch(
        f"""SELECT reliefs.*, every_count FROM {_WITH_COUNTS}
            JOIN unnest($2::text[], $3::int[]) AS file (county, seal_after_days) USING (county)
            WHERE {_SHOWN} AND {_TIME_HAS_COME} AND {WAITS_FOR} IS NULL AND NOT EXISTS (
                SELECT FROM set_aside WHERE set_aside.relief_id = reliefs.relief_id AND at > $4)
            ORDER BY relief_id LIMIT $5 FOR UPDATE OF reliefs SKIP LOCKED""",  # noqa: S608
        work.now,
        list(counties),
        [each.seal_after_days for each in counties.values()],
        work.now - TRIED_AGAIN_AFTER,
        room,
    )

    async def seal(some: Rows) -> None:
        steps = [sealed(store.relief_of(row), Seal(at=work.now), row["every_count"]) for row in some]
        await store.save(work.db, [relief for relief, _ in steps])
        for relief, event in steps:
            work.emit(event, store.carried(relief))

    if rows:
        await all_or_each(work, "sealing", rows, seal)
    return len(rows) == room


async def _being_sealed(work: Work) -> int:
    number: int = await work.db.fetchval(
        "SELECT count(*) FROM reliefs WHERE state = 'seal_due' AND (seal ->> 'at')::timestamptz > $1",
        work.now - STALLED_AFTER,
    )
    return number


class Which(NamedTuple):
    """Which dismissals of a county; None: any. ``after``: a relief's id, behind which the page begins."""

    stage: Stage | None = None
    case_number: str | None = None
    relief_id: UUID | None = None
    after: UUID = UUID(int=0)


async def dismissals(work: Work, county: CountyFile, asked: Which, limit: int) -> list[tuple[Relief, Stage]]:
    """The next dismissals of a county that are not sealed yet, by id, each with what it waits for."""
    rows = await work.db.fetch(
        f"""SELECT * FROM (
                SELECT reliefs.*, CASE WHEN state = 'seal_due' THEN 'being_sealed'
                    ELSE coalesce({WAITS_FOR}, 'due') END AS stage
                FROM {_WITH_COUNTS}, (SELECT $3::int AS seal_after_days) AS file
                WHERE county = $2 AND kind = 'dismissal' AND state IN ('ordered', 'seal_due')
                  AND relief_id > $4 AND ($5::text IS NULL OR case_number = $5)
                  AND ($6::uuid IS NULL OR relief_id = $6)) AS shown
            WHERE $7::text IS NULL OR stage = $7 ORDER BY relief_id LIMIT $8""",  # noqa: S608
        work.now,
        county.county,
        county.seal_after_days,
        asked.after,
        asked.case_number,
        asked.relief_id,
        asked.stage,
        limit,
    )
    return [(store.relief_of(row), row["stage"]) for row in rows]


class OpenEntry(NamedTuple):
    """An open discrepancy of the ledger."""

    discrepancy_id: DiscrepancyId
    kind: str


async def open_entries(db: Database, ids: Sequence[ReliefId]) -> dict[ReliefId, list[OpenEntry]]:
    """The open discrepancies about the convictions of these reliefs, by relief; of one that has none: nothing."""
    rows = await db.fetch(
        f"""SELECT DISTINCT relief_id, discrepancy_id, discrepancies.kind
            FROM reliefs CROSS JOIN LATERAL (SELECT {COUNTS} AS every_count OFFSET 0) AS named
                JOIN disputed_counts ON count_key = ANY (every_count) JOIN discrepancies USING (discrepancy_id)
            WHERE relief_id = ANY ($1) ORDER BY relief_id, 3, 2""",  # noqa: S608
        list(ids),
    )
    found: dict[ReliefId, list[OpenEntry]] = {}
    for row in rows:
        found.setdefault(row["relief_id"], []).append(OpenEntry(row["discrepancy_id"], row["kind"]))
    return found


async def counts_of(db: Database, relief_id: ReliefId) -> set[CountKey]:
    """All counts of the conviction that a relief is on; empty when there is no such relief."""
    found = await db.fetchval(f"SELECT {COUNTS} FROM reliefs WHERE relief_id = $1", relief_id)  # noqa: S608
    return set(found or ())


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
            FROM reliefs JOIN ({_OF_COUNTY}) AS held USING (relief_id),
                (SELECT $3::int AS seal_after_days) AS file GROUP BY 1""",  # noqa: S608
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
