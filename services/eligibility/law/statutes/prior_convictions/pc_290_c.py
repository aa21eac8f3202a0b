"""PC 290(c): convictions that require registration. A registration row by itself is not one (I-12)."""

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.input.facts import Facts
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.input.section_list import SectionList
from services.eligibility.law.input.statute import Registrable
from services.eligibility.law.statutes.prior_convictions.disqualifying_list import (
    NO_INFRACTION,
    Listed,
    earlier,
    on_list,
    settled,
)


@whatever_the_day
def earlier_pc_290_conviction(case: Case) -> CitedTest:
    """Whether an offense that PC 290(c) lists stood as a conviction when this one was charged (I-08).

    Unknown for a conviction of a registrant's duties: the matter behind it is not on the sheet (I-31).
    """
    registrable = case.statute.registrable
    listed = {}
    for other in case.maybe_prior():
        on = registrable_offense(other, registrable, case.facts)
        if on.finding != "not_met":
            listed[str(other.conviction_id)] = (other, on)
    citation = registrable.listed.citation
    return earlier(case, "earlier_pc_290_conviction", citation, listed, case.is_prior)


def registrable_offense(conviction: Conviction, statute: Registrable, facts: Facts) -> Listed:
    """Whether a conviction is one that PC 290(c) lists, misdemeanors among them; unknown for one of PC 290 and
    what follows it (I-31)."""
    on = on_list(conviction, statute.listed, facts, NO_INFRACTION)
    if on.finding == "not_met" and any(_names(statute.duties, one) for one in conviction.offense.sections):
        on = Listed("unknown", statute.duties.citation, "section")
    return settled(conviction, on, "registrable", facts, statute.listed.citation)


@whatever_the_day
def earlier_pc_290_registration(case: Case) -> CitedTest:
    """Whether the rap sheet shows a registration on an earlier day than this conviction, or a conviction of a
    registrant's duties, who had registered or had to (I-31).

    The statute asks for another conviction; only a county's policy asks for this. A registration without a date
    or a section is unknown, and so is a person without a complete rap sheet.
    """
    rule, citation = "earlier_pc_290_registration", "PC 290(b)"
    duties, own = case.statute.registrable.duties, case.conviction.conviction_date
    missing = None if case.knows_everything else "rap_sheet"
    for registration in case.history.registrations:
        section = registration.section
        if section is not None and not _names(duties, section):
            continue
        if registration.on is None or own is None:
            missing = missing or ("conviction_date" if own is None else "registration_date")
        elif registration.on < own and section is not None:
            facts = {"registered_on": registration.on.isoformat()}
            return CitedTest(rule, "met", citation, facts)
        elif registration.on < own:
            missing = missing or "section"
    breached = _breaches_of_duty(case)
    if breached and (missing is None or breached.finding == "met"):
        return breached
    said = _stated_registration(case, missing)
    if missing is not None and said is None:
        return CitedTest(rule, "unknown", citation, unknown=missing)
    return CitedTest(rule, "met" if said == "yes" else "not_met", citation)


def _stated_registration(case: Case, missing: str | None) -> str | None:
    """What somebody stated of a registration before the conviction. A rest of the sheet that has not come is asked
    for as a whole."""
    ask = case.facts.stated if missing == "rap_sheet" else case.facts.of
    return None if missing is None else ask(case.conviction, "registered_before")


def _breaches_of_duty(case: Case) -> CitedTest | None:
    """What convictions of a registrant's duties say of an earlier registration; None where there is none."""
    duties = case.statute.registrable.duties
    named = {}
    for other in case.others():
        if case.is_earlier(other) is not False and any(_names(duties, one) for one in other.offense.sections):
            named[str(other.conviction_id)] = (other, on_list(other, duties, case.facts, NO_INFRACTION))
    if not named:
        return None
    found = earlier(case, "earlier_pc_290_registration", duties.citation, named, case.is_earlier)
    if found.finding != "met":
        return found
    return found._replace(
        facts={**found.facts, "registered_on": f"or before {found.facts['conviction_date']}"}
    )


def _names(duties: SectionList, section: CodeSection) -> bool:
    """Whether it is PC 290 or one of the sections that follow it; a number without a code is the Penal Code's."""
    penal = section if section.code else section.replace(code="PC")
    return duties.look_up(penal)[0] != "not_met"
