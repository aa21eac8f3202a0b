"""What integrators learn of an ordered relief: no name, no birth date, no id of a person, no challenge."""

from datetime import datetime
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME
from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.relief import ReliefOrdered

COURT_TIME = ZoneInfo(CALIFORNIA_TIME)


def dismissal(ordered: ReliefOrdered, published_at: datetime) -> ConvictionDismissed:
    """The dismissal event of one ordered relief; its id depends on the relief alone.

    Under a standing order the day is that of the relief, not that of the standing order.
    """
    conviction = ordered.conviction
    return ConvictionDismissed(
        dismissal_id=ordered.relief_id,
        county=conviction.county,
        court=conviction.court,
        case_number=conviction.case_number,
        source_case_numbers=conviction.source_case_numbers,
        code_section=conviction.section,
        relief=ordered.kind,
        redesignated_to=ordered.redesignated_to,
        conviction_date=conviction.conviction_date,
        disposition_date=conviction.disposition_date,
        ordered_on=ordered.at.astimezone(COURT_TIME).date() if ordered.order.standing else ordered.order.on,
        order_number=ordered.order.number,
        published_at=published_at,
    )
