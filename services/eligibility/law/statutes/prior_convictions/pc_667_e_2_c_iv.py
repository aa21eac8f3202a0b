"""PC 667(e)(2)(C)(iv): super strikes, the prior convictions that keep 11358-11360 a felony."""

from collections.abc import Sequence

from reliefstream_contracts.histories import Conviction
from services.eligibility.law.engine.finding import CitedTest, Finding
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.input.facts import Facts
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.input.statute import SuperStrikes
from services.eligibility.law.statutes.prior_convictions.disqualifying_list import (
    FELONY,
    Listed,
    earlier,
    on_list,
    settled,
)

RULE = "earlier_super_strike"


@whatever_the_day
def earlier_super_strike(case: Case) -> CitedTest:
    """Whether a super strike stood as a conviction when this one was charged (I-08 to I-11)."""
    statute = case.statute.super_strikes
    standing = tuple(case.standing())
    listed = {}
    for other in case.maybe_prior():
        on = super_strike(other, standing, statute, case.facts)
        if on.finding != "not_met":
            listed[str(other.conviction_id)] = (other, on)
    return earlier(case, RULE, statute.listed.citation, listed, case.is_prior)


def super_strike(
    conviction: Conviction, standing: Sequence[Conviction], statute: SuperStrikes, facts: Facts
) -> Listed:
    """Whether a conviction is a super strike; ``standing`` are all convictions of the person.

    A gang enhancement of PC 186.22(b)(4) makes some offenses a life term, whether it stands on the same line
    or on a line of its own; the offense's own date then counts (I-09). A felony with a life sentence that no
    list names may be one: unknown (I-11).
    """
    on = _listed(conviction, standing, statute, facts)
    return settled(conviction, on, "super_strike", facts, statute.listed.citation)


def _listed(
    conviction: Conviction, standing: Sequence[Conviction], statute: SuperStrikes, facts: Facts
) -> Listed:
    on = on_list(conviction, statute.listed, facts)
    if on.finding == "met":
        return on
    enhanced = _with_gang_enhancement(conviction, standing, statute)
    if enhanced != "not_met":
        unknown = "section" if enhanced == "unknown" else None
        return Listed(enhanced, statute.with_gang_enhancement.citation, unknown)
    life = any(part.kind == "life" for part in conviction.sentence)
    if on.finding == "not_met" and life and conviction.level_convicted in {"felony", None}:
        return Listed("unknown", statute.life_term_citation, "life_term")
    return on


def _with_gang_enhancement(
    conviction: Conviction, standing: Sequence[Conviction], statute: SuperStrikes
) -> Finding:
    underlying = {
        statute.with_gang_enhancement.look_up(section)[0] for section in conviction.offense.sections
    }
    if underlying <= {"not_met"}:
        return "not_met"
    enhanced = {
        statute.gang_enhancement.look_up(section)[0]
        for other in standing
        if _belongs(other, conviction, standing)
        for section in other.offense.sections
    }
    if enhanced <= {"not_met"}:
        return "not_met"
    surely = "met" in underlying and "met" in enhanced and conviction.level_convicted in FELONY
    return "met" if surely else "unknown"


def _belongs(line: Conviction, conviction: Conviction, standing: Sequence[Conviction]) -> bool:
    """Whether an enhancement on that line is the conviction's: in its event, or alone in its own event (an
    enhancement cannot stand alone, so it is read as one to the county's other convictions; I-09)."""
    if line.event == conviction.event:
        return True
    alone = not any(other.event == line.event for other in standing if other is not line)
    return alone and line.county is not None and line.county == conviction.county
