"""The running services answer as their OpenAPI documents say, to what fits the documents and to what does not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from services import SERVICES
from services.chassis.identity import failed_attempts
from tests.contracts.running_services import COUNTY_TOKEN, OPERATOR, running_services
from tests.servers import Servers

pytestmark = pytest.mark.servers
OPENAPI = Path(__file__).parents[2] / "contracts" / "openapi"
DESCRIBED = schemathesis.pytest.from_fixture("document").exclude(
    path="/readyz"  # answers 503, as no Kafka is there
)
"""Read by the test: to make all cases takes longer than to collect all other tests."""
NOT_IN_A_SCHEMA = ("positive_data_acceptance",)
"""What a schema cannot say: a date before the law, a webhook's host, a profile that a county has not."""


@pytest.fixture(scope="module")
def urls(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with pytest.MonkeyPatch.context() as patch:
        # Wrong tokens are sent to each route, and 401 is looked for.
        patch.setattr(failed_attempts, "FREE", 1_000_000)
        with running_services(servers, tmp_path_factory.mktemp("services")) as found:
            yield found


@pytest.fixture(params=SERVICES)
def document(request: pytest.FixtureRequest) -> schemathesis.BaseSchema:
    request.node._nodeid = request.node.nodeid  # schemathesis 4.32 reads it, and pytest 9.2 has it no more
    text = (OPENAPI / f"{request.param}.json").read_text()
    return schemathesis.openapi.from_dict(json.loads(text))


@DESCRIBED.parametrize()
@settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Any, urls: dict[str, str]) -> None:
    service = case.operation.schema.raw_schema["info"]["title"].removeprefix("reliefstream ")
    token = COUNTY_TOKEN if case.operation.path.endswith("/records") else OPERATOR
    headers = {"Authorization": f"Bearer {token}"}
    excluded = [CHECKS.get_one(name) for name in NOT_IN_A_SCHEMA]
    case.call_and_validate(urls[service], headers=headers, excluded_checks=excluded)
