"""PC 290(c): convictions that require registration. A registration row by itself is not one (I-12)."""

from services.eligibility.law.case import Case
from services.eligibility.law.disqualifying_list import earlier, on_list
from services.eligibility.law.finding import CitedTest


def earlier_pc_290_conviction(case: Case) -> CitedTest:
    """Whether an offense that PC 290(c) lists was convicted on an earlier day than this conviction."""
    registrable = case.statute.registrable
    listed = {}
    for other in case.others():
        on = on_list(other.offense, registrable)
        if on.finding != "not_met":
            listed[str(other.conviction_id)] = (other, on)
    return earlier(case, "earlier_pc_290_conviction", registrable.citation, listed)


def earlier_pc_290_registration(case: Case) -> CitedTest:
    """Whether the rap sheet shows a registration on an earlier day than this conviction.

    The statute asks for a conviction; only a county's policy asks for this. A registration without a date is
    unknown, and so is a person without a complete rap sheet.
    """
    rule, citation = "earlier_pc_290_registration", "PC 290(b)"
    missing = None if case.knows_everything else "rap_sheet"
    for registration in case.history.registrations:
        section = registration.section
        if section is not None and (section.code.upper() not in {"PC", ""} or section.section != "290"):
            continue
        own = case.conviction.conviction_date
        if registration.on is None or own is None:
            missing = missing or ("conviction_date" if own is None else "registration_date")
        elif registration.on < own:
            facts = {"registered_on": registration.on.isoformat()}
            return CitedTest(rule, "met", citation, facts)
    if missing is not None:
        return CitedTest(rule, "unknown", citation, unknown=missing)
    return CitedTest(rule, "not_met", citation)
