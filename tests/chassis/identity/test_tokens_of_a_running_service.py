"""What a service that runs answers to tokens of people and machines: good ones, bad ones, revoked ones."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.chassis.identity import failed_attempts
from services.chassis.identity.access_token import SignedIn
from services.chassis.identity.grants.edit import granted, revoked, with_token, write_grants
from services.chassis.identity.grants.file import GrantsFile, read_grants
from services.chassis.identity.provider import account_of
from tests.chassis.conftest import Toy
from tests.chassis.identity.signing import EC, RSA, token
from tests.chassis.toy_service import build
from tests.sign_in import RunningProvider, running_provider

pytestmark = pytest.mark.servers
ROUTE = "/v1/lost-records"
MACHINE, WORD = "watcher", "of-the-watcher"


@dataclass
class World:
    """A toy service that runs, its file of grants, and the provider that it trusts."""

    http: httpx.AsyncClient
    grants: Path
    provider: RunningProvider

    async def asked(self, bearer: str) -> httpx.Response:
        return await self.http.get(ROUTE, headers={"authorization": f"Bearer {bearer}"})

    def person(self, account: str, ahead_s: float = 0.0) -> str:
        """A person's access token, of a provider whose clock is so far ahead."""
        self.provider.ahead_s = ahead_s
        try:
            return self.provider.signed_in(account).access_token
        finally:
            self.provider.ahead_s = 0.0


@pytest.fixture
def provider() -> Iterator[RunningProvider]:
    with running_provider() as running:
        yield running


@pytest_asyncio.fixture
async def world(
    toy: Toy, provider: RunningProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    monkeypatch.setattr(failed_attempts, "SECONDS_BETWEEN_ROWS", 0.05)
    path = tmp_path / "grants.yaml"
    grants = granted(GrantsFile(), MACHINE, ("operator", "auditor"), "")
    write_grants(path, with_token(grants, MACHINE, WORD, date(2099, 12, 31)))
    settings = toy.settings(oidc_issuer=provider.issuer, grants_file=path)
    service = build(settings, toy.topic_in, toy.topic_out)
    app, task = service.application(), asyncio.create_task(service.run())
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://toy") as http:
            async with asyncio.timeout(180):
                while not service.ready:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            yield World(http, path, provider)
    finally:
        service.stop()
        with suppress(Exception):
            await task


def altered(good: str, **claims: Any) -> str:
    """The token with other claims under its old signature."""
    head, body, signature = good.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{encoded(said | claims)}.{signature}"


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


async def test_each_bad_token_is_refused_in_the_same_words_and_audited_with_what_is_wrong(
    world: World,
) -> None:
    session = await asyncio.to_thread(world.provider.signed_in, "operator")
    good = session.access_token
    assert (await world.asked(good)).status_code == 200
    assert (await world.asked(WORD)).status_code == 200

    head, body, _ = good.split(".")
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    issuer = {"iss": world.provider.issuer}
    bad = {
        "expired": await asyncio.to_thread(world.person, "operator", -3600),
        "of the future": await asyncio.to_thread(world.person, "operator", 3600),
        "alg none": f"{encoded({'alg': 'none', 'kid': kid})}.{body}.",
        "a shared secret": token(EC, "ES256", **issuer).replace("x", "y", 1),
        "other groups": altered(good, groups=["reliefstream:operator", "reliefstream:auditor"]),
        "another key, the same id": token(RSA, header={"kid": kid}, **issuer),
        "another key": token(EC, "ES256", **issuer),
        "another issuer": token(RSA),
        "for another audience": await _id_token(world),
        "a refresh token": session.refresh_token,
        "no token": "a.b.c",
        "a guess": "guess",
    }
    answers = {what: await world.asked(bearer) for what, bearer in bad.items()}
    assert {what: answer.status_code for what, answer in answers.items()} == dict.fromkeys(bad, 401)
    assert len({answer.text for answer in answers.values()}) == 1, "a dishonest caller is told nothing"

    why = await _audited(world, len(bad))
    assert {"expired_token", "algorithm", "unknown_key", "unknown"} <= set(why.replace(":", " ").split())


async def test_a_flood_is_slowed_and_audited_and_nobody_else_is_slowed(world: World) -> None:
    answers = [await world.asked(f"guess-{number}") for number in range(300)]
    assert [one.status_code for one in answers] == [401] * failed_attempts.FREE + [429] * (
        300 - failed_attempts.FREE
    )
    assert (await world.asked(WORD)).status_code == 200
    assert "unknown" in await _audited(world, 300)


async def test_who_was_revoked_is_refused_while_the_service_runs(world: World) -> None:
    person = await asyncio.to_thread(world.person, "operator")
    assert [(await world.asked(one)).status_code for one in (person, WORD)] == [200, 200]
    account = account_of(SignedIn(world.provider.issuer, "operator", (), frozenset()))
    write_grants(world.grants, revoked(revoked(read_grants(world.grants), MACHINE), account))

    async with asyncio.timeout(60):
        while [(await world.asked(one)).status_code for one in (person, WORD)] != [401, 401]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_a_change_of_the_file_of_grants_stands_in_the_audit_log(world: World) -> None:
    write_grants(world.grants, granted(read_grants(world.grants), "court-feed", ("operator",), ""))

    async with asyncio.timeout(60):
        while True:
            page = await world.http.get(
                "/v1/audit?act=change_grants", headers={"authorization": f"Bearer {WORD}"}
            )
            rows = [(one["object"], one["outcome"]) for one in page.json()["audit"]]
            if ("account/court-feed", "added") in rows:
                break
            await asyncio.sleep(0.1)
    assert rows == [(f"account/{MACHINE}", "added"), ("account/court-feed", "added")]


async def _id_token(world: World) -> str:
    """Signed by the right key, but for the client."""

    def got() -> str:
        issuer, client = world.provider.issuer, {"client_id": "reliefstream-cli"}
        with httpx.Client() as http:
            begun = http.post(f"{issuer}/device_authorization", data={**client, "scope": "openid"}).json()
            form = {"user_code": begun["user_code"], "account": "operator"}
            http.post(f"{issuer}/device", data=form)
            grant = "urn:ietf:params:oauth:grant-type:device_code"
            asked = {**client, "grant_type": grant, "device_code": begun["device_code"]}
            return str(http.post(f"{issuer}/token", data=asked).json()["id_token"])

    return await asyncio.to_thread(got)


async def _audited(world: World, tokens: int) -> str:
    """The reasons of the audit log, once it has so many wrong tokens."""
    async with asyncio.timeout(60):
        while True:
            page = await world.http.get("/v1/audit?act=sign_in", headers={"authorization": f"Bearer {WORD}"})
            rows = page.json()["audit"]
            if sum(int(one["why"].split(" ", 1)[0]) for one in rows) >= tokens:
                return "; ".join(one["why"] for one in rows)
            await asyncio.sleep(0.1)
