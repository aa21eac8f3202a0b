"""Related charges (PC 148, HS 11364 …): no law lets a list or a standing order dismiss one (PC 1385, case by case)."""

import pytest

from services.relief.lifecycle.findings import findings
from tests.relief.builders import STANDING, a_determination, a_snapshot
from tests.relief.world import World

RELATED = ["PC 148", "PC 647(f)", "HS 11364", "BP 4149", "VC 40508", "PC 148/PC 602"]
AS_JUDGED = {"outcome": "needs_review", "reason": "related_charge", "legal_minimum": None}


@pytest.mark.parametrize("section", RELATED)
def test_one_that_the_county_calls_eligible_waits_for_a_person(section: str) -> None:
    world = World(standing=STANDING)

    world.take(a_snapshot("A", 1, a_determination("d1", section=section, **AS_JUDGED)))

    assert (world.events, world.reliefs) == ([], {})


@pytest.mark.parametrize("section", RELATED)
def test_a_dismissal_of_one_is_withheld_whoever_found_it(section: str) -> None:
    world = World(standing=STANDING)
    snapshot = a_snapshot("A", 1, a_determination("d1", section=section))

    world.take(snapshot)

    assert (world.events, world.reliefs) == ([], {})
    assert [one.withheld for one in findings(snapshot)] == ["no_authority"]


def test_a_proposal_is_taken_back_when_its_charge_turns_out_to_be_one() -> None:
    world = World()
    world.take(a_snapshot("A", 1, a_determination("d1")))

    world.take(a_snapshot("A", 2, a_determination("d1", section="PC 148", **AS_JUDGED)))

    assert world.names() == ["Proposed", "ProposalWithdrawn"]


def test_the_cannabis_count_of_the_same_case_is_ordered_alone() -> None:
    world = World(standing=STANDING)

    world.take(
        a_snapshot("A", 1, a_determination("d1"), a_determination("d2", section="PC 148", **AS_JUDGED))
    )

    assert world.names() == ["Proposed", "Ordered"]
    assert [relief.conviction.section for relief in world.reliefs.values()] == ["HS 11359"]
