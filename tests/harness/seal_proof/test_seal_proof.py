"""What is sealed stands in no file any more, on a county of some twenty persons.

``make seal-proof`` has more persons, kills each service, rebuilds three of them from their topics, and calls ``seal
prove`` beside its own search.
"""

from pathlib import Path

import pytest

from deploy.local.testing import WITHOUT_POWER_CUTS
from tests.harness.installation import empty_installation
from tests.harness.product import AS_OF
from tests.harness.seal_proof.days_pass import BROKER
from tests.harness.seal_proof.proof import Proof


@pytest.mark.servers
@pytest.mark.slow
def test_nothing_of_what_is_sealed_is_left_and_everything_else_is(tmp_path: Path) -> None:
    with empty_installation(
        "test-seal-proof", as_of=AS_OF, postgres=WITHOUT_POWER_CUTS, kafka=BROKER
    ) as layout:
        Proof(layout, AS_OF, print, whole=False).prove(tmp_path, "1/3000", seed=1)
