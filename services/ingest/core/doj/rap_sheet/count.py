"""One count of a rap sheet, from its rows: those whose CNT_ORDER shares its first nine digits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.identifiers import CaseNumber, CountId, CountyName
from reliefstream_contracts.records import Count
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, LaterRelief, Offense, ReliefKind
from services.ingest.core.counties import CountyIntake
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.file.unit import Place, PlacedRow
from services.ingest.core.doj.rap_sheet.agreement import agreed, date_fact
from services.ingest.core.doj.rap_sheet.count_texts import Texts, said_by
from services.ingest.core.doj.rap_sheet.dates import read_date
from services.ingest.core.doj.rap_sheet.step_type import is_of_juvenile_court
from services.spreadsheet_damage import spreadsheet_damage

_AGENCY = re.compile(r"ATTORNEY|ATTY|PROSECUT|^CADA\b|^DA\b|^CAPD\b")
"""Who prosecutes, or a city's police (CAPD), whose cases that city or the county prosecutes."""


@lru_cache(maxsize=10_000)
def _prosecutes(agency: str) -> bool:
    return _AGENCY.search(agency) is not None


class Around(NamedTuple):
    """What intake and other rows say that a count needs.

    ``case_numbers``: by step and event date. ``arrests``: their dates, by cycle and section. ``charges``: the
    sections of every arrest and court count, by cycle and count id. ``began``: with the arrest, by cycle.
    """

    intake: CountyIntake
    received_on: date
    birth_date: date | None
    case_numbers: Mapping[tuple[str, str], str]
    arrests: Mapping[tuple[str, str, CodeSection], frozenset[date]]
    began: Mapping[tuple[str, str], date]
    charges: Mapping[str, Mapping[str, frozenset[CodeSection]]]


def case_number_of(row: DojRow, around: Around) -> str:
    """The row's own OFN, else the one that its step's rows of that day agree on; empty: none."""
    return row.ofn or around.case_numbers.get((row.cnt_order[:6], row.stp_event_date), "")


def read_count(
    placed: Sequence[PlacedRow], texts: Texts, around: Around, conviction_elsewhere: bool = False
) -> Count:
    """The count that its rows (sorted) make, of which ``texts`` are the texts.

    Where the rows of a conviction differ in section, level, date or place, that field is None with a doubt.
    Where no row says what became of the charge, or says it in words that may mean a conviction (a sentence alone among
    them), it is taken for one with a doubt about the disposition; so is one that a juvenile court's row shows, or none
    of a court, whose day is then unknown.
    ``conviction_elsewhere``: the rows are relief on a conviction, or a change of its sentence, that nothing else
    shows, so that its day and level are not theirs.
    """
    said = said_by(texts, conviction_elsewhere)
    is_conviction = said.is_conviction
    deciding = [placed[at].row for at in said.deciding]
    stating = [] if conviction_elsewhere else deciding
    first = deciding[0]
    doubts = [*said.of_charge]
    certain = said.is_conviction and not any(doubt.field == "disposition" for doubt in doubts)
    if certain and not said.adjudged and any(map(is_of_juvenile_court, deciding)):
        doubts.append(Doubt(field="disposition", kind="unparsed", as_written=(said.disposition,)))
    disposed, disposed_doubts = date_fact(
        "disposition_date", {row.disp_date for row in stating}, around.received_on
    )
    doubts += disposed_doubts
    in_court = [placed[at].row for at in said.in_court]
    on = _conviction_date(in_court, around, doubts) if is_conviction else None
    arrests = _arrests(first, said.offense, around)
    late = _arrested_later(arrests, on, read_date(first.cyc_date, around.received_on).on is not None)
    if late:
        doubts += late
        on, arrests = None, frozenset()
    doubts += (*said.of_sentence, *said.of_later)
    later = {
        relief_on(kind, None if at is None else placed[at].row, around.received_on) for kind, at in said.later
    }
    case_number = _case_number(deciding, around, doubts)
    county = _county(deciding, around.intake, doubts)
    agency = agreed({row.stp_ori_descr.upper() for row in deciding}).value
    prosecutes = bool(agency) and _prosecutes(agency)
    count_id = CountId(first.cnt_order[:9])
    beside = _charged_beside(count_id, around, doubts) if is_conviction else ()
    place = min([p.place for p in placed], key=Place.order) if len(placed) > 1 else placed[0].place
    return Count(
        count_id=count_id,
        event=_event(first, around.received_on),
        county=county,
        court=None if prosecutes else agency or None,
        prosecuting_agency=agency if prosecutes else None,
        case_number=case_number,
        offense=said.offense,
        outcome="convicted" if is_conviction and not said.adjudged else "not_convicted",
        juvenile=said.adjudged,
        disposition=said.disposition,
        level_charged=said.level_charged,
        level_convicted=said.level_convicted,
        offense_date=_offense_date(arrests, on or disposed),
        arrest_date=None if late else around.began.get((first.cnt_order[:3], first.cyc_date)),
        disposition_date=disposed,
        conviction_date=on,
        sentence=said.sentence,
        later_relief=sorted_reliefs(later) if later else (),
        charged_beside=beside,
        doubts=tuple(dict.fromkeys(doubts)) if doubts else (),
        file_sha256=place.file_sha256,
        file_row=place.number,
    )


def _conviction_date(rows: Sequence[DojRow], around: Around, doubts: list[Doubt]) -> date | None:
    on, found = date_fact(
        "conviction_date", {row.stp_event_date for row in rows}, around.received_on, required=True
    )
    doubts += found
    if on and around.birth_date and on < around.birth_date:
        doubts.append(Doubt(field="conviction_date", kind="impossible", as_written=(on.isoformat(),)))
        return None
    return on


def relief_on(kind: ReliefKind, row: DojRow | None, received_on: date) -> LaterRelief:
    """Relief on the day of its row, without a date where the row has none that can be used."""
    return LaterRelief(kind=kind, on=read_date(row.stp_event_date, received_on).on if row else None)


def sorted_reliefs(found: Iterable[LaterRelief]) -> tuple[LaterRelief, ...]:
    return tuple(sorted(set(found), key=lambda relief: (relief.kind, relief.on or date.min)))


def _case_number(rows: Sequence[DojRow], around: Around, doubts: list[Doubt]) -> CaseNumber | None:
    text, differing = agreed({case_number_of(row, around) for row in rows})
    if differing:
        doubts.append(Doubt(field="case_number", kind="contradictory", as_written=differing))
    elif len(text) > 60 or spreadsheet_damage(text):
        doubts.append(Doubt(field="case_number", kind="unparsed", as_written=(text[:60],)))
        return None
    return CaseNumber(text) if text else None


def _county(rows: Sequence[DojRow], intake: CountyIntake, doubts: list[Doubt]) -> CountyName | None:
    texts = sorted({row.stp_ori_cnty_name for row in rows} - {""})
    found = {intake.county_of(text) for text in texts}
    if len(found) == 1:
        county = found.pop()
        if county is None:
            doubts.append(Doubt(field="county", kind="unparsed", as_written=tuple(texts)))
        return county
    if found:
        doubts.append(Doubt(field="county", kind="contradictory", as_written=tuple(texts)))
    else:
        doubts.append(Doubt(field="county", kind="missing"))
    return None


def _charged_beside(count_id: str, around: Around, doubts: list[Doubt]) -> tuple[CodeSection, ...]:
    """The other charges of the cycle, which DOJ's cycle number alone identifies, as in the counties' lists."""
    of_cycle = around.charges[count_id[:3]]
    if len(of_cycle) == 1:
        return ()
    beside = [named for other, named in of_cycle.items() if other != count_id]
    if not all(beside):
        doubts.append(Doubt(field="charged_beside", kind="unparsed"))
    return tuple(sorted({section for named in beside for section in named}, key=str))


def _event(row: DojRow, received_on: date) -> str:
    """DOJ's cycle with its date. Without one, steps of different days count as different events.

    Files exist that put a whole life into one cycle; a policy that looks for other charges of the same event
    must not find strangers there.
    """
    cycle_on = read_date(row.cyc_date, received_on).on
    return f"{row.cnt_order[:3]}/{row.cyc_date if cycle_on else row.stp_event_date}"


def _arrests(row: DojRow, offense: Offense, around: Around) -> frozenset[date]:
    """Days of the cycle's arrests for these sections."""
    return frozenset(
        day
        for section in offense.sections
        for day in around.arrests.get((row.cnt_order[:3], row.cyc_date, section), ())
    )


def _arrested_later(arrests: frozenset[date], convicted_on: date | None, dated: bool) -> list[Doubt]:
    """Neither day can be relied on where all arrests of a cycle with a date came after its conviction."""
    if not (arrests and convicted_on and dated and min(arrests) > convicted_on):
        return []
    days = {"conviction_date": convicted_on, "offense_date": min(arrests)}
    return [Doubt(field=name, kind="impossible", as_written=(on.isoformat(),)) for name, on in days.items()]


def _offense_date(arrests: frozenset[date], until: date | None) -> date | None:
    """The arrest's day, where there is exactly one; DOJ gives no other."""
    day = min(arrests) if len(arrests) == 1 else None
    return None if day and until and day > until else day
