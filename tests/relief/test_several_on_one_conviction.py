"""Several findings or reliefs turn out to be on one conviction."""

import pytest

from services.relief.lifecycle.findings import findings
from services.relief.lifecycle.transitions import State, challenged, ordered, resolved
from tests.relief.builders import NOW, ORDER, STANDING, TODAY, a_determination, a_snapshot, count
from tests.relief.world import World


def test_a_proposal_is_withdrawn_as_already_relieved_when_one_of_two_subjects_shows_the_relief() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("B", 1, a_determination("d1", outcome="already_relieved", shown_by=("doj",))))
    assert world.names() == ["Proposed", "ProposalWithdrawn"]
    assert world.events[-1].reason == "already_relieved"


def test_what_a_court_refused_stays_as_the_court_saw_it() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.step(challenged(world.the_relief(), "ineligible", "DA", NOW, TODAY))
    world.step(resolved(world.the_relief(), "sustained", NOW))
    refused = world.the_relief()
    world.take(a_snapshot("A", 2, a_determination("d1", case_number="CASE-2", outcome="not_eligible")))
    assert world.the_relief() == refused


def test_a_count_that_joins_a_conviction_with_two_reliefs_is_held_by_the_one_that_leads() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    doj = next(each for each in world.reliefs.values() if each.anchor == count("d1"))
    world.step(ordered(doj, ORDER, NOW))
    world.take(a_snapshot("A", 2, a_determination("c1", "c2", "d1")), a_snapshot("B", 2, retired_into="A"))
    assert world.states() == {"c1": State.WITHDRAWN, "d1": State.ORDERED}
    assert world.held[count("c2")] == doj.relief_id
    world.standing = STANDING
    world.take(a_snapshot("A", 3, a_determination("c2")))
    assert world.names().count("Ordered") == 1


def test_convictions_are_reviewed_in_the_order_of_their_smallest_count() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("c2"), a_determination("c1", "d1")))
    assert [each.conviction.counts[0] for each in world.events] == [count("c1"), count("c2")]


def test_two_orders_that_turn_out_to_be_on_two_convictions_close_the_question_to_the_court() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    world.take(a_snapshot("A", 2, a_determination("c1", "d1")), a_snapshot("B", 2, retired_into="A"))
    world.take(a_snapshot("A", 3, a_determination("c1"), a_determination("d1", case_number="CASE-D")))
    opened, closed = world.events[-2:]
    assert opened.discrepancy_id == closed.discrepancy_id
    assert (closed.kind, closed.status, closed.owner) == ("relief_ordered_twice", "resolved", "county_court")


def test_a_determination_without_counts_is_refused_as_relief_is_keyed_by_them() -> None:
    with pytest.raises(ValueError, match="without counts"):
        findings(a_snapshot("A", 1, a_determination()))


def test_a_question_to_the_district_attorney_is_closed_as_the_question_it_was() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    world.take(a_snapshot("A", 3, a_determination("d1")))
    closed = world.events[-1]
    assert (closed.kind, closed.status) == ("determination_changed_after_order", "resolved")


def test_two_orders_that_prove_to_be_on_two_convictions_ask_anew_about_the_one_that_is_not_eligible() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    world.take(a_snapshot("A", 2, a_determination("c1", "d1")), a_snapshot("B", 2, retired_into="A"))
    other = a_determination("d1", case_number="CASE-D", outcome="not_eligible")
    world.take(a_snapshot("A", 3, a_determination("c1"), other))
    asked = world.events[-1]
    assert (asked.kind, asked.status, asked.owner) == (
        "determination_changed_after_order",
        "open",
        "district_attorney",
    )


def test_a_record_taken_back_before_another_source_shows_the_conviction_leaves_a_second_order() -> None:
    """No snapshot ever named both counts, so that nothing tells that they are one conviction (docs/limits.md)."""
    apart, together = World(STANDING), World(STANDING)
    apart.take(a_snapshot("A", 1, a_determination("c1")))
    apart.take(a_snapshot("A", 2))
    apart.take(a_snapshot("A", 3, a_determination("d1")))
    assert apart.names() == ["Proposed", "Ordered", "Proposed", "Ordered"]
    together.take(a_snapshot("A", 1, a_determination("c1")))
    together.take(a_snapshot("A", 2, a_determination("c1", "d1")))
    together.take(a_snapshot("A", 3, a_determination("d1")))
    assert together.names() == ["Proposed", "Ordered"]
