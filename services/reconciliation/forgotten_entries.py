"""Entries of the ledger that go with what they are about, and what only named it."""

from collections.abc import Collection, Sequence
from typing import Any

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, SubjectId, record_key_of
from services.chassis.audit.erasing import erase_reasons
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.unit_of_work import Work
from services.reconciliation import ledger
from services.reconciliation.store.records import subjects_of


async def forget_about(work: Work, counts: Collection[CountKey]) -> None:
    """The entries about these counts, also those that are filed under a person who had their records once."""
    named = await _naming(work, set(map(record_key_of, counts)))
    await _erase(work, [one for one in named if not set(counts).isdisjoint(one.counts)])


async def forget_naming(work: Work, keys: Collection[str]) -> None:
    """The entries about these records: of their counts, or of a doubtful identity of theirs. One that these records or
    statements only resolved is about something else: it stays, with what people did, and names them no more."""
    gone, entries = set(keys), await _naming(work, keys)
    about = [one for one in entries if not gone.isdisjoint(_about(one))]
    await _erase(work, about)
    await ledger.restate(work, [_without(one, gone) for one in entries if one not in about])


async def forget_of(work: Work, subjects: Collection[SubjectId]) -> None:
    """The entries that are filed under persons of whom nothing is left. One about records that turned out to be another
    person's is filed under that person."""
    rows = await work.db.fetch("SELECT event FROM discrepancies WHERE subject_id = ANY ($1)", list(subjects))
    entries = _entries(rows)
    subject_of = await subjects_of(work.db, {key for one in entries for key in _about(one)})
    others = [one for one in entries if _about(one) and _about(one) <= subject_of.keys()]
    await _erase(work, [one for one in entries if one not in others])
    moved = [one.replace(subject_id=subject_of[min(_about(one))]) for one in others]
    await ledger.restate(work, moved)


async def _naming(work: Work, keys: Collection[str]) -> list[DiscrepancyChanged]:
    rows = await work.db.fetch(
        "SELECT event FROM discrepancies WHERE records && $1::text[] ORDER BY discrepancy_id", sorted(keys)
    )
    return _entries(rows)


def _about(entry: DiscrepancyChanged) -> set[str]:
    """The keys of the records that it is about; none: it is about a person, or a statement."""
    return ledger.in_doubt(entry) | set(map(record_key_of, entry.counts))


def _without(entry: DiscrepancyChanged, gone: Collection[str]) -> DiscrepancyChanged:
    return entry.replace(resolved_by=tuple(each for each in entry.resolved_by if each not in gone))


def _entries(rows: Sequence[Any]) -> list[DiscrepancyChanged]:
    return [DiscrepancyChanged.from_json(row["event"]) for row in rows]


async def _erase(work: Work, entries: Sequence[DiscrepancyChanged]) -> None:
    ids = [one.discrepancy_id for one in entries]
    for table in ("discrepancies", "discrepancy_acts"):
        await work.db.execute(f"DELETE FROM {table} WHERE discrepancy_id = ANY ($1)", ids)  # noqa: S608
    await erase_reasons(work.db, [f"discrepancy/{one}" for one in ids])
    numbers = {one.key(): one.version for one in entries}
    await erased_numbers.erase(work, DiscrepancyChanged.TOPIC, numbers)
