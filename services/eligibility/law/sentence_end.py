"""When a sentence is over: by its own parts, in calendar units (INTERPRETATIONS I-05)."""

from datetime import date

from reliefstream_contracts.histories import Conviction
from services.eligibility.law.calendar import add_days, add_months

NO_TIME = frozenset({"fine", "restitution", "restitution fine"})
"""Parts that take no time."""


def sentence_end(conviction: Conviction) -> date | None:
    """The day from which the sentence is over; None when unknown.

    What the source itself gives, else conviction date + years and months + days of all parts one after
    another. Unknown without a part on record, with a part of life or without length, without a conviction date,
    when sources contradict each other, or when the sentence was modified later: the parts are the old ones.
    """
    if conviction.sentence_end_date is not None:
        return conviction.sentence_end_date
    in_doubt = any(doubt.field in {"sentence", "sentence_end_date"} for doubt in conviction.doubts)
    modified = any(shown.relief.kind == "sentence_modified" for shown in conviction.later_relief)
    if conviction.conviction_date is None or not conviction.sentence or in_doubt or modified:
        return None
    months = days = 0
    for part in conviction.sentence:
        if part.kind in NO_TIME and part.length is None:
            continue
        if part.kind == "life" or part.length is None or part.unit is None:
            return None
        if part.unit == "days":
            days += part.length
        else:
            months += part.length * (12 if part.unit == "years" else 1)
    end = add_months(conviction.conviction_date, months)
    return None if end is None else add_days(end, days)
