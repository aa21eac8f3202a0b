"""Records are erased, and nothing else changes: where they alone told two persons apart, that is decided first.

Without them the two would be linked, or in doubt: two rap sheets are two persons, and one sheet and a case need not be.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations, groupby, product

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.unit_of_work import Database, Delivery, Work
from services.reconciliation import ledger
from services.reconciliation.handlers import Linker
from services.reconciliation.linkage.identity.decisions import IdentityDecision
from services.reconciliation.store.decisions import keep_decisions
from services.reconciliation.store.locked_records import stored_record
from services.reconciliation.store.records import subjects_of

PINNED_BY = "sealing"
Group = list[str]
"""The keys of records that were two persons' or more."""


async def unlink(work: Work, linker: Linker, keys: Sequence[str], remaining: Mapping[str, SubjectId]) -> None:
    """Links the persons of these records as if they were withdrawn, with everyone else as before.

    ``remaining``: the other records of these persons, and whose they are. What a person decided stands.
    """
    while True:
        emitted, attempt = len(work.emitted), work.db.transaction()
        await attempt.start()
        await _withdraw(work, linker, keys)
        joined = await _joined(work.db, remaining)
        doubted = await _in_doubt(work, emitted)
        if not joined and not doubted:
            await attempt.commit()
            return
        await attempt.rollback()
        del work.emitted[emitted:]
        before = await _doubted(work.db, doubted)
        doubts = [
            group for subject_id, groups in doubted.items() if subject_id not in before for group in groups
        ]
        if not await _decided_apart(
            work, [*joined, *doubts]
        ):  # a person decided otherwise, or doubted before
            await _withdraw(work, linker, keys)
            return


async def records_of(db: Database, subjects: Collection[SubjectId]) -> list[tuple[SubjectId, str]]:
    """The subject and the key of each of their records that is not withdrawn, sorted."""
    rows = await db.fetch(
        "SELECT subject_id, record_key FROM records WHERE subject_id = ANY ($1) AND NOT withdrawn",
        list(subjects),
    )
    return sorted((SubjectId(row["subject_id"]), row["record_key"]) for row in rows)


async def _withdraw(work: Work, linker: Linker, keys: Sequence[str]) -> None:
    rows = await work.db.fetch("SELECT type, body FROM records WHERE record_key = ANY ($1)", list(keys))
    await linker.on_records([Delivery(_emptied(stored_record(row))) for row in rows], work)


def _emptied(record: SourceRecord) -> SourceRecord:
    return record.replace(sequence=record.sequence + 1, withdrawn=True, counts=())


async def _joined(db: Database, remaining: Mapping[str, SubjectId]) -> list[Group]:
    """Of each subject that has some of the remaining records, all records, where these were not one person's."""
    if not remaining:
        return []
    subjects = set((await subjects_of(db, remaining.keys())).values())
    groups = _by_subject(await records_of(db, subjects)).values()
    return [group for group in groups if len({remaining.get(key) for key in group}) > 1]


async def _in_doubt(work: Work, since: int) -> dict[SubjectId, list[Group]]:
    """Of each person who is in doubt by what was emitted since: the records that are theirs or another's, with each of
    those whose they may be."""
    changed = {event.subject_id for event, *_ in work.emitted[since:] if isinstance(event, HistoryChanged)}
    doubted = await _doubted(work.db, changed)
    if not doubted:
        return {}
    own = [key for _, key in await records_of(work.db, doubted)]
    rows = await work.db.fetch(
        "SELECT event FROM discrepancies WHERE open AND kind = 'identity_in_doubt' AND records && $1::text[]",
        own,
    )
    named = [ledger.in_doubt(DiscrepancyChanged.from_json(row["event"])) for row in rows]
    subject_of = await subjects_of(work.db, set().union(*named))
    records = _by_subject(await records_of(work.db, set(subject_of.values())))
    sides = [{subject_of[key] for key in keys if subject_of.get(key) in records} for keys in named]
    return {
        one: [
            records[one] + records[other] for side in sides if one in side for other in sorted(side - {one})
        ]
        for one in doubted
    }


async def _doubted(db: Database, subjects: Iterable[SubjectId]) -> set[SubjectId]:
    rows = await db.fetch(
        "SELECT subject_id FROM subjects WHERE in_doubt AND subject_id = ANY ($1)", list(subjects)
    )
    return {SubjectId(row["subject_id"]) for row in rows}


async def _decided_apart(work: Work, groups: Sequence[Group]) -> bool:
    """Decides that their records of before are two persons'; False: something was decided about each pair."""
    before = await subjects_of(work.db, {key for group in groups for key in group})
    parts = [list(_by_subject(sorted((before[key], key) for key in group)).values()) for group in groups]
    apart = {
        IdentityDecision(min(one, other), max(one, other), same=False)
        for group in parts
        for mine, its in combinations(group, 2)
        for one, other in product(mine, its)
    }
    return bool(await keep_decisions(work, sorted(apart), by=PINNED_BY, reason="", only_where_none=True))


def _by_subject(records: Iterable[tuple[SubjectId, str]]) -> dict[SubjectId, Group]:
    """``records``: sorted."""
    return {
        subject_id: [key for _, key in its] for subject_id, its in groupby(records, key=lambda each: each[0])
    }
