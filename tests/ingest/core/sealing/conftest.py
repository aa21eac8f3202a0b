"""A county in which one conviction was sealed, for those tests that need no other."""

import pytest

from tests.ingest.core.sealing.county import County, doj
from tests.ingest.core.sealing.test_sent_again import COUNT, OTHER, SEALED


@pytest.fixture
def county() -> County:
    """Jane's cannabis conviction of 1995 was sealed; her burglary of 2001 stands."""
    made = County()
    made.take(doj(SEALED, OTHER))
    made.seal(COUNT)
    return made
