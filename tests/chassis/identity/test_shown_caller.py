"""A program learns who it calls for: the account and its grants, and nothing of anybody else."""

import httpx
import pytest

from services.chassis.http.application import Application
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.identity.endpoints import identity_router


def application(*grants: Grant) -> httpx.AsyncClient:
    accounts = Directory({sha256("token"): Account("person-1", "person", grants)})
    transport = httpx.ASGITransport(Application("toy", [identity_router], accounts=accounts))
    return httpx.AsyncClient(transport=transport, base_url="http://toy")


async def test_the_caller_is_shown_with_its_grants_as_the_file_of_grants_writes_them() -> None:
    granted = Grant("district_attorney", "fresno", signer=True), Grant("clerk", "kern"), Grant("auditor")
    async with application(*granted) as http:
        answer = await http.get("/v1/caller", headers={"Authorization": "Bearer token"})
    assert answer.json() == {
        "account": "person-1",
        "kind": "person",
        "grants": ["auditor", "clerk:kern", "district_attorney:fresno:signer"],
    }


@pytest.mark.parametrize(("token", "status"), [("other", 401), ("token", 403)])
async def test_an_unknown_token_and_an_account_without_grants_are_told_nothing(
    token: str, status: int
) -> None:
    async with application() as http:
        answer = await http.get("/v1/caller", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status
