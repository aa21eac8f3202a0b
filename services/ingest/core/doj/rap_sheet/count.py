"""One count of a rap sheet, from its rows: those whose CNT_ORDER shares its first nine digits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.identifiers import CaseNumber, CountId, CountyName
from reliefstream_contracts.records import Count
from reliefstream_contracts.vocabulary.offense import (
    CodeSection,
    Doubt,
    LaterRelief,
    Level,
    Offense,
    ReliefKind,
)
from services.ingest.core.counties import CountyIntake
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.file.unit import Place, PlacedRow
from services.ingest.core.doj.rap_sheet.agreement import agreed, date_fact
from services.ingest.core.doj.rap_sheet.dates import read_date
from services.ingest.core.doj.rap_sheet.disposition import convicted, may_be_convicted, sustained
from services.ingest.core.doj.rap_sheet.later.relief import is_relief_step, relief_of
from services.ingest.core.doj.rap_sheet.later.sentence import changed, is_later_sentence
from services.ingest.core.doj.rap_sheet.later.undone import doubts_of_comments
from services.ingest.core.doj.rap_sheet.offense import read_charge
from services.ingest.core.doj.rap_sheet.sentence import read_sentence
from services.ingest.core.doj.rap_sheet.step_type import COURT_ACTION, step_type
from services.spreadsheet_damage import spreadsheet_damage

_LEVELS: dict[str, Level] = {
    "F": "felony",
    "M": "misdemeanor",
    "I": "infraction",
    "FELONY": "felony",
    "MISDEMEANOR": "misdemeanor",
    "INFRACTION": "infraction",
}
_AGENCY = re.compile(r"ATTORNEY|ATTY|PROSECUT|^CADA\b|^DA\b|^CAPD\b")
"""Who prosecutes, or a city's police (CAPD), whose cases that city or the county prosecutes."""


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


def read_count(placed: Sequence[PlacedRow], around: Around, conviction_elsewhere: bool = False) -> Count:
    """The count that its rows (sorted) make.

    Where the rows of a conviction differ in section, level, date or place, that field is None with a doubt.
    Where no row says what became of the charge, or says it in words that may mean a conviction, it is taken
    for one with a doubt about the disposition; so is one that no court's row shows, whose day is then unknown.
    ``conviction_elsewhere``: the rows are relief on a conviction, or a change of its sentence, that nothing else
    shows, so that its day and level are not theirs.
    """
    rows = [p.row for p in placed]
    certain = [row for row in rows if convicted(row.disp_descr)]
    adjudged = [] if certain else [row for row in rows if sustained(row.disp_descr)]
    deciding = certain or adjudged or _maybe_convicted(rows, conviction_elsewhere)
    is_conviction = bool(deciding)
    deciding = deciding or rows
    stating = [] if conviction_elsewhere else deciding
    first = deciding[0]
    doubts: list[Doubt] = []
    in_court = [row for row in stating if step_type(row) == COURT_ACTION]
    if is_conviction and not ((certain or adjudged) and in_court):
        doubts.append(Doubt(field="disposition", kind="unparsed", as_written=_dispositions(rows)))

    offense, offense_doubts = read_charge(deciding, is_conviction)
    doubts += offense_doubts
    charged = _level("level_charged", [row.offense_toc for row in deciding], False, doubts)
    stated = [row.conv_stat_descr for row in stating]
    level = None
    if is_conviction:
        level = _level(
            "level_convicted",
            stated if any(stated) else [row.offense_toc for row in stating],
            not adjudged,
            doubts,
        )
    disposed, disposed_doubts = date_fact(
        "disposition_date", {row.disp_date for row in stating}, around.received_on
    )
    doubts += disposed_doubts
    on = _conviction_date(in_court, around, doubts) if is_conviction else None
    arrests = _arrests(first, offense, around)
    late = _arrested_later(arrests, on, read_date(first.cyc_date, around.received_on).on is not None)
    if late:
        doubts += late
        on, arrests = None, frozenset()
    sentence_rows = [row for row in rows if row in stating or not row.disp_descr]
    sentence, sentence_doubts = read_sentence(sentence_rows) if is_conviction else ((), ())
    if is_conviction:
        doubts += (*sentence_doubts, *changed(rows), *doubts_of_comments(stating, offense.sections))
    later = _later_relief(rows, deciding, around.received_on, doubts) if is_conviction else ()
    case_number = _case_number(deciding, around, doubts)
    county = _county(deciding, around.intake, doubts)
    agency = agreed({row.stp_ori_descr.upper() for row in deciding}).value
    prosecutes = bool(_AGENCY.search(agency))
    disposition = agreed({row.disp_descr for row in deciding})
    beside = _charged_beside(first.cnt_order[:9], around, doubts) if is_conviction else ()
    place = min((p.place for p in placed), key=Place.order)
    return Count(
        count_id=CountId(first.cnt_order[:9]),
        event=_event(first, around.received_on),
        county=county,
        court=None if prosecutes else agency or None,
        prosecuting_agency=agency if prosecutes else None,
        case_number=case_number,
        offense=offense,
        outcome="convicted" if is_conviction and not adjudged else "not_convicted",
        juvenile=bool(adjudged),
        disposition=disposition.value or " / ".join(disposition.differing),
        level_charged=charged,
        level_convicted=level,
        offense_date=_offense_date(arrests, on or disposed),
        arrest_date=None if late else around.began.get((first.cnt_order[:3], first.cyc_date)),
        disposition_date=disposed,
        conviction_date=on,
        sentence=sentence,
        later_relief=later,
        charged_beside=beside,
        doubts=tuple(dict.fromkeys(doubts)),
        file_sha256=place.file_sha256,
        file_row=place.number,
    )


def _level(field: str, texts: Iterable[str], required: bool, doubts: list[Doubt]) -> Level | None:
    text, differing = agreed(map(str.upper, texts))
    if differing:
        doubts.append(Doubt(field=field, kind="contradictory", as_written=differing))
    elif not text and required:
        doubts.append(Doubt(field=field, kind="missing"))
    elif text and text not in _LEVELS:
        doubts.append(Doubt(field=field, kind="unparsed", as_written=(text,)))
    return _LEVELS.get(text)


def _conviction_date(rows: Sequence[DojRow], around: Around, doubts: list[Doubt]) -> date | None:
    on, found = date_fact(
        "conviction_date", {row.stp_event_date for row in rows}, around.received_on, required=True
    )
    doubts += found
    if on and around.birth_date and on < around.birth_date:
        doubts.append(Doubt(field="conviction_date", kind="impossible", as_written=(on.isoformat(),)))
        return None
    return on


def _later_relief(
    rows: Sequence[DojRow], deciding: Sequence[DojRow], received_on: date, doubts: list[Doubt]
) -> tuple[LaterRelief, ...]:
    found: set[LaterRelief] = set()
    for row in rows:
        relief = relief_of(row)
        own = row in deciding and not is_relief_step(row)
        # A conviction's own row names relief without its date.
        found |= {relief_on(kind, None if own else row, received_on) for kind in relief.kinds}
        if relief.unclear:
            doubts.append(Doubt(field="later_relief", kind="unparsed", as_written=relief.unclear))
        elif not relief.kinds and row.disp_descr and not own and not is_later_sentence(row):
            doubts.append(Doubt(field="disposition", kind="contradictory", as_written=(row.disp_descr,)))
    return sorted_reliefs(found)


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


def _maybe_convicted(rows: Sequence[DojRow], conviction_elsewhere: bool) -> list[DojRow]:
    """The rows that may be a conviction's; none where every row says that the charge ended otherwise."""
    if conviction_elsewhere or not any(row.disp_descr for row in rows):
        return list(rows)
    return [row for row in rows if may_be_convicted(row.disp_descr) and not is_relief_step(row)]


def _dispositions(rows: Sequence[DojRow]) -> tuple[str, ...]:
    """What the rows say became of the charge, with the heading where it is not a court's."""
    said = ((step_type(row), row.disp_descr) for row in rows if row.disp_descr)
    return tuple(sorted({text if kind == COURT_ACTION else f"{kind}: {text}" for kind, text in said}))
