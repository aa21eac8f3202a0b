"""What another law than HS 11361.8 finds (PC 1203.425: DOJ's own act) leads to no order and changes none."""

import pytest

from tests.relief.builders import STANDING, a_determination, a_snapshot
from tests.relief.world import World

OTHER = {"law_name": "pc-1203.425", "route": None, "legal_minimum": None}


@pytest.mark.parametrize("section", ["HS 11359", "PC 484"])
@pytest.mark.parametrize("outcome", ["dismissal", "redesignation"])
def test_relief_under_another_law_is_neither_proposed_nor_ordered(section: str, outcome: str) -> None:
    world = World(standing=STANDING)

    world.take(a_snapshot("A", 1, a_determination("d1", section=section, outcome=outcome, **OTHER)))

    assert (world.events, world.reliefs) == ([], {})


def test_relief_shown_under_another_law_acknowledges_no_order() -> None:
    world = World(standing=STANDING)
    world.take(a_snapshot("A", 1, a_determination("d1")))

    world.take(
        a_snapshot("A", 2, a_determination("d1", outcome="already_relieved", shown_by=("doj",), **OTHER))
    )

    assert world.names() == ["Proposed", "Ordered"]


def test_a_proposal_is_taken_back_when_only_another_law_is_asked() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))

    world.take(a_snapshot("A", 2, a_determination("d1", **OTHER)))

    assert world.names() == ["Proposed", "ProposalWithdrawn"]
