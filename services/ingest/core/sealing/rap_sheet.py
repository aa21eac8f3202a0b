"""A rap sheet without the rows of sealed counts, and with the others as they were. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from reliefstream_contracts.identifiers import CountId
from reliefstream_contracts.records import Count
from reliefstream_contracts.vocabulary.offense import CodeSection
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.file.unit import PlacedRow
from services.ingest.core.doj.file.uniting import DojRecord
from services.ingest.core.doj.rap_sheet.later.undone import is_undone
from services.ingest.core.doj.rap_sheet.rap_sheet import RapSheet
from services.ingest.core.doj.rap_sheet.step_type import DECEASED, REGISTRATION, is_action, step_type

PENDING = "pending"
"""As a court's case says it."""
Read = Callable[[Sequence[PlacedRow]], RapSheet]


class Remaining(NamedTuple):
    """``counts``: as they were read with the rows that are gone, which say more of them (a case number, other charges)
    than the rows that stay."""

    record: DojRecord
    counts: tuple[Count, ...]


def counts_as_published(
    held: DojRecord | None, record: DojRecord, found: RapSheet, read: Read
) -> tuple[Count, ...]:
    """The counts of a rap sheet. Of one that rows were taken out of, what reads as it did stays as it was published;
    what was not published and has the same rows is no count, but a step that spoke of one that is gone.
    """
    if held is None or held.published is None or held.extract != record.extract or not held.rows:
        return found.counts
    before = {count.count_id: count for count in read(held.placed).counts}
    published = {count.count_id: count for count in held.published}
    own_before, own = _rows_by_count(held), _rows_by_count(record)
    return tuple(
        published.get(count.count_id, count) if before.get(count.count_id) == count else count
        for count in found.counts
        if count.count_id in published or own_before.get(count.count_id) != own.get(count.count_id)
    )


def without(record: DojRecord, counts: Sequence[Count], sealed: Collection[CountId]) -> Remaining:
    """The record without these counts.

    A cycle that has no other conviction goes as a whole: its arrest and its other charges are of the same case. So do
    later steps of a sealed charge, such as relief, unless another count of the cycle has the same charge.
    """
    of_others = {
        count.count_id[:3] for count in counts if count.count_id not in sealed and is_or_was_conviction(count)
    }
    cycles = {count_id[:3] for count_id in sealed} - of_others
    remaining = tuple(
        count for count in counts if count.count_id not in sealed and count.count_id[:3] not in cycles
    )
    later = {_charge(count) for count in counts if count.count_id in sealed} - set(map(_charge, remaining))
    ids = {count.count_id for count in remaining}

    def goes(row: DojRow) -> bool:
        if _of_person(row):
            return False
        count_id, cycle = row.cnt_order[:9], row.cnt_order[:3]
        if count_id in sealed or cycle in cycles:
            return True
        sections = read_offense(row.offense_descr, row.comment_text).sections
        return is_action(row) and count_id not in ids and (cycle, sections) in later

    rows = {row: place for row, place in record.rows.items() if not goes(row)}
    return Remaining(record._replace(rows=rows, published=remaining), remaining)


def _charge(count: Count) -> tuple[str, tuple[CodeSection, ...]]:
    """The cycle and the sections."""
    return count.count_id[:3], count.offense.sections


def _rows_by_count(record: DojRecord) -> Mapping[str, set[DojRow]]:
    found: dict[str, set[DojRow]] = defaultdict(set)
    for row in record.rows:
        found[row.cnt_order[:9]].add(row)
    return found


def is_or_was_conviction(count: Count) -> bool:
    """Whether a count is a conviction, may be one, is an adjudication, or was undone by a later step. A charge that is
    pending is none yet: once it is, the court sends its case again."""
    if count.outcome == "unknown":
        return count.disposition != PENDING
    return count.outcome == "convicted" or count.juvenile or is_undone(count)


def keeps_conviction(counts: Iterable[Count]) -> bool:
    """Whether a record that sealed counts were taken out of has anything to keep it for."""
    return any(map(is_or_was_conviction, counts))


def _of_person(row: DojRow) -> bool:
    return step_type(row) in (REGISTRATION, DECEASED) and not is_action(row)
