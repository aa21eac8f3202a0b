"""A person's rows to a rap sheet: who, every count, registrations, death."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.offense import CodeSection, Doubt, LaterRelief
from reliefstream_contracts.records import Count, Person, Registration
from services.ingest.formats.agreement import agreed, date_fact
from services.ingest.formats.code_sections import read_offense
from services.ingest.formats.counties import Door
from services.ingest.formats.doj_columns import DojRow
from services.ingest.formats.doj_count import (
    Around,
    case_number_of,
    convicted,
    read_count,
    relief_on,
    reliefs_of,
    sorted_reliefs,
)
from services.ingest.formats.doj_dates import read_date
from services.ingest.formats.doj_person import read_person
from services.ingest.formats.doj_unit import ARREST, COURT_ACTION, DECEASED, REGISTRATION, PlacedRow


class RapSheet(NamedTuple):
    """The content of ``RapSheetRecorded``. ``doubts`` are about the person and about rows that fit no count."""

    person: Person
    counts: tuple[Count, ...]
    doubts: tuple[Doubt, ...]
    registrations: tuple[Registration, ...]
    deceased: bool
    deceased_on: date | None

    def convicted_in(self, door: Door) -> bool:
        """Whether it has a conviction in the door's county, without which it is not that county's to send."""
        return any(c.outcome == "convicted" and c.county == door.county for c in self.counts)


def rap_sheet(placed: Iterable[PlacedRow], door: Door, received_on: date) -> RapSheet:
    """The rap sheet of one person's accepted rows; the same for any order of the rows.

    ``received_on``: nothing on record can have happened later. Raises ValueError when there are no rows.
    """
    ordered = sorted(set(placed), key=lambda p: (p.row.cnt_order, p.row, p.place.order()))
    if not ordered:
        raise ValueError("a rap sheet needs a row")
    by_type: dict[str, list[PlacedRow]] = defaultdict(list)
    for one in ordered:
        by_type[one.row.stp_type_descr.upper()].append(one)
    actions = by_type[COURT_ACTION]
    person, doubts = read_person([p.row for p in ordered], received_on)
    around = Around(
        door,
        received_on,
        person.birth_date,
        _case_numbers(p.row for p in actions),
        _arrests([p.row for p in by_type[ARREST]], received_on),
    )
    counts, relief_doubts = _counts(actions, around)
    registrations, registration_doubts = _registrations([p.row for p in by_type[REGISTRATION]], received_on)
    died = date_fact("deceased_on", (p.row.stp_event_date for p in by_type[DECEASED]), received_on)
    return RapSheet(
        person=person,
        counts=counts,
        doubts=(*doubts, *relief_doubts, *registration_doubts, *died.doubts),
        registrations=registrations,
        deceased=bool(by_type[DECEASED]),
        deceased_on=died.on,
    )


def _case_numbers(rows: Iterable[DojRow]) -> Mapping[tuple[str, str], str]:
    """OFN often stands only on a step's first count: it is the others' too where those that have one agree."""
    written: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        written[row.cnt_order[:6], row.stp_event_date].add(row.ofn)
    return {step: agreed(numbers).value for step, numbers in written.items()}


def _arrests(
    rows: Iterable[DojRow], received_on: date
) -> Mapping[tuple[str, str, CodeSection], frozenset[date]]:
    days: dict[tuple[str, str, CodeSection], set[date]] = defaultdict(set)
    for row in rows:
        on = read_date(row.stp_event_date, received_on).on
        for section in read_offense(row.offense_descr, row.comment_text).sections if on else ():
            days[row.cnt_order[:3], row.cyc_date, section].add(on)  # type: ignore[arg-type]
    return {key: frozenset(value) for key, value in days.items()}


def _counts(actions: Sequence[PlacedRow], around: Around) -> tuple[tuple[Count, ...], list[Doubt]]:
    """Every count, and doubts of relief steps that fit no count.

    Relief may stand in a step of its own, with a count order of its own: it belongs to the one conviction of
    the same cycle, case number and section that came before it.
    """
    groups: dict[str, list[PlacedRow]] = defaultdict(list)
    for one in actions:
        groups[one.row.cnt_order[:9]].append(one)
    counts: dict[str, Count] = {}
    steps: list[DojRow] = []
    for count_id, placed in groups.items():
        rows = [p.row for p in placed]
        if not any(map(convicted, rows)) and all(map(reliefs_of, rows)):
            steps += rows
        else:
            counts[count_id] = read_count(placed, around)
    doubts: list[Doubt] = []
    granted: dict[str, list[LaterRelief]] = defaultdict(list)
    unclear: dict[str, list[Doubt]] = defaultdict(list)
    for row in steps:
        kinds = reliefs_of(row)
        fitting = [count_id for count_id, count in counts.items() if _fits(row, count, around)]
        if len(fitting) == 1:
            granted[fitting[0]] += [relief_on(kind, row, around.received_on) for kind in kinds]
        elif fitting:
            for count_id in fitting:
                unclear[count_id].append(
                    Doubt(field="later_relief", kind="contradictory", as_written=(row.disp_descr,))
                )
        else:
            # Without an earlier conviction, a dismissal in the interest of justice is how the charge ended.
            counts.setdefault(row.cnt_order[:9], read_count(groups[row.cnt_order[:9]], around))
            if set(kinds) != {"pc_1385"}:
                doubts.append(Doubt(field="later_relief", kind="unparsed", as_written=(row.disp_descr,)))
    for count_id, reliefs in granted.items():
        count = counts[count_id]
        counts[count_id] = count.model_copy(
            update={"later_relief": sorted_reliefs([*count.later_relief, *reliefs])}
        )
    for count_id, found in unclear.items():
        count = counts[count_id]
        counts[count_id] = count.model_copy(update={"doubts": tuple(dict.fromkeys((*count.doubts, *found)))})
    return tuple(counts[count_id] for count_id in sorted(counts)), list(dict.fromkeys(doubts))


def _fits(row: DojRow, count: Count, around: Around) -> bool:
    case_number = case_number_of(row, around)
    sections = read_offense(row.offense_descr, row.comment_text).sections
    return (
        count.outcome == "convicted"
        and count.count_id[:3] == row.cnt_order[:3]
        and count.count_id[3:6] < row.cnt_order[3:6]
        and bool(case_number)
        and count.case_number == case_number
        and bool(sections)
        and count.offense.sections == sections
    )


def _registrations(rows: Iterable[DojRow], received_on: date) -> tuple[tuple[Registration, ...], list[Doubt]]:
    found: set[Registration] = set()
    doubts: list[Doubt] = []
    for row in rows:
        on, date_doubts = date_fact("registration", (row.stp_event_date,), received_on)
        doubts += date_doubts
        sections = read_offense(row.offense_descr, row.comment_text).sections or (None,)
        found |= {Registration(section=section, on=on) for section in sections}
    ordered = sorted(found, key=lambda r: (str(r.section or ""), r.on or date.min))
    return tuple(ordered), list(dict.fromkeys(doubts))
