"""Every count of a rap sheet, and what later steps say of it: relief, another sentence, a conviction undone."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from reliefstream_contracts.identifiers import CountId
from reliefstream_contracts.records import Count
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, DoubtKind, LaterRelief
from services.ingest.core.charges.code_sections import may_be_same_section, read_offense, same_section
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.file.unit import PlacedRow
from services.ingest.core.doj.rap_sheet.comment_convictions import with_comment_convictions
from services.ingest.core.doj.rap_sheet.count import (
    Around,
    case_number_of,
    read_count,
    relief_on,
    sorted_reliefs,
)
from services.ingest.core.doj.rap_sheet.count_texts import kind_of, texts_of
from services.ingest.core.doj.rap_sheet.disposition import convicted
from services.ingest.core.doj.rap_sheet.later.relief import PROP_64_KINDS, relief_of
from services.ingest.core.doj.rap_sheet.later.sentence import changed_by, in_custody_for
from services.ingest.core.doj.rap_sheet.later.undone import in_doubt, undoing, undone


def read_counts(
    actions: Sequence[PlacedRow], custody: Sequence[DojRow], around: Around
) -> tuple[tuple[Count, ...], list[Doubt]]:
    """Every count, and doubts of relief steps that fit no count. ``custody``: steps that have a sentence.

    Relief may stand in a step of its own, with a count order of its own: it belongs to the one conviction of
    the same cycle, case number and section that came before it; where none has its very section, to one that differs in
    subdivisions only that one of both leaves out. Relief that no conviction of the sheet can
    have had shows a conviction by itself (only PC 1385 ends a charge without one). A later change of a sentence
    puts that of every conviction in doubt that it may be about; where there is none, it shows one as well. A later
    step that undoes a conviction (undone.py) finds it as relief does; one that finds none shows no conviction. One that
    affirms a conviction, may say it once more (``JUDGMENT OF CONVICTION``), or says its sentence alone
    (``PROBATION``), adds none where it finds it.
    """
    sheet = _Sheet(actions, around)
    relief_steps: list[DojRow] = []
    sentence_steps: list[DojRow] = []
    undoing_steps: list[DojRow] = []
    affirming_steps: list[DojRow] = []
    open_steps: list[DojRow] = []
    repeating_steps: list[DojRow] = []
    for count_id, rows in sheet.rows.items():
        kind = kind_of(sheet.texts[count_id])
        if kind == "relief":
            relief_steps += rows
        elif kind == "later_sentence":
            sentence_steps.append(next(row for row in rows if row.disp_descr))
        elif kind == "affirming":
            affirming_steps.append(next(row for row in rows if row.disp_descr))
        elif kind == "open":
            open_steps.append(next(row for row in rows if row.disp_descr))
        elif kind == "repeating":
            repeating_steps.append(next(row for row in rows if row.disp_descr))
        else:
            sheet.read(count_id)
            if kind == "undoing":
                undoing_steps += [row for row in rows if row.disp_descr]
    if affirming_steps:
        sheet.affirm(affirming_steps)
    if repeating_steps:
        sheet.read_repeating(repeating_steps)
    if open_steps:
        sheet.read_open(open_steps)
    sheet.undo(undoing_steps)
    if sentence_steps or custody:
        sheet.change_sentences(sentence_steps, custody)
    if relief_steps:
        sheet.give_relief(relief_steps)
    return sheet.finished(), list(dict.fromkeys(sheet.doubts))


class _Sheet:
    """The counts of one rap sheet while its steps are gone through."""

    def __init__(self, actions: Sequence[PlacedRow], around: Around) -> None:
        self.doubts: list[Doubt] = []
        """Of steps that fit no count."""
        self._around = around
        self._placed: dict[CountId, list[PlacedRow]] = defaultdict(list)
        for one in actions:
            self._placed[_count_id(one.row)].append(one)
        self.rows = {count_id: [one.row for one in placed] for count_id, placed in self._placed.items()}
        self.texts = {count_id: texts_of(rows) for count_id, rows in self.rows.items()}
        self._counts: dict[CountId, Count] = {}

    def read(self, count_id: CountId, *, conviction_elsewhere: bool = False) -> None:
        """Makes the count of its rows, unless it was made before."""
        if count_id not in self._counts:
            placed, texts = self._placed[count_id], self.texts[count_id]
            self._counts[count_id] = read_count(placed, texts, self._around, conviction_elsewhere)

    def affirm(self, steps: Sequence[DojRow]) -> None:
        """Reads each step that affirms a conviction which is not on the sheet: it shows one by itself."""
        convictions = self._convictions()
        for row in steps:
            if not self._fitting(row, convictions):
                self.read(_count_id(row), conviction_elsewhere=True)

    def read_repeating(self, steps: Sequence[DojRow]) -> None:
        """Reads each step that may mean a conviction, where it is not one that an earlier step shows for certain."""
        convictions = [one for one in self._convictions() if convicted(one.disposition)]
        for row in steps:
            if not self._fitting(row, convictions):
                self.read(_count_id(row))

    def read_open(self, steps: Sequence[DojRow]) -> None:
        """Reads each step that leaves open what became of the charge, where no other step of its cycle may tell it."""
        convictions = self._convictions()
        for row in steps:
            told = (one for one in convictions if one.count_id[:3] == row.cnt_order[:3])
            if not any(one.count_id[3:6] != row.cnt_order[3:6] and self._may_fit(row, one) for one in told):
                self.read(_count_id(row))

    def undo(self, steps: Sequence[DojRow]) -> None:
        """Gives each step that undoes a conviction to the one that it is about, or doubts to those it may be about."""
        for count_id in map(_count_id, steps):
            if self._counts[count_id].outcome == "convicted":  # CONVICTION REVERSED shows none by itself
                self._change(count_id, outcome="not_convicted", doubts=())
        for row in steps:
            fitting = self._fitting(row, self._convictions())
            if len(fitting) == 1:
                self._counts[fitting[0]] = undone(self._counts[fitting[0]], row)
                continue
            perhaps = fitting
            if not fitting and undoing(row.disp_descr) == "certain":
                perhaps = [one.count_id for one in self._convictions() if self._may_fit(row, one)]
            for count_id in perhaps:
                self._counts[count_id] = in_doubt(self._counts[count_id], row)

    def change_sentences(self, steps: Sequence[DojRow], custody: Sequence[DojRow]) -> None:
        """Puts sentences in doubt that later steps, or a custody, may have changed."""
        convictions = self._convictions()
        for row in steps:
            concerned = changed_by(row, case_number_of(row, self._around), convictions)
            if not concerned:
                self.read(_count_id(row), conviction_elsewhere=True)
            for count_id, found in concerned.items():
                self._doubt(count_id, *found)
        for row in custody:
            for count_id, found in in_custody_for(row, convictions).items():
                self._doubt(count_id, *found)

    def give_relief(self, steps: Sequence[DojRow]) -> None:
        """Gives relief in steps of its own to the conviction that it is about, or doubts to those it may be about."""
        convictions = self._convictions()
        granted: dict[CountId, list[LaterRelief]] = defaultdict(list)
        for row in steps:
            relief = relief_of(row)
            fitting = self._fitting(row, convictions)
            written = relief.unclear or (row.disp_descr,)
            if len(fitting) == 1 and not relief.unclear:
                granted[fitting[0]] += [
                    relief_on(kind, row, self._around.received_on) for kind in relief.kinds
                ]
            elif fitting:
                kind: DoubtKind = "unparsed" if relief.unclear else "contradictory"
                for count_id in fitting:
                    self._doubt(count_id, Doubt(field="later_relief", kind=kind, as_written=written))
            else:
                only_1385 = set(relief.kinds) == {"pc_1385"} and not relief.unclear
                perhaps = [count.count_id for count in convictions if self._may_fit(row, count)]
                self.read(_count_id(row), conviction_elsewhere=not only_1385 and not perhaps)
                # Without an earlier conviction, a dismissal in the interest of justice is how the charge ended.
                if only_1385:
                    continue
                doubt = Doubt(field="later_relief", kind="unparsed", as_written=written)
                self.doubts.append(doubt)
                for count_id in perhaps if relief.prop_64 else ():
                    self._doubt(count_id, doubt)
        for count_id, reliefs in granted.items():
            shown = sorted_reliefs([*self._counts[count_id].later_relief, *reliefs])
            self._change(count_id, later_relief=shown)

    def finished(self) -> tuple[Count, ...]:
        """All counts, sorted by id."""
        counts = [_certain(self._counts[count_id]) for count_id in sorted(self._counts)]
        return tuple(with_comment_convictions(counts, (row for rows in self.rows.values() for row in rows)))

    def _convictions(self) -> list[Count]:
        return [count for count in self._counts.values() if count.outcome == "convicted"]

    def _doubt(self, count_id: CountId, *found: Doubt) -> None:
        self._change(count_id, doubts=tuple(dict.fromkeys((*self._counts[count_id].doubts, *found))))

    def _change(self, count_id: CountId, **changes: object) -> None:
        self._counts[count_id] = self._counts[count_id].replace(**changes)

    def _fitting(self, row: DojRow, convictions: Sequence[Count]) -> list[CountId]:
        """The convictions that a later step is about: of its cycle and case, and of its section."""
        case_number = case_number_of(row, self._around)
        sections = read_offense(row.offense_descr, row.comment_text).sections
        of_case = [
            count
            for count in convictions
            if count.count_id[:3] == row.cnt_order[:3]
            and count.count_id[3:6] < row.cnt_order[3:6]
            and case_number
            and count.case_number == case_number
        ]
        same = [one.count_id for one in of_case if _all(same_section, sections, one)]
        return same or [one.count_id for one in of_case if _all(may_be_same_section, sections, one)]

    def _may_fit(self, row: DojRow, count: Count) -> bool:
        """Whether nothing that is known of both says that the step is about another conviction."""
        case_number = case_number_of(row, self._around)
        sections = read_offense(row.offense_descr, row.comment_text).sections
        return (not case_number or not count.case_number or count.case_number == case_number) and (
            not sections or not count.offense.sections or _all(may_be_same_section, sections, count)
        )


def _all(
    same: Callable[[CodeSection, CodeSection], bool], sections: Sequence[CodeSection], count: Count
) -> bool:
    own = count.offense.sections
    return 0 < len(own) == len(sections) and all(map(same, sections, own))


def _count_id(row: DojRow) -> CountId:
    return CountId(row.cnt_order[:9])


def _certain(count: Count) -> Count:
    """The count without a grant under Proposition 64 that another row may take back."""
    if not any(doubt.field == "later_relief" and doubt.kind == "unparsed" for doubt in count.doubts):
        return count
    kept = tuple(relief for relief in count.later_relief if relief.kind not in PROP_64_KINDS)
    return count.replace(later_relief=kept)
