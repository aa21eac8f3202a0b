"""What determinations change in the life of relief."""

import pytest

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from services.relief.lifecycle.findings import Given
from services.relief.lifecycle.transitions import State, challenged, ordered, proposed, resolved, withdrawn
from tests.relief.builders import NOW, ORDER, STANDING, TODAY, a_determination, a_snapshot, a_subject, count
from tests.relief.world import World


def test_a_dismissal_is_proposed_and_waits_for_an_order() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    assert world.names() == ["Proposed"]
    relief = world.the_relief()
    assert (relief.kind, relief.sequence, relief.conviction.race) == ("dismissal", 1, "HISPANIC")
    assert relief.conviction.counts == (count("d1"),)


def test_under_a_standing_order_it_is_ordered_as_it_arrives() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    assert world.names() == ["Proposed", "Ordered"]
    assert [each.sequence for each in world.events] == [1, 2]
    assert world.events[1].order == STANDING


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": "needs_review"},
        {"outcome": "not_eligible"},
        {"outcome": "not_covered"},
        {"outcome": "already_relieved", "shown_by": ("court",)},
        {"route": "city_attorney", "city": "Pasadena"},
        {"section": "PC 148"},
    ],
)
def test_nothing_else_is_proposed(facts: dict[str, object]) -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1", **facts)))
    assert world.names() == []


def test_a_redesignation_without_a_route_is_proposed() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1", outcome="redesignation", route=None)))
    assert world.the_relief().kind == "redesignation"


def test_a_determination_that_changes_before_the_order_withdraws_the_proposal_and_may_propose_anew() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    assert world.the_relief().state is State.WITHDRAWN
    world.take(a_snapshot("A", 3, a_determination("d1")))
    assert world.names() == ["Proposed", "ProposalWithdrawn", "Proposed"]
    assert [each.sequence for each in world.events] == [1, 2, 3]
    assert len({each.relief_id for each in world.events}) == 1


def test_another_kind_of_relief_is_a_new_proposal() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="redesignation")))
    assert world.names() == ["Proposed", "ProposalWithdrawn", "Proposed"]
    assert world.the_relief().kind == "redesignation"


def test_a_determination_that_changes_after_the_order_opens_a_discrepancy_and_reverses_nothing() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    assert world.names() == ["Proposed", "Ordered", "DiscrepancyChanged"]
    opened = world.events[-1]
    assert (opened.kind, opened.status, opened.owner) == (
        "determination_changed_after_order",
        "open",
        "district_attorney",
    )
    world.take(a_snapshot("A", 3, a_determination("d1")))
    assert (world.events[-1].status, world.events[-1].version) == ("resolved", 2)
    assert world.the_relief().state is State.ORDERED


def test_another_change_after_the_order_is_told_to_nobody_again_and_waits_since_the_first() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    since = world.the_relief().differs_since
    world.take(a_snapshot("A", 3, a_determination("d1", outcome="needs_review")))
    assert world.names() == ["Proposed", "Ordered", "DiscrepancyChanged"]
    assert (world.the_relief().differs, world.the_relief().differs_since) == ("needs_review", since)
    assert since is not None


def test_what_changes_after_the_order_is_told_of_the_person_who_has_the_conviction_now() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, retired_into="B"))
    world.take(a_snapshot("B", 1, a_determination("d1", outcome="not_eligible")))
    world.take(a_snapshot("B", 2, a_determination("d1")))
    opened, resolved_ = world.events[-2:]
    assert [one.status for one in (opened, resolved_)] == ["open", "resolved"]
    assert {one.subject_id for one in (opened, resolved_)} == {a_subject("B")}
    assert opened.conviction_id == resolved_.conviction_id is not None


def test_a_conviction_relieved_elsewhere_before_the_order_is_no_longer_proposed() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="already_relieved", shown_by=("doj",))))
    assert world.names() == ["Proposed", "ProposalWithdrawn"]
    assert world.events[-1].reason == "already_relieved"


def test_the_court_and_doj_acknowledge_by_showing_the_relief_each_once() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="already_relieved", shown_by=("court",))))
    shown = a_determination("d1", outcome="already_relieved", shown_by=("court", "doj"))
    world.take(a_snapshot("A", 3, shown))
    world.take(a_snapshot("A", 4, shown))
    assert world.names() == ["Proposed", "Ordered", "Acknowledged", "Acknowledged"]
    assert [each.by for each in world.events[2:]] == ["court", "doj"]


def test_a_second_source_adds_its_count_and_never_a_second_order() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, a_determination("c1", "d1")))
    world.take(a_snapshot("A", 3, a_determination("c1")))
    assert world.names() == ["Proposed", "Ordered"]
    assert world.held == dict.fromkeys((count("c1"), count("d1")), world.the_relief().relief_id)


def test_a_waiting_proposal_follows_what_the_court_writes() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    written = {"court": "BA-123456-01", "doj": "BA123456"}
    world.take(a_snapshot("A", 2, a_determination("c1", "d1", source_case_numbers=written)))
    assert world.names() == ["Proposed"]
    assert world.the_relief().conviction.source_case_numbers == written


@pytest.mark.parametrize("first", ["old subject first", "new subject first", "together"])
def test_a_conviction_that_moves_between_subjects_ends_the_same_in_either_order(first: str) -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    leaves, arrives = a_snapshot("A", 2, retired_into="B"), a_snapshot("B", 7, a_determination("d1"))
    if first == "together":
        world.take(leaves, arrives)
    else:
        for each in (leaves, arrives) if first == "old subject first" else (arrives, leaves):
            world.take(each)
    relief = world.the_relief()
    assert relief.state is State.PROPOSED
    assert relief.conviction.subject_id == a_subject("B")
    assert world.names().count("Proposed") - world.names().count("ProposalWithdrawn") == 1


def test_a_conviction_on_the_move_keeps_its_challenge() -> None:
    world = World(standing=None)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.step(challenged(world.the_relief(), "identity", "DA", NOW, TODAY))
    world.standing = STANDING
    world.take(a_snapshot("A", 2, retired_into="B"))
    world.take(a_snapshot("B", 1, a_determination("d1")))
    assert world.the_relief().state is State.CHALLENGED
    world.step(resolved(world.the_relief(), "overruled", NOW))
    world.follow_findings()
    assert world.names() == ["Proposed", "Challenged", "Overruled", "Ordered"]


def test_a_move_after_the_order_is_no_discrepancy() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2, retired_into="B"))
    world.take(a_snapshot("B", 1, a_determination("d1")))
    assert world.names() == ["Proposed", "Ordered"]


def test_while_two_subjects_hold_a_count_the_stricter_finding_counts() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1", outcome="needs_review")))
    world.take(a_snapshot("B", 1, a_determination("d1")))
    assert world.names() == []
    world.take(a_snapshot("A", 2))
    assert world.names() == ["Proposed", "Ordered"]


def test_a_proposal_that_is_in_nobodys_snapshot_is_withdrawn() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.take(a_snapshot("A", 2))
    assert world.names() == ["Proposed", "ProposalWithdrawn"]
    assert world.events[-1].reason == "not_on_record"


def test_of_two_reliefs_that_turn_out_to_be_one_conviction_the_ordered_one_leads() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    doj = next(each for each in world.reliefs.values() if each.anchor == count("d1"))
    world.step(ordered(doj, ORDER, NOW))
    world.take(a_snapshot("A", 2, a_determination("c1", "d1")), a_snapshot("B", 2, retired_into="A"))
    assert world.states() == {"d1": State.ORDERED, "c1": State.WITHDRAWN}
    assert world.events[-1].reason == "joined"
    world.standing = STANDING
    world.take(a_snapshot("A", 3, a_determination("c1", "d1")))
    assert world.names().count("Ordered") == 1


def test_two_orders_on_what_turns_out_to_be_one_conviction_are_a_discrepancy_for_the_court() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    world.take(a_snapshot("A", 2, a_determination("c1", "d1")), a_snapshot("B", 2, retired_into="A"))
    assert world.names().count("Ordered") == 2
    opened = world.events[-1]
    assert isinstance(opened, DiscrepancyChanged)
    assert (opened.kind, opened.status, opened.owner) == ("relief_ordered_twice", "open", "county_court")
    world.take(a_snapshot("A", 3, a_determination("c1", "d1")))
    assert world.events[-1] is opened, "it is said once"


def test_a_second_order_is_told_to_the_court_also_where_the_district_attorney_was_asked_before() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    assert (world.events[-1].kind, world.events[-1].version) == ("determination_changed_after_order", 1)
    world.take(
        a_snapshot("A", 3, a_determination("c1", "d1", outcome="not_eligible")),
        a_snapshot("B", 2, retired_into="A"),
    )
    asked = world.events[4].discrepancy_id
    of_doj = [each for each in world.events if getattr(each, "discrepancy_id", None) == asked]
    assert [(each.kind, each.status, each.version) for each in of_doj] == [
        ("determination_changed_after_order", "open", 1),
        ("relief_ordered_twice", "open", 2),
    ]
    assert {each.anchor: each.obstacle for each in world.reliefs.values()} == {
        count("c1"): None,
        count("d1"): "ordered_twice",
    }


def test_two_that_are_to_be_sealed_already_stay_as_they_are() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    world.reliefs = {key: each.replace(state=State.SEAL_DUE) for key, each in world.reliefs.items()}
    before = dict(world.reliefs)
    world.take(a_snapshot("A", 2, a_determination("c1", "d1")), a_snapshot("B", 2, retired_into="A"))
    assert world.reliefs == before


def test_of_two_proposals_for_one_conviction_one_is_ordered() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    world.take(a_snapshot("A", 2, a_determination("c1", "d1")), a_snapshot("B", 2, retired_into="A"))
    world.standing = STANDING
    world.follow_findings()
    assert world.states() == {"c1": State.ORDERED, "d1": State.WITHDRAWN}


def test_a_sustained_challenge_ends_it_also_for_a_second_source_of_the_conviction() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.step(challenged(world.the_relief(), "ineligible", "DA", NOW, TODAY))
    world.step(resolved(world.the_relief(), "sustained", NOW))
    world.standing = STANDING
    world.take(a_snapshot("A", 2, a_determination("c1", "d1")))
    world.take(a_snapshot("A", 3, a_determination("c1")))
    assert world.names() == ["Proposed", "Challenged", "Sustained"]


def test_a_challenge_that_is_resolved_after_the_determination_changed_withdraws_the_proposal() -> None:
    world = World(standing=STANDING)
    world.standing = None
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.step(challenged(world.the_relief(), "ineligible", "DA", NOW, TODAY))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    world.standing = STANDING
    world.step(resolved(world.the_relief(), "withdrawn", NOW))
    world.follow_findings()
    assert world.names() == ["Proposed", "Challenged", "ChallengeWithdrawn", "ProposalWithdrawn"]


def test_counts_that_turn_out_to_be_another_conviction_get_relief_of_their_own_before_an_order() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("c1", "d1")))
    world.take(a_snapshot("A", 2, a_determination("c1"), a_determination("d1", case_number="GA999")))
    assert world.states() == {"c1": State.PROPOSED, "d1": State.PROPOSED}
    assert {each.conviction.case_number for each in world.reliefs.values()} == {"BA123456", "GA999"}


def test_a_count_that_left_a_proposal_without_relief_of_its_own_is_not_held_by_it() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("c1", "d1")))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible"), a_determination("c1")))
    assert world.held == {count("c1"): world.the_relief().relief_id}


def test_a_proposal_left_with_none_of_the_counts_it_was_about_is_withdrawn_and_proposed_anew() -> None:
    world = World()
    court, doj = a_determination("c1", case_number="CASE-C"), a_determination("d1", case_number="CASE-D")
    world.take(a_snapshot("A", 1, a_determination("c1", "d1")))
    world.take(a_snapshot("A", 2, doj))
    assert world.names() == ["Proposed"]
    world.take(a_snapshot("A", 3, court, doj))
    assert world.names() == ["Proposed", "ProposalWithdrawn", "Proposed", "Proposed"]
    assert [each.conviction.case_number for each in world.events[1:]] == ["CASE-D", "CASE-C", "CASE-D"]
    assert world.events[1].reason == "conviction_changed"
    assert world.states() == {"c1": State.PROPOSED, "d1": State.PROPOSED}


@pytest.mark.parametrize(("anew", "kept"), [("r/1", True), ("r/2", False), (None, False)])
def test_a_challenge_that_was_resolved_stays_so_while_relief_rests_on_the_same_decision(
    anew: str | None, kept: bool
) -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))
    world.step(challenged(world.the_relief(), "ineligible", "DA", NOW, TODAY))
    world.step(resolved(world.the_relief(), "overruled", NOW))
    taken_back, _ = withdrawn(world.the_relief().replace(rests_on="r/1"), "joined", NOW)
    ((finding,),) = world.judged.values()
    relief, _ = proposed(taken_back, finding, Given(kind="dismissal", rests_on=anew), NOW)
    assert (relief.challenge is not None) == kept


def test_what_was_challenged_is_not_mistaken_for_another_conviction() -> None:
    world = World()
    court, doj = a_determination("c1", case_number="CASE-C"), a_determination("d1", case_number="CASE-D")
    world.take(a_snapshot("A", 1, a_determination("c1", "d1")))
    world.take(a_snapshot("A", 2, doj))
    world.step(challenged(world.the_relief(), "identity", "DA", NOW, TODAY))
    world.take(a_snapshot("A", 3, court, doj))
    assert world.the_relief().conviction.case_number == "CASE-D"
    world.take(a_snapshot("A", 4, court))
    assert world.the_relief().conviction.case_number == "CASE-D"
    world.step(resolved(world.the_relief(), "overruled", NOW))
    world.follow_findings()
    assert world.names()[-3:] == ["Overruled", "ProposalWithdrawn", "Proposed"]
    assert world.events[-1].conviction.case_number == "CASE-C"


def test_a_proposal_outlives_the_record_it_was_named_after() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("c1", "d1")))
    world.take(a_snapshot("A", 2, a_determination("d1")))
    assert world.names() == ["Proposed"]
    assert world.the_relief().conviction.counts == (count("d1"),)


def test_after_an_order_such_a_split_asks_the_district_attorney() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("c1", "d1")))
    world.take(a_snapshot("A", 2, a_determination("c1"), a_determination("d1", case_number="GA999")))
    assert world.names() == ["Proposed", "Ordered", "DiscrepancyChanged"]
