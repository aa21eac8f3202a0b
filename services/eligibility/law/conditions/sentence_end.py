"""When a sentence is over: by its own parts, in calendar units (INTERPRETATIONS I-05)."""

import re
from datetime import date

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.offense import SentencePart
from services.eligibility.law.engine.calendar import add_days, add_months
from services.eligibility.law.input.judged_conviction import CONTRADICTORY, is_in_doubt

NO_TIME = re.compile(r"(restitution )?fine|restitution|restn|lic(en[cs]e)?\.? susp(ended|ension|\.)?")
"""Parts that take no time, whatever amount stands beside them."""
BESIDE_TIME = re.compile(r"imp(osition)?( of)? sen(t|tence)? (ss|susp(ended)?)|conc(urrent)?")
"""Words on how another part is served: no part of their own, and no sentence without one."""


def sentence_end(conviction: Conviction) -> date | None:
    """The day from which the sentence is over; None when unknown.

    What the source itself gives, else conviction date + years and months + days of all parts one after
    another. Unknown without a part on record, with a part of life or without length, without a conviction date,
    when the sentence was modified later (the parts are the old ones), or when all that it says is that another part
    was suspended or concurrent. Whatever is given, unknown when sources contradict each other, as one does that
    shows a revoked probation.
    """
    if is_in_doubt(conviction.doubts, "sentence", CONTRADICTORY):
        return None
    if conviction.sentence_end_date is not None:
        return conviction.sentence_end_date
    if conviction.conviction_date is None or not conviction.sentence:
        return None
    if any(doubt.field in {"sentence", "sentence_end_date"} for doubt in conviction.doubts):
        return None
    if any(shown.relief.kind == "sentence_modified" for shown in conviction.later_relief):
        return None
    months = days = 0
    parts = [part for part in conviction.sentence if not _takes_no_time(part, NO_TIME)]
    timed = [part for part in parts if not _takes_no_time(part, BESIDE_TIME)]
    if parts and not timed:
        return None
    for part in timed:
        if part.kind == "life" or part.length is None or part.unit is None:
            return None
        if part.unit == "days":
            days += part.length
        else:
            months += part.length * (12 if part.unit == "years" else 1)
    end = add_months(conviction.conviction_date, months)
    return None if end is None else add_days(end, days)


def _takes_no_time(part: SentencePart, words: re.Pattern[str]) -> bool:
    """Whether a part is one of those; with a unit of time it takes that time."""
    return part.unit is None and words.fullmatch(part.kind.lower()) is not None
