"""Tests on everything a person was convicted of, in any county: what they find needs a complete rap sheet."""

from dataclasses import replace
from datetime import date

from services.eligibility.law.calendar import add_years
from services.eligibility.law.case import Case
from services.eligibility.law.finding import OPPOSITE, CitedTest
from services.eligibility.law.hs_article_2 import is_cannabis
from services.eligibility.law.sentence_end import sentence_end


def only_cannabis_convictions(case: Case) -> CitedTest:
    """Whether every conviction is of a section that 11361.8 reaches."""
    rule = "only_cannabis_convictions"
    missing = None if case.knows_everything else "rap_sheet"
    for conviction in case.standing():
        cannabis = is_cannabis(conviction, case.statute.article_two)
        if cannabis is False:
            return CitedTest(rule, "not_met", "", {"other_section": str(conviction.offense)})
        if cannabis is None:
            missing = missing or "section"
    return CitedTest(rule, "unknown" if missing else "met", "", unknown=missing)


def all_sentences_ended(case: Case) -> CitedTest:
    """Whether the sentence of every conviction is over (I-05)."""
    rule = "all_sentences_ended"
    running: list[date] = []
    missing = None if case.knows_everything else "rap_sheet"
    for conviction in case.standing():
        end = sentence_end(conviction)
        if end is None:
            missing = missing or "sentence"
        elif end > case.as_of:
            running.append(end)
    if running:
        latest = max(running)
        return CitedTest(rule, "not_met", "", {"latest_end": latest.isoformat()}, turns_on=latest)
    return CitedTest(rule, "unknown" if missing else "met", "", unknown=missing)


def a_sentence_running(case: Case) -> CitedTest:
    """Whether the sentence of any conviction still runs: the opposite of ``all_sentences_ended``."""
    ended = all_sentences_ended(case)
    return replace(ended, rule="a_sentence_running", finding=OPPOSITE[ended.finding])


def no_conviction_in_past_years(case: Case, years: int) -> CitedTest:
    """Whether every conviction lies at least so many years back; on the anniversary it does (I-01)."""
    rule, facts = "no_conviction_in_past_years", {"years": years}
    blocked: list[tuple[date, date]] = []
    missing = None if case.knows_everything else "rap_sheet"
    for conviction in case.standing():
        on = conviction.conviction_date
        until = add_years(on, years) if on is not None else None
        if on is None or until is None:
            missing = missing or "conviction_date"
        elif until > case.as_of:
            blocked.append((until, on))
    if blocked:
        until, on = max(blocked)
        return CitedTest(rule, "not_met", "", facts | {"latest_conviction": on.isoformat()}, turns_on=until)
    return CitedTest(rule, "unknown" if missing else "met", "", facts, unknown=missing)


def deceased(case: Case) -> CitedTest:
    """Whether a rap sheet shows the person's death, on the day or earlier."""
    rule, on = "deceased", case.history.deceased_on
    if case.history.deceased and (on is None or on <= case.as_of):
        return CitedTest(rule, "met", "", {"deceased_on": on.isoformat() if on else "unknown"})
    if case.history.deceased:
        return CitedTest(rule, "not_met", "", turns_on=on)
    missing = None if case.knows_everything else "rap_sheet"
    return CitedTest(rule, "unknown" if missing else "not_met", "", unknown=missing)
