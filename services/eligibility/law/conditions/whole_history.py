"""Tests on everything a person was convicted of, in any county: what they find needs a complete rap sheet."""

from datetime import date

from reliefstream_contracts.vocabulary.stated_facts import ANOTHER_SECTION
from services.eligibility.law.conditions.sentence_end import sentence_end
from services.eligibility.law.engine.calendar import add_days
from services.eligibility.law.engine.finding import OPPOSITE, CitedTest
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.input.judged_conviction import WRONG, Case, is_certain, is_in_doubt
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import is_cannabis


@whatever_the_day
def only_cannabis_convictions(case: Case) -> CitedTest:
    """Whether every conviction is of a section that 11361.8 reaches."""
    rule = "only_cannabis_convictions"
    missing = None if case.knows_everything else "rap_sheet"
    for conviction in case.standing():
        cannabis = case.once(is_cannabis, conviction, case.statute.article_two)
        if cannabis is False and is_certain(conviction):
            return CitedTest(rule, "not_met", "", {"other_section": str(conviction.offense)})
        if cannabis is None and case.facts.of(conviction, "section") == ANOTHER_SECTION:
            return CitedTest(rule, "not_met", "", {"other_section": conviction.offense.shown})
        if cannabis is not True:
            missing = missing or ("section" if cannabis is None else "disposition")
    return CitedTest(rule, "unknown" if missing else "met", "", unknown=missing)


def all_sentences_ended(case: Case) -> CitedTest:
    """Whether the sentence of every conviction is over (I-05)."""
    rule = "all_sentences_ended"
    running: list[date] = []
    may_run: list[date] = []
    missing = None if case.knows_everything else "rap_sheet"
    for conviction in case.standing():
        end = case.once(sentence_end, conviction)
        if end is None:
            case.facts.turn(conviction, "sentence_end", add_days(case.as_of, 1))
            missing = missing or "sentence"
        elif end > case.as_of:
            (running if is_certain(conviction) else may_run).append(end)
    if running:
        latest = max(running)
        return CitedTest(rule, "not_met", "", {"latest_end": latest.isoformat()}, turns_on=latest)
    missing = missing or ("disposition" if may_run else None)
    turns_on = min(may_run, default=None)
    return CitedTest(rule, "unknown" if missing else "met", "", turns_on=turns_on, unknown=missing)


def a_sentence_running(case: Case) -> CitedTest:
    """Whether the sentence of any conviction still runs: the opposite of ``all_sentences_ended``."""
    ended = all_sentences_ended(case)
    return ended._replace(rule="a_sentence_running", finding=OPPOSITE[ended.finding])


def deceased(case: Case) -> CitedTest:
    """Whether a rap sheet shows the person's death, on the day or earlier.

    Unknown when the date is impossible or contradictory, or a conviction came after it: it may be another's. So
    it is where no death is on record and yet its date is in doubt.
    """
    rule, on = "deceased", case.history.deceased_on
    if _death_in_doubt(case):
        return CitedTest(rule, "unknown", "", unknown="deceased_on")
    if case.history.deceased and (on is None or on <= case.as_of):
        return CitedTest(rule, "met", "", {"deceased_on": on.isoformat() if on else "unknown"})
    if case.history.deceased:
        return CitedTest(rule, "not_met", "", turns_on=on)
    missing = None if case.knows_everything else "rap_sheet"
    return CitedTest(rule, "unknown" if missing else "not_met", "", unknown=missing)


def _death_in_doubt(case: Case) -> bool:
    on = case.history.deceased_on
    convicted = (conviction.conviction_date for conviction in case.history.convictions)
    kinds = WRONG if case.history.deceased else None
    return is_in_doubt(case.history.doubts, "deceased_on", kinds) or any(
        on is not None and day is not None and day > on for day in convicted
    )
