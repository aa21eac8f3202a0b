"""A person's rows to a rap sheet: who, every count, registrations, death."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.records import Count, Person, Registration
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.counties import CountyIntake
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.file.unit import PlacedRow
from services.ingest.core.doj.rap_sheet.agreement import DateFact, agreed, date_fact
from services.ingest.core.doj.rap_sheet.count import Around
from services.ingest.core.doj.rap_sheet.counts import read_counts
from services.ingest.core.doj.rap_sheet.cycles import cycles_began
from services.ingest.core.doj.rap_sheet.dates import read_date
from services.ingest.core.doj.rap_sheet.later.relief import is_relief_step
from services.ingest.core.doj.rap_sheet.later.sentence import is_custody_of_sentence, is_later_sentence
from services.ingest.core.doj.rap_sheet.later.undone import is_undone
from services.ingest.core.doj.rap_sheet.person import read_person
from services.ingest.core.doj.rap_sheet.step_type import (
    ARREST,
    COURT_ACTION,
    DECEASED,
    REGISTRATION,
    is_action,
    step_type,
)


class RapSheet(NamedTuple):
    """The content of ``RapSheetRecorded``. ``doubts`` are about the person and about rows that fit no count."""

    person: Person
    counts: tuple[Count, ...]
    doubts: tuple[Doubt, ...]
    registrations: tuple[Registration, ...]
    deceased: bool
    deceased_on: date | None

    def convicted_in(self, intake: CountyIntake) -> bool:
        """Whether it has a conviction, or a juvenile adjudication, in the intake's county, without which it is not
        that county's to send. One that a later step undid is enough: an earlier extract may have shown it standing.

        One of which rows name two counties is of both, until a person has found out (I-27).
        """
        return any(
            (c.outcome == "convicted" or c.juvenile or is_undone(c)) and _may_be_in(c, intake)
            for c in self.counts
        )


def _may_be_in(count: Count, intake: CountyIntake) -> bool:
    named = (d.as_written for d in count.doubts if d.field == "county" and d.kind == "contradictory")
    return count.county == intake.county or any(
        intake.county_of(text) == intake.county for w in named for text in w
    )


def rap_sheet(placed: Iterable[PlacedRow], intake: CountyIntake, received_on: date) -> RapSheet:
    """The rap sheet of one person's accepted rows; the same for any order of the rows.

    ``received_on``: nothing on record can have happened later. Raises ValueError when there are no rows.
    """
    ordered = sorted(set(placed), key=lambda p: (p.row.cnt_order, p.row, p.place.order()))
    if not ordered:
        raise ValueError("a rap sheet needs a row")
    by_type: dict[str, list[PlacedRow]] = defaultdict(list)
    for one in ordered:
        by_type[step_type(one.row)].append(one)
    off_court = [one for kind, rows in by_type.items() if kind != COURT_ACTION for one in rows]
    actions = by_type[COURT_ACTION] + [one for one in off_court if is_action(one.row)]
    custody = [p.row for p in off_court if is_custody_of_sentence(p.row) and not is_action(p.row)]
    person, doubts, stated_birth = read_person([p.row for p in ordered], received_on)
    around = Around(
        intake,
        received_on,
        stated_birth,
        _case_numbers(p.row for p in actions),
        _arrests([p.row for p in by_type[ARREST]], received_on),
        cycles_began([p.row for p in by_type[ARREST]], [p.row for p in actions], stated_birth, received_on),
        _charges(p.row for p in (*by_type[ARREST], *actions)),
    )
    counts, relief_doubts = read_counts(actions, custody, around)
    registrations, registration_doubts = _registrations([p.row for p in by_type[REGISTRATION]], received_on)
    deceased, died = _death([p.row for p in by_type[DECEASED]], counts, received_on)
    return RapSheet(
        person=person,
        counts=counts,
        doubts=(*doubts, *relief_doubts, *registration_doubts, *died.doubts),
        registrations=registrations,
        deceased=deceased,
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


def _charges(rows: Iterable[DojRow]) -> Mapping[str, Mapping[str, frozenset[CodeSection]]]:
    charges: dict[str, dict[str, frozenset[CodeSection]]] = defaultdict(dict)
    for row in rows:
        of_cycle, count_id = charges[row.cnt_order[:3]], row.cnt_order[:9]
        named = _named(row.offense_descr, row.comment_text)
        if not named and (is_relief_step(row) or is_later_sentence(row)):
            continue
        of_cycle[count_id] = of_cycle[count_id] | named if count_id in of_cycle else named
    return charges


@lru_cache(maxsize=10_000)
def _named(description: str, comment: str) -> frozenset[CodeSection]:
    return frozenset(read_offense(description, comment).sections)


def _death(rows: Sequence[DojRow], counts: Iterable[Count], received_on: date) -> tuple[bool, DateFact]:
    """Whether and when the person died; a death before a conviction is somebody else's, or a wrong date."""
    died = date_fact("deceased_on", (row.stp_event_date for row in rows), received_on)
    if died.on and any(count.conviction_date and count.conviction_date > died.on for count in counts):
        doubt = Doubt(field="deceased_on", kind="impossible", as_written=(died.on.isoformat(),))
        return False, DateFact(None, (doubt,))
    return bool(rows), died


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
