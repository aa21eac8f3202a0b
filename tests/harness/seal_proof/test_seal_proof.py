"""A county's persons are sealed, and no file holds anything of them afterwards: the short form of `make seal-proof`."""

from pathlib import Path

import pytest

from deploy.local.testing import WITHOUT_POWER_CUTS
from tests.harness.installation import empty_installation
from tests.harness.product import AS_OF
from tests.harness.seal_proof.days_pass import BROKER
from tests.harness.seal_proof.proof import Proof


@pytest.mark.servers
def test_nothing_of_what_was_sealed_is_left_in_any_file_and_all_of_the_others_is(tmp_path: Path) -> None:
    with empty_installation(
        "test-seal-proof", as_of=AS_OF, postgres=WITHOUT_POWER_CUTS, kafka=BROKER
    ) as layout:
        Proof(layout, AS_OF, print, whole=False).prove(tmp_path, "1/1000", seed=7)
