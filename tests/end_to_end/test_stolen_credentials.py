"""What somebody gets with a stolen credential, on the running product: each is tried where it has no business.

docs/stolen-credentials.md says what each gets. Topics, groups and transactional ids are tried user by user in
tests/deploy/test_kafka_access.py, schemas and server functions in tests/deploy/test_postgres_roles.py.
"""

import asyncio
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
import yaml

from deploy.local import addresses
from deploy.local.addresses import Addresses
from deploy.local.sign_in.accounts import person
from deploy.local.sign_in.signing import Signer
from services import SERVICES
from services.chassis.identity.grants.edit import granted, revoked, with_token, write_grants
from services.chassis.identity.grants.file import read_grants
from tests.contracts.grants_walk import SHARED, filled, shared
from tests.harness.product import Product

pytestmark = pytest.mark.servers
COUNTY, OTHER, INTEGRATOR = "los-angeles", "sacramento", "demo"
TABLE: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parents[2] / "contracts" / "grants.yaml").read_text()
)
STOLEN = {"a county's token": "source", "an integrator's token": "integrator", "an analyst's": "analyst"}
"""Each machine's token, by what it was granted."""
REFUSED = ("not_granted", "invalid_token", "too_many_attempts")
"""What a service says: a county's token is known to intake alone, an integrator's to notification alone."""


@pytest.fixture(scope="module")
def given(bare_product: Product) -> Addresses:
    return addresses.read(bare_product.layout.root)


@pytest.fixture(scope="module")
def tokens(bare_product: Product, given: Addresses) -> dict[str, str]:
    folder = bare_product.layout.secrets
    integrators = json.loads((folder / "integrator-tokens.json").read_text())
    return {
        "a county's token": given.county_tokens[COUNTY],
        "an integrator's token": integrators[INTEGRATOR],
        "an analyst's": given.account_tokens["trial-analyst"],
    }


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30) as client:
        yield client


def routes(http: httpx.Client, given: Addresses) -> Iterator[tuple[str, str, str]]:
    """Service, method and path of every route that asks for a token."""
    for service in SERVICES:
        found = http.get(f"{given.http[service]}/openapi.json").json()["paths"]
        for path, operations in found.items():
            yield from (
                (service, method.upper(), path) for method, one in operations.items() if "security" in one
            )


@pytest.fixture(scope="module")
def ask(http: httpx.Client, given: Addresses) -> Callable[..., httpx.Response]:
    def asked(service: str, method: str, path: str, token: str, **sent: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return http.request(method, given.http[service] + path, headers=headers, **sent)

    return asked


@pytest.mark.parametrize("stolen", STOLEN)
def test_a_machines_token_opens_no_route_of_another_role(
    http: httpx.Client,
    ask: Callable[..., httpx.Response],
    given: Addresses,
    tokens: dict[str, str],
    stolen: str,
) -> None:
    opened = []
    for service, method, path in routes(http, given):
        admitted = TABLE[SHARED if shared(path) else service][f"{method} {path}"]
        if STOLEN[stolen] not in admitted:
            answer = ask(service, method, filled(path, COUNTY), tokens[stolen])
            if answer.json().get("code") not in REFUSED:
                opened.append((service, method, path, answer.status_code))
    assert opened == []


def test_a_countys_token_reaches_no_other_county(
    ask: Callable[..., httpx.Response], tokens: dict[str, str]
) -> None:
    token = tokens["a county's token"]
    sent = ask("ingest", "POST", f"/v1/counties/{OTHER}/records", token, json={})
    assert (sent.status_code, sent.json()["code"]) == (403, "not_granted")
    for path in ("/v1/quarantine", "/v1/quarantine/summary", "/v1/export/quarantine"):
        assert ask("ingest", "GET", path, token, params={"county": OTHER}).status_code in (400, 403)
    # It is told the same of an entry that is not there as of another county's.
    entry = "/v1/quarantine/00000000-0000-0000-0000-000000000001"
    assert ask("ingest", "GET", entry, token).status_code == 404


def test_a_token_that_somebody_else_signed_or_that_says_none_is_nobodys(
    ask: Callable[..., httpx.Response], given: Addresses
) -> None:
    signer = person(f"{COUNTY}-signer")
    assert signer and given.sign_in
    forged = Signer(given.sign_in, 0).access_token(signer, "console", "openid", 0)
    unsigned = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=") + ".e30."
    for token in (forged, unsigned, "0" * 48):
        answer = ask("relief", "GET", f"/v1/reliefs?county={COUNTY}", token)
        assert answer.json()["code"] in REFUSED[1:]


def test_a_revoked_machine_is_refused_on_every_service_within_a_minute_and_nobody_else_is(
    bare_product: Product, ask: Callable[..., httpx.Response], tokens: dict[str, str]
) -> None:
    file, account, word = bare_product.layout.grants, "of-a-test", secrets.token_hex(32)
    before = read_grants(file)
    last = date(2099, 12, 31)

    def admitted(token: str) -> set[str]:
        return {one for one in SERVICES if ask(one, "GET", "/v1/caller", token).status_code == 200}

    def within_a_minute(wanted: set[str]) -> bool:
        until = time.monotonic() + 60
        while (found := admitted(word)) != wanted and time.monotonic() < until:
            time.sleep(0.2)
        return found == wanted

    try:
        write_grants(file, with_token(granted(before, account, ("auditor",), ""), account, word, last))
        assert within_a_minute(set(SERVICES))
        write_grants(file, revoked(read_grants(file), account))
        assert within_a_minute(set())
        assert admitted(tokens["an analyst's"]) == set(SERVICES)
    finally:
        write_grants(file, before)


def connecting(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_services_role_enters_no_other_database_and_takes_no_other_role(
    given: Addresses, service: str
) -> None:
    own = given.database_urls[service]
    names = {name: urlsplit(url).path.removeprefix("/") for name, url in given.database_urls.items()}

    async def enters(database: str) -> bool:
        try:
            await (await asyncpg.connect(connecting(own, database))).close()
        except asyncpg.InsufficientPrivilegeError:
            return False
        return True

    entered = await asyncio.gather(*(enters(names[each]) for each in SERVICES))
    assert dict(zip(SERVICES, entered, strict=True)) == {each: each == service for each in SERVICES}
    db = await asyncpg.connect(own)
    try:
        for role in (f"{service}_owner", *(each for each in SERVICES if each != service), "postgres"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(f'SET ROLE "{role}"')
        for table in ("audit_log", "audit_heads"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(f"DELETE FROM {table}")
    finally:
        await db.close()
