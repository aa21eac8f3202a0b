"""Judges each conviction of a person in a county on a day. Pure.

It knows no section number: the policy names its law, and the law says what it reaches and what it owes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from reliefstream_contracts.determinations import Determination, OpenQuestion, Outcome, RedesignatedTo, Route
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import Source
from services.eligibility.law.conditions.prosecutor import prosecutor_of, stated_by_another_city
from services.eligibility.law.conditions.related_charge import charge_as_printed, is_related
from services.eligibility.law.engine.determined_from import determined_from
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.engine.law import ForTheTable, Settled
from services.eligibility.law.engine.minimum import RANK, Minimum
from services.eligibility.law.engine.policy import Policy, PolicyDecision, Row, decide
from services.eligibility.law.engine.reasons import REASONS
from services.eligibility.law.input.facts import Asked
from services.eligibility.law.input.judged_conviction import Case, County, is_dismissed, is_of_the_county
from services.eligibility.law.input.stated_fields import with_stated_fields
from services.eligibility.law.input.statute import Statute
from services.eligibility.law.questions.missing_facts import MISSING_FACTS
from services.eligibility.law.questions.open_questions import Finding, open_questions
from services.eligibility.law.statutes import pc_1385

BeforeTheTable = Callable[[Case], Settled | ForTheTable]


def judge(
    history: HistoryChanged, county: County, policy: Policy, statute: Statute, as_of: date
) -> tuple[Determination, ...]:
    """A determination on each conviction of the county that the law or the policy is asked about, by conviction id.

    Total: it never raises on a history that the contracts allow. The same arguments give the same answer.
    """
    found = []
    not_theirs = stated_by_another_city(history, county)
    if not_theirs:
        own = tuple(one for one in history.stated_facts if one not in not_theirs)
        history = history.replace(stated_facts=own)
    history = with_stated_fields(history)
    known: dict[Any, Any] = {}
    for conviction in history.convictions:
        if not is_of_the_county(conviction, county):
            continue
        case = Case(history, conviction, county, statute, as_of, not_theirs, known=known)
        before = _before_the_table(case, policy)
        if before is not None:
            found.append(_determine(case, policy, before))
    return tuple(sorted(found, key=lambda one: str(one.conviction_id)))


def _before_the_table(case: Case, policy: Policy) -> BeforeTheTable | None:
    """The function that may settle the case before the table; None: nobody judges this conviction of the county."""
    if policy.law.reaches(case):
        return policy.law.before_the_table
    related = policy.related_charges
    if related is not None and is_related(case.conviction, related):
        return pc_1385.before_the_table
    return policy.law.companion(case)


class _Found(NamedTuple):
    """The finding of one day."""

    outcome: Outcome
    route: Route | None
    city: str | None
    reason: str
    determination_label: str
    reason_label: str
    legal_minimum: Outcome | None
    tests: tuple[tuple[str, CitedTest], ...]
    """Each with the row that asked it, empty where the law itself did."""
    shown_by: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()
    """What the tests that made the finding miss; those that are only shown beside it left out."""
    asked: tuple[Asked, ...] = ()
    """The facts that those tests asked for and nobody knows."""


def _determine(case: Case, policy: Policy, before: BeforeTheTable) -> Determination:
    start = _undone(case, policy) or before(case)
    found, turns_on = _find(case, policy, start)
    questions = _open_questions(case, policy, found) if found.outcome == "needs_review" else ()
    return Determination(
        **determined_from(case.conviction, case.county.name),
        section=policy.law.named(case.conviction.offense, case.statute),
        outcome=found.outcome,
        redesignated_to=_redesignated_to(case, policy, start, found),
        route=found.route,
        city=found.city,
        reason=found.reason,
        determination_label=found.determination_label,
        reason_label=found.reason_label,
        legal_minimum=found.legal_minimum,
        policy=policy.name,
        law_name=policy.law.name,
        law=policy.law.version(case.statute),
        as_of=case.as_of,
        next_review_on=_next_review(case, policy, start, found, turns_on),
        grounds=tuple([test.ground(cited_by) for cited_by, test in found.tests]),
        open_questions=questions,
        shown_by=found.shown_by,
    )


def _redesignated_to(
    case: Case, policy: Policy, start: Settled | ForTheTable, found: _Found
) -> RedesignatedTo | None:
    if found.outcome != "redesignation" or isinstance(start, Settled):
        return None
    return policy.law.redesignated_to(case, start.section)


def _open_questions(case: Case, policy: Policy, found: _Found) -> tuple[OpenQuestion, ...]:
    """The facts that would settle a review, found by judging again with each value of each unknown fact assumed."""
    if not found.missing and not found.asked:
        return ()

    def judged(history: HistoryChanged) -> Finding:
        filled = with_stated_fields(history)
        own = next(one for one in filled.convictions if one.conviction_id == case.conviction.conviction_id)
        assumed = replace(case, history=filled, conviction=own, memory={})
        before = _before_the_table(assumed, policy)
        if before is None:
            return "not_covered", None, ""
        return _finding(assumed, policy, _undone(assumed, policy) or before(assumed))

    return open_questions(
        case, found.asked, found.missing, (found.outcome, found.route, found.reason), judged
    )


def _next_review(
    case: Case, policy: Policy, start: Settled | ForTheTable, today: _Found, turns_on: date | None
) -> date | None:
    """The first later day on which anything that was found turns out otherwise; None: never by itself.

    Between two days on which a test may turn nothing can change, so only those days are judged.
    """
    while turns_on is not None:
        day = turns_on
        later, turns_on = _find(replace(case, as_of=day), policy, start)
        if _without_turns(later) != _without_turns(today):
            return day
    return None


def _without_turns(found: _Found) -> tuple[_Found, Sequence[tuple[object, ...]]]:
    """The finding, and its tests without when they turn next: neither that nor what was asked is part of it."""
    tests = [
        (by, test.rule, test.finding, test.citation, test.facts, test.unknown) for by, test in found.tests
    ]
    return found._replace(tests=(), asked=()), tests


def _find(case: Case, policy: Policy, start: Settled | ForTheTable) -> tuple[_Found, date | None]:
    """What the law and the policy say on the case's day, and when one of the tests may turn."""
    if isinstance(start, Settled):
        return _settled(case, policy, start), None
    convicted_on = case.conviction.conviction_date
    if convicted_on is not None and case.as_of < convicted_on:
        return _settled(case, policy, _not_yet(case, policy, convicted_on)), convicted_on
    return _by_the_table(case, policy, start)


def _finding(case: Case, policy: Policy, start: Settled | ForTheTable) -> Finding:
    """As ``_find``, without an explanation."""
    convicted_on = case.conviction.conviction_date
    if isinstance(start, Settled) or (convicted_on is not None and case.as_of < convicted_on):
        found, _ = _find(case, policy, start)
        return found.outcome, found.route, found.reason
    comes_to = _comes_to(case, policy, start)
    return comes_to.outcome, comes_to.route, comes_to.reason


def _undone(case: Case, policy: Policy) -> Settled | None:
    """Nothing to judge where somebody stated that the conviction no longer stands, is another county's, or was reported
    twice; None where nobody did."""
    own, facts = case.conviction.conviction_id, case.facts
    if not (facts.undone or facts.repeats or facts.elsewhere):
        return None
    if own in facts.undone:
        rule = "conviction_undone"
    elif own in facts.repeats:
        rule = "reported_twice"
    elif own in facts.elsewhere:
        rule = "of_another_county"
    else:
        return None
    test = CitedTest(rule, "met", policy.law.citation(case.statute))
    return Settled("not_covered", test.rule, (test,))


def _not_yet(case: Case, policy: Policy, convicted_on: date) -> Settled:
    """On a day before the conviction there is nothing to clear, and no table speaks of that (I-47)."""
    facts = {"conviction_date": convicted_on.isoformat()}
    test = CitedTest("convicted_after_the_day", "met", policy.law.citation(case.statute), facts)
    return Settled("needs_review", "not_yet_convicted", (test,))


def _settled(case: Case, policy: Policy, start: Settled) -> _Found:
    """A finding that the county's table is not asked about, in the county's label and our reason."""
    return _Found(
        outcome=start.outcome,
        route=policy.law.route if start.outcome == "needs_review" else None,
        city=None,
        reason=start.reason,
        determination_label=policy.labels[start.outcome],
        reason_label=REASONS[start.reason],
        legal_minimum=None,
        tests=tuple(("", test) for test in (*start.tests, *_statements(case))),
        shown_by=start.shown_by,
        missing=_missing(start.tests),
        asked=tuple(case.facts.unknown),
    )


class _ComesTo(NamedTuple):
    """What table and law come to on a day, before it is explained. ``first``: the test that decides beside the row."""

    decision: PolicyDecision
    minimum: Minimum
    outcome: Outcome
    route: Route | None
    reason: str
    labels: tuple[str, str]
    first: CitedTest | None = None
    withheld: CitedTest | None = None
    asked: tuple[Asked, ...] = ()
    """The facts that the table's tests asked for and nobody knows."""


def _comes_to(case: Case, policy: Policy, start: ForTheTable) -> _ComesTo:
    decision = decide(policy, case, start.section)
    asked = tuple(case.facts.unknown)
    minimum = policy.law.minimum(case, start.section) if start.in_reach else Minimum(None, ())
    outcome, route = decision.outcome, decision.route
    labels = decision.determination_label, _charge_in(decision.reason_label, case)
    as_decided = _ComesTo(decision, minimum, outcome, route, decision.reason, labels, asked=asked)
    gives_relief = RANK.get(outcome, 0) > 0
    review = policy.law.route
    if outcome in RANK and RANK[outcome] < RANK[minimum.relief]:
        less = _gives_less(case, policy, decision, minimum)
        return as_decided._replace(
            outcome="needs_review", route=review, reason="below_legal_minimum", first=less
        )
    if outcome == "not_eligible" and minimum.missing is not None:
        return as_decided._replace(
            outcome="needs_review",
            route=review,
            reason=f"unknown_{minimum.missing}",
            labels=(policy.labels["needs_review"], MISSING_FACTS[minimum.missing].label),
            first=minimum.tests[0],
        )
    if gives_relief and not start.in_reach:
        return as_decided._replace(outcome="needs_review", route=review)
    if gives_relief and (withheld := policy.law.withheld(case)) is not None:
        test = withheld.test
        if test.unknown is not None:
            labels = policy.labels["needs_review"], MISSING_FACTS[test.unknown].label
        return as_decided._replace(
            outcome="needs_review",
            route=review,
            reason=withheld.reason,
            labels=labels,
            first=test,
            withheld=test,
        )
    return as_decided


def _by_the_table(case: Case, policy: Policy, start: ForTheTable) -> tuple[_Found, date | None]:
    comes_to = _comes_to(case, policy, start)
    decision, minimum = comes_to.decision, comes_to.minimum
    tests = [(_cited_by(policy, row, test), test) for row, answer in decision.asked for test in answer.tests]
    deciding = [test for _, test in tests]
    tests += [("", test) for test in (*start.tests, *minimum.tests, *minimum.beside, *_statements(case))]
    turns_on = min((test.turns_on for _, test in tests if test.turns_on is not None), default=None)
    if decision.outcome in RANK:  # a review that the table itself makes stays one whatever the minimum is
        deciding += minimum.tests
    if comes_to.first is not None:
        tests.insert(0, ("", comes_to.first))
    if comes_to.withheld is not None:
        deciding.append(comes_to.withheld)
    if RANK.get(comes_to.outcome, 0) > 0:
        tests += [("", test) for test in policy.law.limits(case)]
    city = prosecutor_of(case).city if comes_to.route == "city_attorney" else None
    found = _Found(
        comes_to.outcome,
        comes_to.route,
        city,
        comes_to.reason,
        *comes_to.labels,
        minimum.relief,
        _once(tests),
        missing=_missing(deciding),
        asked=tuple(case.facts.unknown) if decision.outcome in RANK else comes_to.asked,
    )
    return found, turns_on


def _missing(tests: Iterable[CitedTest]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(test.unknown for test in tests if test.unknown is not None))


def _statements(case: Case) -> Iterator[CitedTest]:
    """What people stated, each with who did: met, the law used it; not met, it was another city's attorney's to state.
    The basis stays with the statement. Of another conviction that a source shows dismissed the law uses nothing."""
    if not case.history.stated_facts and not case.not_theirs:
        return
    of_count = {ref.key: one for one in case.history.convictions for ref in one.counts}
    for stated in (*case.history.stated_facts, *case.not_theirs):
        if stated.count not in of_count:
            continue
        about = of_count[stated.count]
        if about is not case.conviction and is_dismissed(about):
            continue
        facts = {
            "section": about.offense.shown,
            "fact": stated.fact,
            "value": "stated" if stated.fact == "birth_date" else stated.value,
            "stated_by": f"{stated.stated_by.role} {stated.stated_by.account}",
            "stated_on": stated.stated_on.isoformat(),
        }
        yield CitedTest(
            "fact_stated", "not_met" if stated in case.not_theirs else "met", "HS 11361.8(b), (f)", facts
        )


def _cited_by(policy: Policy, row: Row, test: CitedTest) -> str:
    own = f"{policy.name}, row {row.number}"
    return f"{own}; {row.citation}" if row.citation and row.citation != test.citation else own


def _charge_in(label: str, case: Case) -> str:
    """The county's words, with the charge as its list prints it where they ask for it."""
    if "{charge}" not in label:
        return label
    return label.replace("{charge}", charge_as_printed(case.conviction.offense))


def _gives_less(case: Case, policy: Policy, decision: PolicyDecision, minimum: Minimum) -> CitedTest:
    """Whether the county's row gives less relief than the law compels; then a person must review it (I-23)."""
    facts = {"policy_gives": decision.outcome, "policy_reason": decision.reason, "statute": minimum.relief}
    return CitedTest("below_legal_minimum", "met", policy.law.citation(case.statute), facts)


def _once(tests: Iterable[tuple[str, CitedTest]]) -> tuple[tuple[str, CitedTest], ...]:
    """Each test once, at its first place: a policy's row and the statute may use the same test."""
    kept: list[tuple[str, CitedTest]] = []
    by_rule: dict[str, list[CitedTest]] = {}
    for pair in tests:
        test = pair[1]
        same_rule = by_rule.setdefault(test.rule, [])
        for one in same_rule:
            if one is test or (one.facts == test.facts and one.unknown == test.unknown):
                break
        else:
            same_rule.append(test)
            kept.append(pair)
    return tuple(kept)
