"""What became of a sentence later: probation revoked, another sentence, a custody that is for none on record."""

from collections.abc import Iterable, Sequence

from reliefstream_contracts.identifiers import CountId
from reliefstream_contracts.records import Count
from reliefstream_contracts.vocabulary.offense import Doubt, SentencePart
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.disposition import (
    begins_convicted,
    changes_sentence,
    revokes_probation,
)
from services.ingest.core.doj.rap_sheet.later.relief import RESENTENCING_KINDS, relief_of
from services.ingest.core.doj.rap_sheet.sentence import read_sentence
from services.ingest.core.doj.rap_sheet.step_type import is_custody, step_type

_VIOLATION = "1203.2"
"""The section of the Penal Code that a revocation may name instead of a charge."""


def is_later_sentence(row: DojRow) -> bool:
    """Whether a row's own disposition is a change of a sentence given before, and no relief."""
    text = row.disp_descr
    return changes_sentence(text) and not begins_convicted(text) and not _by_relief(row)


def is_later_sentence_alone(rows: Sequence[DojRow]) -> bool:
    """Whether rows of one count are such a change and its sentence's parts, and nothing else."""
    said = [row for row in rows if row.disp_descr]
    return bool(said) and all(map(is_later_sentence, said))


def is_custody_of_sentence(row: DojRow) -> bool:
    """Whether the row is of a jail or prison, and has a sentence."""
    return bool(row.sent_loc_descr or row.sent_length) and is_custody(row)


def changed(rows: Iterable[DojRow]) -> tuple[Doubt, ...]:
    """The doubts about a sentence whose own rows say that it changed, in dispositions or comments."""
    return tuple(
        doubt
        for row in rows
        for text in (row.disp_descr, row.comment_text)
        if text and changes_sentence(text) and not _by_relief(row)
        for doubt in _doubts(text, text if text == row.disp_descr else "")
    )


def changed_by(
    row: DojRow, case_number: str, convictions: Sequence[Count]
) -> dict[CountId, tuple[Doubt, ...]]:
    """The doubts of the convictions that a later step, for the case of that number, may be about.

    Where they are several, none is known to be the one whose probation was revoked.
    """
    fitting = [
        count.count_id
        for count in convictions
        if _may_name(row, count)
        and (
            case_number == count.case_number
            if case_number and count.case_number
            else _later_in_cycle(row, count)
        )
    ]
    doubts = _doubts(row.disp_descr, row.disp_descr)
    return dict.fromkeys(fitting, doubts if len(fitting) == 1 else doubts[:1])


def in_custody_for(row: DojRow, convictions: Sequence[Count]) -> dict[CountId, tuple[Doubt, ...]]:
    """The doubts of the convictions that a custody may be for; none where it is for a sentence on record.

    A prison has numbers of its own: its OFN says nothing about the case.
    """
    fitting = [count for count in convictions if _may_name(row, count) and _later_in_cycle(row, count)]
    (part,), unread = read_sentence([row])
    if not unread and any(_same(part, known) for count in fitting for known in count.sentence):
        return {}
    written = " ".join(filter(None, (row.sent_loc_descr, row.sent_length, row.sent_time_code)))
    return {count.count_id: _doubts("", f"{step_type(row)}: {written}") for count in fitting}


def _same(part: SentencePart, known: SentencePart) -> bool:
    """Whether a custody is for a known part: by its length, else by its kind."""
    return _length(part) == _length(known) if part.length else part.kind == known.kind


def _length(part: SentencePart) -> tuple[int | None, str | None]:
    return (part.length * 12, "months") if part.length and part.unit == "years" else (part.length, part.unit)


def _doubts(text: str, written: str) -> tuple[Doubt, ...]:
    """``written`` is what is repeated of the text: nothing of a comment, which may name people."""
    fields = ("sentence", "probation") if revokes_probation(text) else ("sentence",)
    kept = (written,) if written else ()
    return tuple(Doubt(field=field, kind="contradictory", as_written=kept) for field in fields)


def _by_relief(row: DojRow) -> bool:
    relief = relief_of(row)
    return bool(relief.unclear) or not RESENTENCING_KINDS.isdisjoint(relief.kinds)


def _may_name(row: DojRow, count: Count) -> bool:
    """Whether nothing says that the row is about another charge."""
    sections = {s.section for s in read_offense(row.offense_descr, row.comment_text).sections} - {_VIOLATION}
    return not (sections and count.offense.sections) or any(
        section.section in sections for section in count.offense.sections
    )


def _later_in_cycle(row: DojRow, count: Count) -> bool:
    return count.count_id[:3] == row.cnt_order[:3] and count.count_id[3:6] <= row.cnt_order[3:6]
