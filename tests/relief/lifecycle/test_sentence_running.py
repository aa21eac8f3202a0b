"""Whether a determination shows its sentence as still running, which one ground for a challenge depends on."""

import pytest

from reliefstream_contracts.determinations import Ground
from services.relief.lifecycle.findings import findings
from tests.relief.builders import a_determination, a_snapshot


@pytest.mark.parametrize(
    ("grounds", "serving"),
    [
        ([("sentence_completed", "met")], False),
        ([("sentence_completed", "not_met")], True),
        ([("sentence_completed", "unknown")], None),
        ([("sentence_completed", "met"), ("sentence_completed", "not_met")], None),
        ([("sentences_elsewhere_completed", "not_met")], None),
        ([], None),
    ],
)
def test_a_sentence_runs_as_the_ground_on_it_found(
    grounds: list[tuple[str, str]], serving: bool | None
) -> None:
    tested = tuple(
        Ground(rule=rule, finding=finding, citation="HS 11361.8(e)", facts={}) for rule, finding in grounds
    )
    (finding,) = findings(a_snapshot("A", 1, a_determination("d1", grounds=tested)))
    assert finding.still_serving is serving
