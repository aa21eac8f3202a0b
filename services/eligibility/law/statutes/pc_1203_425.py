"""PC 1203.425(a)(1)(B): relief that DOJ grants by itself, condition by condition.

The review reads DOJ's own databases. Whatever of them a rap sheet does not show is unknown here: an active
supervision, pending charges, a probation that was revoked, the end of parole.
"""

import re
from collections.abc import Sequence
from datetime import date

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.stated_facts import FactCode
from services.eligibility.law.conditions.own_conviction import (
    convicted_years_ago,
    level_is,
    own_sentence_ended,
)
from services.eligibility.law.conditions.sentence_end import sentence_end
from services.eligibility.law.conditions.whole_history import a_sentence_running
from services.eligibility.law.engine.calendar import add_days, add_years, first_later, next_flip
from services.eligibility.law.engine.finding import OPPOSITE, Answer, CitedTest, Finding, all_of, any_of
from services.eligibility.law.engine.minimum import Minimum
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.input.judged_conviction import CONTRADICTORY, Case, is_certain, is_in_doubt
from services.eligibility.law.input.statute import Clause
from services.eligibility.law.statutes.prior_convictions.disqualifying_list import Listed, on_list, settled
from services.eligibility.law.statutes.prior_convictions.pc_290_c import registrable_offense

ENHANCEMENT = re.compile(r"186\.22|12022(\.[0-9]+)?")
"""Enhancements for gangs, weapons and injury, which make another line of their event a serious felony."""
INJURY_OR_WEAPON: tuple[FactCode, ...] = ("great_bodily_injury", "weapon_use")


@whatever_the_day
def registration_required(case: Case) -> CitedTest:
    """(i): whether a registration, or a conviction that PC 290(c) lists, is on record (I-41).

    Unknown when one may be, or when no complete state rap sheet has come.
    """
    rule, citation = "registration_required", case.statute.automatic_relief.registration.citation
    missing = None if case.knows_everything else "rap_sheet"
    for registration in case.history.registrations:
        if registration.section is None:
            missing = missing or "section"
        elif registration.section.section.startswith("290"):
            facts = {"registered_on": registration.on.isoformat() if registration.on else "unknown"}
            return CitedTest(rule, "met", citation, facts)
    if missing == "section" and (said := case.facts.of(case.conviction, "registration_required")) is not None:
        return CitedTest(rule, "met" if said == "yes" else "not_met", citation)
    for conviction in case.standing():
        on = registrable_offense(conviction, case.statute.registrable, case.facts)
        if on.finding == "met" and is_certain(conviction):
            return CitedTest(rule, "met", citation, {"section": str(conviction.offense)})
        if on.finding != "not_met":
            missing = missing or on.unknown or "disposition"
    return CitedTest(rule, "unknown" if missing else "not_met", citation, unknown=missing)


def under_supervision(case: Case) -> CitedTest:
    """(ii): whether the Supervised Release File shows an active supervision. No rap sheet shows it (I-42)."""
    citation = case.statute.automatic_relief.supervision.citation
    return _stated(case, "under_supervision", "under_supervision", citation, "supervision")


def serving_a_sentence(case: Case) -> CitedTest:
    """(iii): whether the sentence of any conviction still runs, by the terms on record (I-05)."""
    citation = case.statute.automatic_relief.serving_or_charged.citation
    return a_sentence_running(case)._replace(rule="serving_a_sentence", citation=citation)


def charges_pending(case: Case) -> CitedTest:
    """(iii): whether criminal charges are pending. A history holds convictions only (I-42)."""
    citation = case.statute.automatic_relief.serving_or_charged.citation
    return _stated(case, "charges_pending", "charges_pending", citation, "pending_charges")


def _stated(case: Case, rule: str, fact: FactCode, citation: str, missing: str) -> CitedTest:
    """The test by a statement; unknown without one."""
    value = case.facts.of(case.conviction, fact)
    if value is None:
        return CitedTest(rule, "unknown", citation, unknown=missing)
    return CitedTest(rule, "met" if value == "yes" else "not_met", citation)


def relief_prohibited(case: Case) -> CitedTest:
    """(b): whether a court ordered, on the prosecution's petition, that no relief is granted; presumed not (I-40)."""
    rule, citation = "relief_prohibited", "PC 1203.425(b)"
    ordered = case.facts.stated(case.conviction, "relief_prohibited") == "yes"
    if case.facts.contradicted(case.conviction, "relief_prohibited"):
        return CitedTest(rule, "unknown", citation, unknown="statement")
    return CitedTest(rule, "met" if ordered else "not_met", citation)


def probation(case: Case) -> Answer:
    """(iv)(I)(ia): a term of probation that is over, none that the record shows as revoked, and no state prison.

    ``probation_revoked`` tests whether it was revoked.
    """
    law, revoked = case.statute.automatic_relief, probation_revoked(case)
    return _all(
        *((_opposite(revoked),) if revoked.finding == "met" else ()),
        _sentenced_to(case, "probation", law.probation.citation),
        *_in_time(case, law.probation),
        _opposite(_sentenced_to(case, "prison", law.prison.citation)),
        own_sentence_ended(case),
    )


def probation_revoked(case: Case) -> CitedTest:
    """(iv)(I)(ia): whether a probation was revoked. A rap sheet may show a later step that says so; none says that it
    never was (I-42)."""
    rule, citation = "probation_revoked", case.statute.automatic_relief.probation.citation
    if is_in_doubt(case.conviction.doubts, "probation", CONTRADICTORY):
        return CitedTest(rule, "met", citation)
    if _sentenced_to(case, "probation", citation).finding == "not_met":
        return CitedTest(rule, "not_met", citation)
    return _stated(case, rule, "probation_revoked", citation, "revocation")


def lesser_offense(case: Case) -> Answer:
    """(iv)(I)(ib): an infraction or misdemeanor without probation, its sentence over, a calendar year after judgment,
    and no state prison."""
    law = case.statute.automatic_relief
    return _all(
        level_is(case, ("misdemeanor", "infraction")),
        *_in_time(case, law.lesser),
        _opposite(_sentenced_to(case, "probation", law.lesser.citation)),
        _opposite(_sentenced_to(case, "prison", law.prison.citation)),
        own_sentence_ended(case),
        _years_since_judgment(case, law.lesser),
    )


def other_felony(case: Case) -> Answer:
    """(iv)(II): a felony that is not serious, violent or registrable, its terms over for four years, and no new
    felony in them."""
    law = case.statute.automatic_relief
    return _all(
        level_is(case, ("felony",)),
        *_in_time(case, law.felony),
        _opposite(serious_violent_or_registrable(case)),
        years_without_felony(case, law.felony),
    )


@whatever_the_day
def serious_violent_or_registrable(case: Case) -> CitedTest:
    """Whether the conviction is of a felony that PC 667.5(c), 1192.7(c) or 290(c) lists (I-43).

    Unknown for one that is so only by a fact that its number does not show, for a life term that no list names,
    where an enhancement for a weapon or injury stands on a line of its own in its event, and for every felony in
    which somebody may have been injured or a weapon used, unless its elements leave no room for either.
    """
    rule, conviction = "serious_violent_or_registrable", case.conviction
    facts = {"section": str(conviction.offense)}
    listed = _on_its_lists(case)
    on = settled(conviction, listed, "serious_or_violent", case.facts, "PC 1192.7(c)")
    if listed.finding == "not_met":
        on = _with_injury_or_weapon(case)
    return CitedTest(rule, on.finding, on.citation, facts, unknown=on.unknown)


def _on_its_lists(case: Case) -> Listed:
    law, conviction, known = case.statute.automatic_relief, case.conviction, case.facts
    found = [on_list(conviction, listed, known) for listed in (law.violent, law.serious)]
    found.append(registrable_offense(conviction, case.statute.registrable, known))
    on = next((one for one in found if one.finding == "met"), None)
    if on is not None:
        return on
    maybe = on_list(conviction, law.may_be_serious, known)
    beside = [other for other in case.others() if other.event == conviction.event]
    found += [maybe._replace(unknown="seriousness") if maybe.finding == "met" else maybe]
    enhanced = _enhanced(case, beside)
    if enhanced.finding == "met":
        return enhanced
    found.append(enhanced)
    on = next((one for one in found if one.finding != "not_met"), None)
    if on is not None:
        return on._replace(finding="unknown")
    if any(part.kind == "life" for part in conviction.sentence):
        return Listed("unknown", law.serious.citation, "life_term")
    return Listed("not_met", law.felony.citation)


def _enhanced(case: Case, beside: Sequence[Conviction]) -> Listed:
    """Whether an enhancement on a line of its own makes the conviction serious: it does where no other felony of the
    event can be the one that it enhances (I-43)."""
    serious = case.statute.automatic_relief.serious
    others = [one for one in beside if not _enhances(one) and one.level_convicted in {"felony", None}]
    found = Listed("not_met", serious.citation)
    for line in beside:
        on = on_list(line, serious, case.facts) if _enhances(line) else found
        if on.finding == "met" and not others and is_certain(line):
            return on
        if on.finding != "not_met":
            found = Listed("unknown", on.citation, "seriousness")
    return found


def _with_injury_or_weapon(case: Case) -> Listed:
    """Any felony is serious with great bodily injury or a weapon used (PC 1192.7(c)(8), (23)); unknown unless the
    offense by its elements has neither."""
    conviction, law = case.conviction, case.statute.automatic_relief
    no_room = law.without_injury_or_weapon
    if all(no_room.look_up(section)[0] == "met" for section in conviction.offense.sections):
        return Listed("not_met", law.felony.citation)
    values = {fact: case.facts.of(conviction, fact) for fact in INJURY_OR_WEAPON}
    if "yes" in values.values():
        return Listed("met", no_room.citation)
    missing = next((fact for fact, value in values.items() if value is None), None)
    return Listed("unknown" if missing else "not_met", no_room.citation, missing)


def years_without_felony(case: Case, clause: Clause) -> CitedTest:
    """Whether the clause's years have passed since all terms were over, without a new felony in them (I-44).

    Unknown once they have passed after state prison: when parole ended is on no record.
    """
    rule, end = "years_without_felony", case.once(sentence_end, case.conviction)
    parole = _parole_end(case, clause)
    end = max(end, parole) if end is not None and parole is not None else end
    until = add_years(end, clause.years) if end is not None else None
    if end is None or until is None:
        _turns_of_the_end(case, clause)
        return CitedTest(rule, "unknown", clause.citation, {"years": clause.years}, unknown="sentence")
    facts = {"years": clause.years, "sentence_end": end.isoformat()}
    missing = None if case.knows_everything else "rap_sheet"
    for other in case.others():
        on = other.conviction_date
        if other.level_convicted not in {"felony", None} or (on is not None and not end <= on < until):
            continue
        if on is not None and other.level_convicted and is_certain(other):
            return CitedTest(
                rule, "not_met", clause.citation, {**facts, "new_felony_convicted_on": on.isoformat()}
            )
        missing = missing or (
            "conviction_date" if on is None else "disposition" if other.level_convicted else "level"
        )
    if until > case.as_of:
        return CitedTest(rule, "not_met", clause.citation, facts, turns_on=until)
    if any(part.kind == "prison" for part in case.conviction.sentence) and parole is None:
        missing = missing or "parole"
    return CitedTest(rule, "unknown" if missing else "met", clause.citation, facts, unknown=missing)


def _parole_end(case: Case, clause: Clause) -> date | None:
    """When parole after state prison was over, as stated; None where nobody did, the day cannot be, or there was no
    prison."""
    own = case.conviction
    if all(part.kind != "prison" for part in own.sentence):
        return None
    _turns_of_the_end(case, clause, "parole_end")
    end = case.facts.on(own, "parole_end")
    if end is not None and own.conviction_date is not None and end < own.conviction_date:
        case.facts.ask(own, "parole_end")
        return None
    return end


def _turns_of_the_end(case: Case, clause: Clause, fact: FactCode = "sentence_end") -> None:
    """Keeps the days of the end of all terms from which on the years are not over, or a felony falls into them."""
    felonies = [one.conviction_date for one in case.others() if one.level_convicted in {"felony", None}]
    days = [first_later(clause.years, case.as_of)]
    for on in felonies:
        days += [add_days(on, 1), first_later(clause.years, on)] if on is not None else []
    case.facts.turn(case.conviction, fact, *days)


def legal_minimum(case: Case) -> Minimum:
    """The relief that the record alone compels: none, as it shows neither supervision nor pending charges."""
    bars = (under_supervision(case), charges_pending(case), registration_required(case))
    return Minimum(None, (*bars, serving_a_sentence(case), *any_clause(case).tests))


def any_clause(case: Case) -> Answer:
    """(iv): whether any of its three conditions is met, revocation aside."""
    return any_of((other_felony(case), lesser_offense(case), probation(case)))


def _in_time(case: Case, clause: Clause) -> tuple[CitedTest, CitedTest]:
    """Whether the clause is in force on the day, and the conviction not older than it reaches."""
    facts = {"in_force": clause.in_force.isoformat()}
    turns_on = next_flip(case.as_of, clause.in_force)
    in_force = CitedTest(
        "clause_in_force", "not_met" if turns_on else "met", clause.citation, facts, turns_on
    )
    on, rule = case.conviction.conviction_date, f"convicted_from_{clause.convicted_from.isoformat()}"
    if on is None:
        case.facts.turn(case.conviction, "conviction_date", clause.convicted_from)
        return in_force, CitedTest(rule, "unknown", clause.citation, unknown="conviction_date")
    finding: Finding = "met" if on >= clause.convicted_from else "not_met"
    return in_force, CitedTest(rule, finding, clause.citation, {"conviction_date": on.isoformat()})


def _sentenced_to(case: Case, kind: str, citation: str) -> CitedTest:
    """Whether a part of the sentence is of that kind. Unknown without a part on record, or with one in doubt."""
    rule, conviction = f"sentenced_to_{kind}", case.conviction
    if any(part.kind == kind for part in conviction.sentence):
        return CitedTest(rule, "met", citation)
    known = conviction.sentence and not is_in_doubt(conviction.doubts, "sentence")
    return CitedTest(rule, "not_met" if known else "unknown", citation, unknown=None if known else "sentence")


def _years_since_judgment(case: Case, clause: Clause) -> CitedTest:
    """Whether so many calendar years have passed since judgment, which is the conviction's date (I-45)."""
    found = convicted_years_ago(case, clause.years)
    return found._replace(rule="years_since_judgment", citation=clause.citation)


def _opposite(test: CitedTest) -> CitedTest:
    return test._replace(rule=f"not_{test.rule}", finding=OPPOSITE[test.finding])


def _all(*tests: CitedTest) -> Answer:
    """Met when all are; when some are not met, only the one that stays unmet the longest is shown."""
    failed = [test for test in tests if test.finding == "not_met"]
    if failed:
        return Answer("not_met", (max(failed, key=lambda test: test.turns_on or date.max),))
    return all_of(Answer(test.finding, (test,)) for test in tests)


def _enhances(line: Conviction) -> bool:
    """Whether a line names an enhancement for a weapon or an injury, or for a gang."""
    return any(
        section.code.upper() == "PC" and ENHANCEMENT.fullmatch(section.section) is not None
        for section in line.offense.sections
    )
