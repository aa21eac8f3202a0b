"""Each deliberate defect still finds in the chassis what it breaks, and faults that provoke it."""

import pytest

from services.chassis.consumer.consumption import Consumption
from services.chassis.outbox import relay
from services.chassis.outbox.relay import Relay
from tests.harness.faults.defects import FAULTS, NAMES, apply
from tests.harness.faults.schedule import KINDS

BROKEN = ((Consumption, "_commit"), (Relay, "run"), (Relay, "_position"), (relay, "AIOKafkaProducer"))


@pytest.mark.parametrize("name", NAMES)
def test_a_defect_replaces_what_is_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [getattr(owner, attribute) for owner, attribute in BROKEN]
    for (owner, attribute), value in zip(BROKEN, before, strict=True):
        monkeypatch.setattr(owner, attribute, value)  # back after the test
    apply(name)
    assert [getattr(owner, attribute) for owner, attribute in BROKEN] != before


@pytest.mark.parametrize("name", NAMES)
def test_a_defect_names_kinds_of_faults_that_there_are(name: str) -> None:
    assert set(FAULTS[name]) <= set(KINDS)
    assert FAULTS[name]
