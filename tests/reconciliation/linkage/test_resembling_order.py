"""Whoever resembles whom, and whatever was decided: no order, repeat or batch matters."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.conviction.histories import Subject, reconcile
from services.reconciliation.linkage.identity.components import components
from services.reconciliation.linkage.identity.decisions import Decided, IdentityDecision
from services.reconciliation.weights_file import load_model
from tests.effort import tries
from tests.reconciliation.linkage.test_any_order import latest
from tests.reconciliation.resembling import DECISIONS, SETS

MODEL = load_model()


@given(SETS.flatmap(lambda drawn: st.tuples(st.just(drawn), st.permutations(drawn))), DECISIONS)
@settings(deadline=None)
def test_order_does_not_matter(
    orders: tuple[list[SourceRecord], list[SourceRecord]], decisions: list[IdentityDecision]
) -> None:
    one, other = orders
    assert reconcile(latest(one), frozenset(), MODEL, Decided(decisions)) == reconcile(
        latest(other), frozenset(), MODEL, Decided(reversed(decisions))
    )


@given(SETS, DECISIONS)
@settings(deadline=None, max_examples=tries(300))
def test_a_component_alone_gives_what_it_gives_among_others(
    drawn: list[SourceRecord], decisions: list[IdentityDecision]
) -> None:
    decided = Decided(decisions)
    apart = [
        subject
        for component in components(latest(drawn), frozenset(), MODEL, decided)
        for subject in reconcile(component, frozenset(), MODEL, decided)
    ]

    def by_first(subject: Subject) -> str:
        return subject.records[0].key()

    assert sorted(apart, key=by_first) == reconcile(latest(drawn), frozenset(), MODEL, decided)


@given(SETS, DECISIONS)
@settings(deadline=None, max_examples=tries(300))
def test_what_a_person_decided_holds(drawn: list[SourceRecord], decisions: list[IdentityDecision]) -> None:
    live = {record.key() for record in latest(drawn) if not record.withdrawn}
    subjects = reconcile(latest(drawn), frozenset(), MODEL, Decided(decisions))
    together = {
        pair for one in subjects for pair in combinations(sorted(record.key() for record in one.records), 2)
    }
    same = {(d.one, d.other) for d in decisions if d.same and {d.one, d.other} <= live}
    assert same <= together
    apart = {(d.one, d.other) for d in decisions if not d.same}
    if not same:
        assert not apart & together


@given(SETS)
@settings(deadline=None, max_examples=tries(300))
def test_no_two_rap_sheets_become_one_person_without_an_identifier(drawn: list[SourceRecord]) -> None:
    for subject in reconcile(latest(drawn), frozenset(), MODEL):
        sheets = [record for record in subject.records if record.source == "doj"]
        for one, other in combinations(sheets, 2):
            assert one.person.cii_numbers or one.person.source_subject_id
            assert other.person.cii_numbers or other.person.source_subject_id
