"""The law's one question: what is owed on each conviction of a person in a county, on a day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from reliefstream_contracts.determinations import Determination, Ground, Outcome, Route
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import Source
from reliefstream_contracts.offense import CodeSection
from services.eligibility.law.case import Case, County
from services.eligibility.law.determined_from import determined_from
from services.eligibility.law.finding import CitedTest
from services.eligibility.law.hs_11361_5 import record_destroyed
from services.eligibility.law.hs_11361_8 import RANK, Minimum, legal_minimum, record_sealed, relief_shown
from services.eligibility.law.hs_article_2 import as_named, coverage, gets_a_determination
from services.eligibility.law.in_doubt import in_doubt
from services.eligibility.law.policy import Decision, Policy, decide
from services.eligibility.law.prosecutor import prosecutor
from services.eligibility.law.reasons import REASONS
from services.eligibility.law.statute import Statute


def judge(
    history: HistoryChanged, county: County, policy: Policy, statute: Statute, as_of: date
) -> tuple[Determination, ...]:
    """A determination on each conviction of the county that the law is asked about, sorted by conviction id.

    Total: it never raises on a history that the contracts allow. The same arguments give the same answer.
    """
    return tuple(
        _determine(Case(history, conviction, county, statute, as_of), policy)
        for conviction in sorted(history.convictions, key=lambda one: str(one.conviction_id))
        if gets_a_determination(conviction, county, statute.article_two)
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found on one day; two of one content are the same finding."""

    outcome: Outcome
    route: Route | None
    city: str | None
    reason: str
    determination_label: str
    reason_label: str
    legal_minimum: Outcome | None
    grounds: tuple[Ground, ...]
    shown_by: tuple[Source, ...] = ()


def _determine(case: Case, policy: Policy) -> Determination:
    found, turns_on = _find(case, policy)
    return Determination(
        **determined_from(case.conviction, case.county.name),
        section=as_named(case.conviction.offense, case.statute.article_two),
        outcome=found.outcome,
        route=found.route,
        city=found.city,
        reason=found.reason,
        determination_label=found.determination_label,
        reason_label=found.reason_label,
        legal_minimum=found.legal_minimum,
        policy=policy.name,
        law=case.statute.version,
        as_of=case.as_of,
        next_review_on=_next_review(case, policy, found, turns_on),
        grounds=found.grounds,
        shown_by=found.shown_by,
    )


def _next_review(case: Case, policy: Policy, today: _Found, turns_on: date | None) -> date | None:
    """The first later day on which anything that was found turns out otherwise; None: never by itself.

    Between two days on which a test may turn nothing can change, so only those days are judged.
    """
    while turns_on is not None:
        day = turns_on
        later, turns_on = _find(replace(case, as_of=day), policy)
        if later != today:
            return day
    return None


def _find(case: Case, policy: Policy) -> tuple[_Found, date | None]:
    """What the law and the policy say on the case's day, and when one of the tests may turn."""
    reach = coverage(case.conviction, case.statute.article_two)
    sources, shown = relief_shown(case)
    if shown is not None:
        return _before_the_table(policy, "already_relieved", shown.rule, (shown,), sources), None
    if reach.status == "not_covered":
        return _before_the_table(policy, "not_covered", reach.reason, (reach.test,)), None
    if reach.section is None:
        return _before_the_table(policy, "needs_review", reach.reason, (reach.test,)), None
    sealed, destroyed = record_sealed(case), record_destroyed(case, reach.section)
    gone = tuple(test for test in (sealed, destroyed) if test is not None)
    showing = set(case.conviction.sealed_by)
    if destroyed is not None and destroyed.finding == "met":
        showing.update(case.conviction.destroyed_by)
    if showing:
        reason = "record_sealed_or_destroyed"
        shown_by = tuple(sorted(showing))
        return _before_the_table(policy, "already_relieved", reason, (*gone, reach.test), shown_by), None
    doubtful = in_doubt(case)
    if doubtful is not None:
        return _before_the_table(policy, "needs_review", doubtful.rule, (doubtful, reach.test)), None
    return _by_the_table(case, policy, (reach.test, *gone), reach.section)


def _before_the_table(
    policy: Policy,
    outcome: Outcome,
    reason: str,
    tests: tuple[CitedTest, ...],
    shown_by: tuple[Source, ...] = (),
) -> _Found:
    """A finding that the county's table is not asked about, in the county's label and our reason."""
    return _Found(
        outcome=outcome,
        route="district_attorney" if outcome == "needs_review" else None,
        city=None,
        reason=reason,
        determination_label=policy.labels[outcome],
        reason_label=REASONS[reason],
        legal_minimum=None,
        grounds=tuple(test.ground() for test in tests),
        shown_by=shown_by,
    )


def _by_the_table(
    case: Case, policy: Policy, before: tuple[CitedTest, ...], section: CodeSection
) -> tuple[_Found, date | None]:
    decision, minimum = decide(policy, case, section), legal_minimum(case, section)
    grounds = [
        test.ground(f"{policy.name}, row {row.number}")
        for row, answer in decision.asked
        for test in answer.tests
    ]
    grounds += [test.ground() for test in (*before, *minimum.tests)]
    outcome, route, reason = decision.outcome, decision.route, decision.reason
    gives_less = outcome in RANK and RANK[outcome] < RANK[minimum.relief]
    if gives_less:
        grounds.insert(0, _gives_less(case, decision, minimum))
        outcome, route, reason = "needs_review", "district_attorney", "below_legal_minimum"
    city = None
    if route == "city_attorney":
        city = prosecutor(case.conviction.prosecuting_agency, case.county.city_prosecutors).city
    tests = [test for _, answer in decision.asked for test in answer.tests] + list(minimum.tests)
    turns_on = min((test.turns_on for test in tests if test.turns_on is not None), default=None)
    labels = decision.determination_label, decision.reason_label
    found = _Found(outcome, route, city, reason, *labels, minimum.relief, _once(grounds))
    return found, turns_on


def _gives_less(case: Case, decision: Decision, minimum: Minimum) -> Ground:
    facts = {"policy_gives": decision.outcome, "policy_reason": decision.reason, "statute": minimum.relief}
    return CitedTest("below_legal_minimum", "met", case.statute.relief.citation, facts).ground()


def _once(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    """Each test once, where it first stands: a policy's row and the statute may ask the same."""
    kept: list[Ground] = []
    for ground in grounds:
        if not any(one.rule == ground.rule and one.facts == ground.facts for one in kept):
            kept.append(ground)
    return tuple(kept)
