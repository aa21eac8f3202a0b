"""That a state rap sheet had come for a person: it was erased with its last conviction, and other records remain.

Without it those would be judged as if no rap sheet had ever come. It stands with one of the records that remain, and
is the person's whose record that is.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import RapSheetRecorded
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.store.locked_records import stored_record

ErasedSheet = Literal["complete", "incomplete"]


async def keep(db: Database, erased: Collection[str], remaining: Mapping[SubjectId, str]) -> None:
    """Keeps it of these records, which are about to be erased. ``remaining``: of each subject a record that stays."""
    rows = await db.fetch(
        """SELECT subject_id, type, body, sheet FROM records LEFT JOIN erased_sheets USING (record_key)
           WHERE record_key = ANY ($1) AND NOT withdrawn""",
        list(erased),
    )
    found: dict[str, ErasedSheet] = {}
    for row in rows:
        record, kept = stored_record(row), row["sheet"]
        if isinstance(record, RapSheetRecorded):
            kept = "incomplete" if record.refused_rows else "complete"
        if kept and (there := remaining.get(row["subject_id"])):
            found[there] = "incomplete" if "incomplete" in (kept, found.get(there)) else kept
    await db.execute("DELETE FROM erased_sheets WHERE record_key = ANY ($1)", list(erased))
    await db.executemany(
        """INSERT INTO erased_sheets VALUES ($1, $2) ON CONFLICT (record_key) DO UPDATE SET sheet =
               CASE WHEN 'incomplete' IN (erased_sheets.sheet, excluded.sheet) THEN 'incomplete' ELSE 'complete' END""",
        sorted(found.items()),
    )


async def beside(db: Database, records: Collection[str]) -> Mapping[str, ErasedSheet]:
    """By those of the records with which it stands."""
    rows = await db.fetch(
        "SELECT record_key, sheet FROM erased_sheets WHERE record_key = ANY ($1)", list(records)
    )
    return {row["record_key"]: row["sheet"] for row in rows}


def of_person(records: Iterable[str], sheets: Mapping[str, ErasedSheet]) -> ErasedSheet | None:
    """What had come for the person of these records; None: nothing that was erased."""
    found = {sheets[key] for key in records if key in sheets}
    return "incomplete" if "incomplete" in found else "complete" if found else None
