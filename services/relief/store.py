"""Findings, reliefs and the counts that tie them together, in Postgres.

Locks are taken in one order everywhere: subjects, then counts, then reliefs, then reviews, each sorted, then standing
orders. A count's row is written before any relief on it, so that two replicas that review the same count under two
subjects wait for each other there.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.identifiers import CountKey, ReliefId, ReviewId, SubjectId
from services.chassis.runtime.unit_of_work import Database, Trace
from services.relief.lifecycle.findings import Finding
from services.relief.lifecycle.transitions import Relief, State
from services.relief.review import store as review_store
from services.relief.review.review import Review

COLUMNS = ", ".join(Relief.__struct_fields__)
UPDATES = ", ".join(f"{name} = excluded.{name}" for name in Relief.__struct_fields__ if name != "relief_id")


@dataclass(frozen=True, slots=True)
class Known:
    """Every finding and relief that shares a count with given ones, directly or through others."""

    findings: list[Finding]
    reliefs: dict[ReliefId, Relief]
    held: dict[CountKey, ReliefId]
    reviews: dict[ReviewId, Review]


def relief_of(row: Any) -> Relief:
    """A row of ``reliefs`` as it was saved."""
    return Relief.of(dict(row))


def carried(relief: Relief) -> Trace | None:
    """The trace of the record behind a relief, for decisions of people; without its time of arrival."""
    return Trace(relief.traceparent) if relief.traceparent else None


async def lock_subjects(db: Database, subjects: Iterable[SubjectId]) -> dict[SubjectId, int]:
    """The stored version of each subject, 0 for a new one; locks them until the commit."""
    wanted = sorted(subjects)
    await db.execute("INSERT INTO subjects SELECT unnest($1::uuid[]), 0 ON CONFLICT DO NOTHING", wanted)
    rows = await db.fetch(
        "SELECT subject_id, version FROM subjects WHERE subject_id = ANY ($1) ORDER BY subject_id FOR UPDATE",
        wanted,
    )
    return {row["subject_id"]: row["version"] for row in rows}


async def forget_subjects(db: Database, subjects: Collection[SubjectId]) -> set[SubjectId]:
    """Forgets those of whom nothing is on record and no relief is left; so too whom they were merged into. Returns all
    whom it forgot."""
    gone: set[SubjectId] = set()
    while subjects:
        rows = await db.fetch(
            """DELETE FROM subjects WHERE subject_id = ANY ($1) AND gone
                   AND NOT EXISTS (SELECT FROM reliefs WHERE conviction ->> 'subject_id' = subjects.subject_id::text)
                   AND NOT EXISTS (SELECT FROM subjects AS other WHERE other.retired_into = subjects.subject_id)
               RETURNING subject_id, retired_into""",
            list(subjects),
        )
        gone |= {row["subject_id"] for row in rows}
        subjects = {row["retired_into"] for row in rows if row["retired_into"]}
    return gone


async def counts_judged(db: Database, subjects: Iterable[SubjectId]) -> set[CountKey]:
    """The counts that the subjects' last snapshots named."""
    rows = await db.fetch("SELECT count_key FROM findings WHERE subject_id = ANY ($1)", list(subjects))
    return {row["count_key"] for row in rows}


async def replace_findings(
    db: Database, snapshots: Sequence[DeterminationsChanged], findings: Sequence[Finding]
) -> None:
    """Puts the snapshots in the place of the subjects' last ones; a later version replaces the earlier whole."""
    subjects = [each.subject_id for each in snapshots]
    await db.execute(
        """UPDATE subjects SET version = new.version, retired_into = new.retired_into, gone = false
           FROM unnest($1::uuid[], $2::int[], $3::uuid[]) AS new (subject_id, version, retired_into)
           WHERE subjects.subject_id = new.subject_id""",
        subjects,
        [each.version for each in snapshots],
        [each.retired_into for each in snapshots],
    )
    await db.execute("DELETE FROM findings WHERE subject_id = ANY ($1)", subjects)
    bodies = [(each, each.to_json().decode()) for each in findings]
    rows = [(count, each, body) for each, body in bodies for count in each.counts]
    await db.execute(
        """INSERT INTO findings
           SELECT count_key, subject_id, conviction_id, finding::jsonb
           FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[])
                AS new (count_key, subject_id, conviction_id, finding)""",
        [count for count, _, _ in rows],
        [each.conviction.subject_id for _, each, _ in rows],
        [each.conviction_id for _, each, _ in rows],
        [body for _, _, body in rows],
    )


async def lock_around(db: Database, counts: Iterable[CountKey]) -> set[CountKey]:
    """Locks these counts and all that findings and reliefs tie to them; returns them all.

    No other transaction changes them until the commit. Rows that are found only once locks are held would be locked out
    of order, and two replicas could deadlock: so the locks are released, and all are taken again.
    """
    wanted = set(counts)
    while True:
        attempt = db.transaction()
        await attempt.start()
        await _lock_counts(db, wanted)
        reached = wanted | await _tied_to(db, wanted)
        if reached == wanted:
            await attempt.commit()
            return wanted
        await attempt.rollback()
        wanted = reached


async def known_around(
    db: Database,
    locked: set[CountKey],
    snapshots: Sequence[DeterminationsChanged] = (),
    found: Sequence[Finding] = (),
) -> Known:
    """What is known around the counts that ``lock_around`` returned; locks the reliefs.

    ``found``: all findings of the ``snapshots``, just written by ``replace_findings``; they are not read back.
    """
    others = await _findings_on(db, locked, [each.subject_id for each in snapshots])
    findings = sorted([*found, *others], key=_place)
    held = await _held_around(db, locked)
    reliefs = await lock_reliefs(db, set(held.values()))
    reviews = await review_store.lock_on(db, locked)
    return Known(findings, reliefs, held, reviews)


def _place(finding: Finding) -> tuple[int, int]:
    return finding.conviction.subject_id.int, finding.conviction_id.int


async def _lock_counts(db: Database, counts: Iterable[CountKey]) -> None:
    wanted = sorted(counts)
    await db.execute(
        "INSERT INTO relief_counts (count_key) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", wanted
    )
    await db.execute(
        "SELECT FROM relief_counts WHERE count_key = ANY ($1) ORDER BY count_key FOR UPDATE", wanted
    )


async def _tied_to(db: Database, counts: set[CountKey]) -> set[CountKey]:
    rows = await db.fetch(
        """SELECT other.count_key FROM findings AS one
           JOIN findings AS other USING (subject_id, conviction_id) WHERE one.count_key = ANY ($1)
           UNION
           SELECT other.count_key FROM relief_counts AS one
           JOIN relief_counts AS other USING (relief_id) WHERE one.count_key = ANY ($1)
           UNION
           SELECT other.count_key FROM ordered_counts AS one
           JOIN ordered_counts AS other USING (relief_id) WHERE one.count_key = ANY ($1)
           UNION
           SELECT other.count_key FROM review_counts AS one
           JOIN review_counts AS other USING (review_id) WHERE one.count_key = ANY ($1)""",
        list(counts),
    )
    return {row["count_key"] for row in rows}


async def _findings_on(db: Database, counts: set[CountKey], other_than: Sequence[SubjectId]) -> list[Finding]:
    rows = await db.fetch(
        """SELECT DISTINCT ON (subject_id, conviction_id) finding::text AS finding FROM findings
           WHERE count_key = ANY ($1) AND subject_id <> ALL ($2)""",
        list(counts),
        other_than,
    )
    return [Finding.from_json(row["finding"]) for row in rows]


async def _held_around(db: Database, counts: set[CountKey]) -> dict[CountKey, ReliefId]:
    rows = await db.fetch(
        """SELECT count_key, relief_id FROM relief_counts WHERE relief_id IN
           (SELECT relief_id FROM relief_counts WHERE count_key = ANY ($1)
            UNION SELECT relief_id FROM ordered_counts WHERE count_key = ANY ($1))""",
        list(counts),
    )
    return {row["count_key"]: row["relief_id"] for row in rows}


async def lock_reliefs(db: Database, relief_ids: Iterable[ReliefId]) -> dict[ReliefId, Relief]:
    """The reliefs of these ids that exist, locked until the commit."""
    rows = await db.fetch(
        "SELECT * FROM reliefs WHERE relief_id = ANY ($1) ORDER BY relief_id FOR UPDATE", sorted(relief_ids)
    )
    return {row["relief_id"]: relief_of(row) for row in rows}


async def find(db: Database, relief_id: ReliefId) -> Relief | None:
    """One relief, as it is now; None: there is none of this id, or the reader does not see it."""
    row = await db.fetchrow("SELECT * FROM reliefs WHERE relief_id = $1", relief_id)
    return relief_of(row) if row else None


async def save(
    db: Database, reliefs: Iterable[Relief], held: dict[CountKey, ReliefId | None] | None = None
) -> None:
    """Writes reliefs whole, and which relief these counts belong to; None: none any more."""
    reliefs = list(reliefs)
    bodies = [each.to_json().decode() for each in reliefs]
    if bodies:
        await db.execute(
            f"INSERT INTO reliefs ({COLUMNS}) "  # noqa: S608 - column names of our own
            f"SELECT {COLUMNS} FROM jsonb_populate_recordset(NULL::reliefs, $1::jsonb) "
            f"ON CONFLICT (relief_id) DO UPDATE SET {UPDATES}",
            f"[{','.join(bodies)}]",
        )
    ordered = [one for one in reliefs if one.state is State.ORDERED]
    if ordered:  # what an order was made on never changes
        await db.execute(
            "INSERT INTO ordered_counts SELECT * FROM unnest($1::text[], $2::uuid[]) ON CONFLICT DO NOTHING",
            [count for one in ordered for count in one.conviction.counts],
            [one.relief_id for one in ordered for _ in one.conviction.counts],
        )
    if held:
        await db.execute(
            """UPDATE relief_counts SET relief_id = new.relief_id
               FROM unnest($1::text[], $2::uuid[]) AS new (count_key, relief_id)
               WHERE relief_counts.count_key = new.count_key""",
            list(held.keys()),
            list(held.values()),
        )


def merged_from(subjects: str) -> str:
    """SQL to follow WITH RECURSIVE: ``merged`` has each of the subjects with itself and all whom it was merged into."""
    return f"""merged (subject_id, survivor) AS (
        SELECT given, given FROM ({subjects}) AS those (given)
        UNION
        SELECT merged.subject_id, retired_into FROM merged JOIN subjects ON subjects.subject_id = survivor
        WHERE retired_into IS NOT NULL)"""  # noqa: S608 - texts of our own


async def count_as_one(db: Database, retired: Collection[SubjectId]) -> None:
    """What is sealed of persons who were merged counts with those into whom they were."""
    if retired:
        await db.execute(
            f"""WITH RECURSIVE {merged_from("SELECT unnest($1::uuid[])")}
                UPDATE sealed_reliefs SET counted_as = whole.counted_as
                FROM subjects AS part JOIN merged ON merged.subject_id = part.subject_id
                JOIN subjects AS whole ON whole.subject_id = merged.survivor AND whole.retired_into IS NULL
                WHERE sealed_reliefs.counted_as = part.counted_as""",  # noqa: S608 - a text of our own
            list(retired),
        )


async def counts_held(db: Database, relief_id: ReliefId) -> set[CountKey]:
    """The counts of one relief; empty when there is no such relief."""
    rows = await db.fetch("SELECT count_key FROM relief_counts WHERE relief_id = $1", relief_id)
    return {row["count_key"] for row in rows}
