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
from tests.effort import WHOLE, tries
from tests.servers import Servers

pytestmark = pytest.mark.servers
OPENAPI = Path(__file__).parents[2] / "contracts" / "openapi"
SCHEMAS = {
    service: schemathesis.openapi.from_dict(json.loads((OPENAPI / f"{service}.json").read_text())).exclude(
        path="/readyz"  # answers 503, as no Kafka is there
    )
    for service in SERVICES
}
for described in SCHEMAS.values():
    # Each boundary of each value, made while tests are collected: most of the time of all this.
    described.config.phases.coverage.enabled = WHOLE
NOT_IN_A_SCHEMA = [CHECKS.get_one("positive_data_acceptance")]
"""What a schema cannot say: a date before the law, a webhook's host, a profile that a county has not."""


@pytest.fixture(scope="module")
def urls(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with pytest.MonkeyPatch.context() as patch:
        # Wrong tokens are sent to each route, and 401 is looked for.
        patch.setattr(failed_attempts, "FREE", 1_000_000)
        with running_services(servers, tmp_path_factory.mktemp("services")) as found:
            yield found


@schemathesis.pytest.parametrize(**SCHEMAS)
@settings(max_examples=tries(10), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Any, urls: dict[str, str]) -> None:
    service = case.operation.schema.raw_schema["info"]["title"].removeprefix("reliefstream ")
    token = COUNTY_TOKEN if case.operation.path.endswith("/records") else OPERATOR
    headers = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(urls[service], headers=headers, excluded_checks=NOT_IN_A_SCHEMA)
