"""Every route × role × county × city: who is admitted is what contracts/grants.yaml says, and nobody else."""

from pathlib import Path

import pytest
import yaml

from services.chassis.identity.caller import ROLES
from tests.contracts.grants_walk import table

TABLE = yaml.safe_load((Path(__file__).parents[2] / "contracts" / "grants.yaml").read_text())


@pytest.mark.slow
async def test_each_route_admits_the_roles_of_the_table_and_no_other() -> None:
    found = await table()

    assert set(found) == set(TABLE)
    for service, routes in found.items():
        assert routes == TABLE[service], (
            f"{service}: python -m tests.contracts.grants_walk prints what is so now"
        )


def test_no_role_of_the_table_is_unknown() -> None:
    assert {role for routes in TABLE.values() for may in routes.values() for role in may} <= set(ROLES)
