"""Entries of the ledger that go with what they are about."""

from collections.abc import Collection, Sequence
from typing import Any

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, SubjectId
from services.chassis.audit.erasing import erase_reasons
from services.chassis.runtime.unit_of_work import Work


async def forget_about(work: Work, subjects: Collection[SubjectId], counts: Collection[CountKey]) -> None:
    """The entries about these counts, under any id that the persons have or had."""
    rows = await work.db.fetch(
        """WITH RECURSIVE own AS (
               SELECT given AS subject_id FROM unnest($1::uuid[]) AS given
               UNION
               SELECT CASE WHEN subjects.subject_id = own.subject_id THEN retired_into ELSE subjects.subject_id END
               FROM own JOIN subjects ON retired_into IS NOT NULL
                   AND (subjects.subject_id = own.subject_id OR retired_into = own.subject_id))
           SELECT discrepancy_id, event FROM discrepancies WHERE subject_id IN (SELECT subject_id FROM own)""",
        list(subjects),
    )
    about = set(counts)
    entries = [
        row["discrepancy_id"]
        for row in rows
        if not about.isdisjoint(DiscrepancyChanged.model_validate_json(row["event"]).counts)
    ]
    await _erase(work, entries)


async def forget_naming(work: Work, records: Collection[str]) -> None:
    """The entries that name these records: of a doubtful identity, or as what resolved them."""
    rows = await work.db.fetch(
        "SELECT discrepancy_id FROM discrepancies WHERE records <> '{}' AND records && $1::text[]",
        list(records),
    )
    await _erase(work, [row["discrepancy_id"] for row in rows])


async def forget_of(work: Work, subjects: Collection[SubjectId]) -> None:
    """All entries that are filed under persons of whom nothing is left."""
    rows = await work.db.fetch(
        "SELECT discrepancy_id FROM discrepancies WHERE subject_id = ANY ($1)", list(subjects)
    )
    await _erase(work, [row["discrepancy_id"] for row in rows])


async def _erase(work: Work, entries: Sequence[Any]) -> None:
    for table in ("discrepancies", "discrepancy_acts"):
        await work.db.execute(f"DELETE FROM {table} WHERE discrepancy_id = ANY ($1)", entries)  # noqa: S608
    await erase_reasons(work.db, [f"discrepancy/{entry}" for entry in entries])
    for entry in sorted(entries):
        work.erase(DiscrepancyChanged.TOPIC, str(entry))
