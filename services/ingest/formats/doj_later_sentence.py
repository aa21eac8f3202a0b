"""What became of a sentence later: probation revoked, another sentence, a custody that is for none on record."""

from collections.abc import Iterable, Sequence

from reliefstream_contracts.identifiers import CountId
from reliefstream_contracts.offense import Doubt
from reliefstream_contracts.records import Count
from services.ingest.formats.code_sections import read_offense
from services.ingest.formats.doj_columns import DojRow
from services.ingest.formats.doj_disposition import changes_sentence, convicted
from services.ingest.formats.doj_later_relief import RESENTENCING_KINDS, relief_of
from services.ingest.formats.doj_sentence import read_sentence
from services.ingest.formats.doj_steps import is_custody, step_type

_VIOLATION = "1203.2"
"""The section of the Penal Code that a revocation may name instead of a charge."""


def is_later_sentence(row: DojRow) -> bool:
    """Whether a row's own disposition is a change of a sentence given before, and no relief."""
    text = row.disp_descr
    return changes_sentence(text) and not convicted(text) and not _by_relief(row)


def is_later_sentence_alone(rows: Sequence[DojRow]) -> bool:
    """Whether rows of one count are such a change and its sentence's parts, and nothing else."""
    said = [row for row in rows if row.disp_descr]
    return bool(said) and all(map(is_later_sentence, said))


def is_custody_of_sentence(row: DojRow) -> bool:
    """Whether the row is of a jail or prison, and has a sentence."""
    return is_custody(row) and bool(row.sent_loc_descr or row.sent_length)


def changed(rows: Iterable[DojRow]) -> tuple[Doubt, ...]:
    """The doubt about a sentence whose own rows say that it changed, in dispositions or comments."""
    texts: set[str] = set()
    for row in rows:
        if changes_sentence(row.disp_descr) and not _by_relief(row):
            texts.add(row.disp_descr)
        elif changes_sentence(row.comment_text) and not _by_relief(row):
            texts.add("")
    # A comment may name people: it is not repeated.
    return (_doubt(*sorted(texts - {""})),) if texts else ()


def changed_by(row: DojRow, case_number: str, convictions: Sequence[Count]) -> dict[CountId, Doubt]:
    """The doubts of the convictions that a later step, for the case of that number, may be about."""
    doubt = _doubt(row.disp_descr)
    return {
        count.count_id: doubt
        for count in convictions
        if _may_name(row, count)
        and (
            case_number == count.case_number
            if case_number and count.case_number
            else _later_in_cycle(row, count)
        )
    }


def in_custody_for(row: DojRow, convictions: Sequence[Count]) -> dict[CountId, Doubt]:
    """The doubts of the convictions that a custody may be for; none where it is for a sentence on record.

    A prison has numbers of its own: its OFN says nothing about the case.
    """
    fitting = [count for count in convictions if _may_name(row, count) and _later_in_cycle(row, count)]
    (part,), _ = read_sentence([row])
    for count in fitting:
        for known in count.sentence:
            same = (known.length, known.unit) == (part.length, part.unit) if row.sent_length else False
            if same or (not row.sent_length and known.kind == part.kind):
                return {}
    written = " ".join(filter(None, (row.sent_loc_descr, row.sent_length, row.sent_time_code)))
    return {count.count_id: _doubt(f"{step_type(row)}: {written}") for count in fitting}


def _doubt(*written: str) -> Doubt:
    return Doubt(field="sentence", kind="contradictory", as_written=written)


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
