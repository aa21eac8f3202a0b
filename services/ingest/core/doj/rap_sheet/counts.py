"""Every count of a rap sheet, and relief in steps of its own given to the conviction it belongs to."""

from collections import defaultdict
from collections.abc import Sequence

from reliefstream_contracts.offense import Doubt, LaterRelief
from reliefstream_contracts.records import Count
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.file.unit import PlacedRow
from services.ingest.core.doj.rap_sheet.count import (
    Around,
    case_number_of,
    read_count,
    relief_on,
    sorted_reliefs,
)
from services.ingest.core.doj.rap_sheet.later_relief import PROP_64_KINDS, is_relief_step, relief_of
from services.ingest.core.doj.rap_sheet.later_sentence import (
    changed_by,
    in_custody_for,
    is_later_sentence_alone,
)


def read_counts(
    actions: Sequence[PlacedRow], custody: Sequence[DojRow], around: Around
) -> tuple[tuple[Count, ...], list[Doubt]]:
    """Every count, and doubts of relief steps that fit no count. ``custody``: steps that have a sentence.

    Relief may stand in a step of its own, with a count order of its own: it belongs to the one conviction of
    the same cycle, case number and section that came before it. Relief that no conviction of the sheet can
    have had shows a conviction by itself (only PC 1385 ends a charge without one). A later change of a sentence
    puts that of every conviction in doubt that it may be about; where there is none, it shows one as well.
    """
    groups: dict[str, list[PlacedRow]] = defaultdict(list)
    for one in actions:
        groups[one.row.cnt_order[:9]].append(one)
    counts: dict[str, Count] = {}
    steps: list[DojRow] = []
    changes: list[DojRow] = []
    for count_id, placed in groups.items():
        rows = [p.row for p in placed]
        if all(map(is_relief_step, rows)):
            steps += rows
        elif is_later_sentence_alone(rows):
            changes.append(next(row for row in rows if row.disp_descr))
        else:
            counts[count_id] = read_count(placed, around)
    convictions = [count for count in counts.values() if count.outcome == "convicted"]
    doubts: list[Doubt] = []
    granted: dict[str, list[LaterRelief]] = defaultdict(list)
    unclear: dict[str, list[Doubt]] = defaultdict(list)
    for row in changes:
        own = row.cnt_order[:9]
        concerned = changed_by(row, case_number_of(row, around), convictions)
        if not concerned:
            counts[own] = read_count(groups[own], around, conviction_elsewhere=True)
        for count_id, changed in concerned.items():
            unclear[count_id] += changed
    for row in custody:
        for count_id, changed in in_custody_for(row, convictions).items():
            unclear[count_id] += changed
    for row in steps:
        relief = relief_of(row)
        fitting = [count.count_id for count in convictions if _fits(row, count, around)]
        written = relief.unclear or (row.disp_descr,)
        if len(fitting) == 1 and not relief.unclear:
            granted[fitting[0]] += [relief_on(kind, row, around.received_on) for kind in relief.kinds]
        elif fitting:
            kind = "unparsed" if relief.unclear else "contradictory"
            for count_id in fitting:
                unclear[count_id].append(Doubt(field="later_relief", kind=kind, as_written=written))
        else:
            own = row.cnt_order[:9]
            only_1385 = set(relief.kinds) == {"pc_1385"} and not relief.unclear
            perhaps = [count.count_id for count in convictions if _may_fit(row, count, around)]
            presumes = not only_1385 and not perhaps
            counts.setdefault(own, read_count(groups[own], around, conviction_elsewhere=presumes))
            # Without an earlier conviction, a dismissal in the interest of justice is how the charge ended.
            if only_1385:
                continue
            doubt = Doubt(field="later_relief", kind="unparsed", as_written=written)
            doubts.append(doubt)
            for count_id in perhaps if relief.prop_64 else ():
                unclear[count_id].append(doubt)
    for count_id, reliefs in granted.items():
        count = counts[count_id]
        counts[count_id] = count.model_copy(
            update={"later_relief": sorted_reliefs([*count.later_relief, *reliefs])}
        )
    for count_id, found in unclear.items():
        count = counts[count_id]
        counts[count_id] = count.model_copy(update={"doubts": tuple(dict.fromkeys((*count.doubts, *found)))})
    return tuple(_certain(counts[count_id]) for count_id in sorted(counts)), list(dict.fromkeys(doubts))


def _certain(count: Count) -> Count:
    """The count without a grant under Proposition 64 that another row may take back."""
    if not any(doubt.field == "later_relief" and doubt.kind == "unparsed" for doubt in count.doubts):
        return count
    kept = tuple(relief for relief in count.later_relief if relief.kind not in PROP_64_KINDS)
    return count.model_copy(update={"later_relief": kept})


def _fits(row: DojRow, count: Count, around: Around) -> bool:
    case_number = case_number_of(row, around)
    sections = read_offense(row.offense_descr, row.comment_text).sections
    return (
        count.count_id[:3] == row.cnt_order[:3]
        and count.count_id[3:6] < row.cnt_order[3:6]
        and bool(case_number)
        and count.case_number == case_number
        and bool(sections)
        and count.offense.sections == sections
    )


def _may_fit(row: DojRow, count: Count, around: Around) -> bool:
    """Whether nothing that is known of both says that the relief is another conviction's."""
    case_number = case_number_of(row, around)
    sections = read_offense(row.offense_descr, row.comment_text).sections
    return (not case_number or not count.case_number or count.case_number == case_number) and (
        not sections or not count.offense.sections or count.offense.sections == sections
    )
