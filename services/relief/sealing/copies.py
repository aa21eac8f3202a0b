"""Another source's copy of a conviction that came in while that one was being sealed, and was not linked to it.

Relief finds one of the same person by itself. Of another person, as far as was known when it came, intake says which
count it is, by its keyed hash. It may come while the conviction is still here, and is sealed with it; or later, and is
left out of what was determined, as intake has published its record without it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from reliefstream_contracts.case_numbers import with_and_without_defendant
from reliefstream_contracts.identifiers import CountKey, ReliefId, record_key_of
from reliefstream_contracts.relief import RelievedConviction
from reliefstream_contracts.sealing import ConvictionForgotten
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Database, Work
from services.relief import store
from services.relief.lifecycle.findings import Finding
from services.relief.sealing.erasing import PERSONS

FOUND_FOR = timedelta(days=2)
"""Longer than intake remembers what came lately."""
KEPT_FOR = timedelta(days=8)
"""How long what comes on a copy is left out once all is sealed: as long as tombstones live, than which no service may
be later (alert TombstonesExpire). Behind that the same number is another count's, should it come again."""
_SUBDIVISIONS = re.compile(r"\([^)]*\)")


async def copies_of(db: Database, ids: Sequence[ReliefId]) -> dict[ReliefId, set[CountKey]]:
    """The counts of such copies, by the relief that is being sealed; of the same persons, who are locked."""
    rows = await db.fetch(
        f"""WITH RECURSIVE {store.merged_from(PERSONS)}
            SELECT reliefs.relief_id, reliefs.conviction::text AS sealed, finding::text AS finding
            FROM reliefs JOIN merged ON merged.subject_id = (reliefs.conviction ->> 'subject_id')::uuid
            JOIN findings ON findings.subject_id = merged.survivor
            JOIN relief_counts AS came USING (count_key)
            WHERE reliefs.relief_id = ANY ($1)
            GROUP BY 1, 2, 3, seal HAVING min(came.first_seen) >= (seal ->> 'at')::timestamptz""",  # noqa: S608
        list(ids),
    )
    found: dict[ReliefId, set[CountKey]] = {}
    for row in rows:
        sealed = RelievedConviction.from_json(row["sealed"])
        finding = Finding.from_json(row["finding"])
        if is_copy(finding.conviction, sealed):
            found.setdefault(row["relief_id"], set()).update(finding.counts)
    return found


async def keep_copies(db: Database, reports: Iterable[ConvictionForgotten]) -> None:
    """Keeps which counts intake says are copies; a repeat changes nothing."""
    rows = sorted({(copy, one.relief_id) for one in reports for copy in one.copies})
    if rows:
        await db.execute(
            """INSERT INTO sealed_copies SELECT * FROM unnest($1::text[], $2::uuid[]) AS new (hash, relief_id)
               WHERE EXISTS (SELECT FROM reliefs WHERE reliefs.relief_id = new.relief_id) ON CONFLICT DO NOTHING""",
            [copy for copy, _ in rows],
            [relief_id for _, relief_id in rows],
        )


async def forget_copies(db: Database, removed: Sequence[ReliefId]) -> None:
    """Of seals that were taken away: what was a copy is a conviction again."""
    if removed:
        await db.execute("DELETE FROM sealed_copies WHERE relief_id = ANY ($1)", list(removed))


async def forget_old_copies(work: Work) -> bool:
    """A job: forgets the copies of what was sealed long ago. Returns False."""
    await work.db.execute(
        """DELETE FROM sealed_copies USING sealed_reliefs
           WHERE sealed_reliefs.relief_id = sealed_copies.relief_id AND sealed_at < $1""",
        work.now - KEPT_FOR,
    )
    return False


async def named_copies(
    db: Database, ids: Sequence[ReliefId], keyed_hash: KeyedHash
) -> dict[ReliefId, set[CountKey]]:
    """The counts of copies that intake named and that are here, by the relief that is being sealed: of records that
    came lately, and of its own records, which their source may have numbered anew long ago."""
    rows = await db.fetch("SELECT hash, relief_id FROM sealed_copies WHERE relief_id = ANY ($1)", list(ids))
    if not rows:
        return {}
    lately = await db.fetch(
        """SELECT count_key FROM relief_counts WHERE first_seen > now() - $1::interval
           UNION
           SELECT count_key FROM (
               SELECT DISTINCT regexp_replace(jsonb_array_elements_text(conviction -> 'counts'), '[^/]*$', '') AS record
               FROM reliefs WHERE relief_id = ANY ($2)) AS own
           JOIN relief_counts ON count_key >= record COLLATE "C"
               AND count_key < left(record, -1) || '0' COLLATE "C"  -- what follows the slash""",
        FOUND_FOR,
        list(ids),
    )
    here = {hashed: row["count_key"] for row in lately for hashed in keyed_hash.by_each_key(row["count_key"])}
    found: dict[ReliefId, set[CountKey]] = {}
    for row in rows:
        if row["hash"] in here:
            found.setdefault(row["relief_id"], set()).add(here[row["hash"]])
    return found


async def without_copies(db: Database, findings: Sequence[Finding], keyed_hash: KeyedHash) -> list[Finding]:
    """The findings without those on copies of what is sealed by now."""
    rows = await db.fetch(
        """SELECT hash FROM sealed_copies
           WHERE NOT EXISTS (SELECT FROM reliefs WHERE reliefs.relief_id = sealed_copies.relief_id)"""
    )
    gone = {row["hash"] for row in rows}
    if not gone:
        return list(findings)
    return [
        one
        for one in findings
        if gone.isdisjoint(hashed for count in one.counts for hashed in keyed_hash.by_each_key(count))
    ]


def is_copy(one: RelievedConviction, sealed: RelievedConviction) -> bool:
    """Whether it is the sealed conviction as another record shows it: case, section without subdivisions and day agree,
    and the two have no record in common, which would show two counts."""
    records = set(map(record_key_of, sealed.counts))
    return (
        one.county == sealed.county
        and records.isdisjoint(map(record_key_of, one.counts))
        and not _cases(one).isdisjoint(_cases(sealed))
        and _SUBDIVISIONS.sub("", one.section) == _SUBDIVISIONS.sub("", sealed.section)
        and not _days(one).isdisjoint(_days(sealed))
    )


def _cases(one: RelievedConviction) -> set[str]:
    written = (one.case_number, *one.source_case_numbers.values())
    return {number for each in written for number in with_and_without_defendant(each)}


def _days(one: RelievedConviction) -> set[date | None]:
    return {one.conviction_date, one.disposition_date} - {None}
