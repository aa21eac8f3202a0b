"""On which day a cycle of a rap sheet began: DOJ opens one for an arrest or a citation (CYC_DATE)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from services.birth_dates import YOUNGEST
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.dates import read_date
from services.ingest.core.doj.rap_sheet.disposition import begins_convicted

Cycle = tuple[str, str]
"""Its number and its date, as written."""


def cycles_began(
    arrests: Iterable[DojRow], actions: Iterable[DojRow], born: date | None, received_on: date
) -> Mapping[Cycle, date]:
    """The day of the arrest, by cycle; a cycle of which nobody can tell it has none.

    It is the cycle's date, without one the day of its arrest rows. Nobody can tell it where the two differ or arrests
    came on two days, where convictions came on two days (files exist that put a whole life into one cycle), where a
    conviction came on that day or before (the cycle began in court), and of a child, who can't have been convicted.
    """
    arrested, sentenced = (
        _days(arrests, received_on),
        _days((r for r in actions if begins_convicted(r.disp_descr)), received_on),
    )
    found = {}
    for cycle, convictions in sentenced.items():
        began = {read_date(cycle[1], received_on).on or date.min, *arrested.get(cycle, ())} - {date.min}
        if len(began) == len(convictions) == 1:
            day = began.pop()
            if day < min(convictions) and (born is None or day.year - born.year >= YOUNGEST):
                found[cycle] = day
    return found


def _days(rows: Iterable[DojRow], received_on: date) -> Mapping[Cycle, set[date]]:
    days: dict[Cycle, set[date]] = defaultdict(set)
    for row in rows:
        on = read_date(row.stp_event_date, received_on).on
        if on is not None:
            days[row.cnt_order[:3], row.cyc_date].add(on)
    return days
