"""The built-in sign-in answers as an OpenID Connect provider does, to clients and to whoever tries to misuse it."""

import base64
import hashlib
import itertools
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local.sign_in.accounts import PEOPLE
from deploy.local.sign_in.endpoints import application
from deploy.local.sign_in.issued import CODE_LIVES_S, DEVICE_CODE_LIVES_S, SESSION_LIVES_S
from deploy.local.sign_in.provider import DEVICE_GRANT, SignIn
from deploy.local.sign_in.requests import Client
from deploy.local.sign_in.signing import AUDIENCE, ROTATES_S, TOKEN_LIVES_S
from services.chassis.identity.access_token import BadToken, Expected, verified
from services.chassis.identity.grants.text import grant_of
from services.chassis.identity.provider import PREFIX

ISSUER, BACK = "http://127.0.0.1:20001", "http://127.0.0.1:20002/signed-in"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REQUEST = {
    "client_id": "console",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid",
    "state": "of-the-console",
    "nonce": "once",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
EXPECTED = Expected(ISSUER, AUDIENCE, 900)


class Trial:
    """A provider, its client, and its clock."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        clients = [Client("reliefstream-cli", device=True), Client("console", (BACK,))]
        self.provider = SignIn(ISSUER, clients, lambda: self.now)
        transport = httpx.ASGITransport(application(self.provider))
        self.http = httpx.AsyncClient(transport=transport, base_url=ISSUER)

    async def code(self, account: str = "los-angeles-clerk", **other: str) -> str:
        """The code that the console gets after a person chose an account."""
        answer = await self.http.post("/authorize", data=REQUEST | {"account": account} | other)
        assert answer.status_code == 303
        return said(answer)["code"]

    async def redeem(self, code: str, **other: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": "console",
            "redirect_uri": BACK,
            "code": code,
            "code_verifier": VERIFIER,
        }
        return await self.http.post("/token", data=form | other)

    async def renew(self, refresh_token: str, client: str = "console") -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client}
        return await self.http.post("/token", data=form)

    async def begun(self) -> dict[str, Any]:
        """What a command that begins the device flow is told."""
        form = {"client_id": "reliefstream-cli", "scope": "openid"}
        answer: dict[str, Any] = (await self.http.post("/device_authorization", data=form)).json()
        return answer

    async def poll(self, device_code: str, client: str = "reliefstream-cli") -> httpx.Response:
        form = {"grant_type": DEVICE_GRANT, "device_code": device_code, "client_id": client}
        return await self.http.post("/token", data=form)

    async def keys(self) -> KeySet:
        return KeySet.import_key_set((await self.http.get("/jwks")).json())


@pytest.fixture
async def trial() -> AsyncIterator[Trial]:
    made = Trial()
    async with made.http:
        yield made


def said(answer: httpx.Response) -> dict[str, str]:
    """What the address that a person is sent back to says."""
    assert answer.headers["location"].startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


async def test_a_person_chooses_an_account_and_the_console_gets_tokens_that_the_services_accept(
    trial: Trial,
) -> None:
    page = await trial.http.get("/authorize", params=REQUEST)
    assert all(one.name in page.text for one in PEOPLE)
    assert "trial on this machine" in page.text

    answer = await trial.http.post("/authorize", data=REQUEST | {"account": "los-angeles-clerk"})
    assert said(answer)["state"] == "of-the-console"
    assert said(answer)["iss"] == ISSUER
    tokens = (await trial.redeem(said(answer)["code"])).json()

    person = verified(tokens["access_token"], await trial.keys(), EXPECTED, int(trial.now), "groups")
    assert (person.subject, person.groups) == ("los-angeles-clerk", ("reliefstream:clerk:los-angeles",))
    assert person.strength == {"mfa"}
    claims = jwt.decode(tokens["id_token"], await trial.keys(), algorithms=["ES256"]).claims
    assert (claims["aud"], claims["nonce"], claims["name"]) == ("console", "once", "Clerk, Los Angeles")
    assert "name" not in jwt.decode(tokens["access_token"], await trial.keys(), algorithms=["ES256"]).claims


async def test_its_document_names_what_it_does(trial: Trial) -> None:
    found = (await trial.http.get("/.well-known/openid-configuration")).json()
    assert found["issuer"] == ISSUER
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["jwks_uri"] == f"{ISSUER}/jwks"
    assert not any("d" in key for key in (await trial.http.get("/jwks")).json()["keys"])


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: one.subject)
def test_every_group_is_a_grant(one: Any) -> None:
    assert [grant_of(group.removeprefix(PREFIX)) for group in one.groups] == (
        [] if one.grant == "administrator" else [grant_of(one.grant)]
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://elsewhere.example/signed-in"},
        {"redirect_uri": f"{BACK}/"},
        {"redirect_uri": f"{BACK}?to=elsewhere"},
        {"redirect_uri": ""},
        {"client_id": "unknown"},
        {"client_id": "reliefstream-cli"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_wrong_client_or_address_sends_nobody_anywhere(
    trial: Trial, wrong: dict[str, str], method: str
) -> None:
    sent = {"params" if method == "GET" else "data": REQUEST | wrong | {"account": "los-angeles-clerk"}}
    answer = await trial.http.request(method, "/authorize", **sent)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"account": "somebody-else"}, "access_denied"),
    ],
)
async def test_a_request_that_cannot_be_answered_goes_back_with_the_reason(
    trial: Trial, wrong: dict[str, str], error: str
) -> None:
    answer = await trial.http.post("/authorize", data=REQUEST | {"account": "los-angeles-clerk"} | wrong)
    assert said(answer)["error"] == error
    assert said(answer)["state"] == "of-the-console"


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:20002/other"},
        {"client_id": "reliefstream-cli"},
    ],
)
async def test_a_code_is_good_only_for_who_asked_for_it(trial: Trial, wrong: dict[str, str]) -> None:
    answer = await trial.redeem(await trial.code(), **wrong)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_code_is_good_once_and_who_sends_it_again_ends_the_session(trial: Trial) -> None:
    code = await trial.code()
    tokens = (await trial.redeem(code)).json()
    assert (await trial.redeem(code)).json()["error"] == "invalid_grant"
    assert (await trial.renew(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_code_ends(trial: Trial) -> None:
    code = await trial.code()
    trial.now += CODE_LIVES_S
    assert (await trial.redeem(code)).json()["error"] == "invalid_grant"


async def test_a_session_is_renewed_until_its_end_and_each_refresh_token_is_good_once(trial: Trial) -> None:
    first = (await trial.redeem(await trial.code())).json()["refresh_token"]
    trial.now += TOKEN_LIVES_S
    second = (await trial.renew(first)).json()["refresh_token"]
    assert (await trial.renew(first)).status_code == 400
    assert (await trial.renew(second)).status_code == 400, "a copy is out: the session has ended"

    last = (await trial.redeem(await trial.code())).json()["refresh_token"]
    trial.now += SESSION_LIVES_S
    assert (await trial.renew(last)).json()["error"] == "invalid_grant"


async def test_another_client_cannot_renew_a_session(trial: Trial) -> None:
    token = (await trial.redeem(await trial.code())).json()["refresh_token"]
    assert (await trial.renew(token, "reliefstream-cli")).json()["error"] == "invalid_grant"
    assert (await trial.renew(token)).status_code == 200


async def test_who_signs_out_cannot_renew(trial: Trial) -> None:
    token = (await trial.redeem(await trial.code())).json()["refresh_token"]
    await trial.http.post("/revoke", data={"token": token, "client_id": "console"})
    assert (await trial.renew(token)).json()["error"] == "invalid_grant"


async def test_a_command_waits_until_a_person_confirms_its_code(trial: Trial) -> None:
    begun = await trial.begun()
    assert (await trial.poll(begun["device_code"])).json()["error"] == "authorization_pending"
    assert (await trial.poll(begun["device_code"])).json()["error"] == "slow_down"

    page = await trial.http.get("/device", params={"user_code": begun["user_code"].lower()})
    assert "Who signs in the command" in page.text
    form = {"user_code": begun["user_code"], "account": "operator"}
    assert (await trial.http.post("/device", data=form)).status_code == 200
    tokens = (await trial.poll(begun["device_code"])).json()
    assert verified(
        tokens["access_token"], await trial.keys(), EXPECTED, int(trial.now), "groups"
    ).groups == ("reliefstream:operator",)
    assert (await trial.poll(begun["device_code"])).json()["error"] == "expired_token"
    assert (await trial.http.post("/device", data=form)).status_code == 400


async def test_a_device_code_ends_and_is_no_other_clients(trial: Trial) -> None:
    begun = await trial.begun()
    assert (await trial.poll(begun["device_code"], "console")).json()["error"] == "expired_token"
    trial.now += DEVICE_CODE_LIVES_S
    assert (await trial.http.get("/device", params={"user_code": begun["user_code"]})).status_code == 400
    assert (await trial.poll(begun["device_code"])).json()["error"] == "expired_token"
    form = {"client_id": "console", "scope": "openid"}
    assert (await trial.http.post("/device_authorization", data=form)).json()[
        "error"
    ] == "unauthorized_client"


async def test_keys_rotate_and_the_next_one_is_known_before_it_signs(trial: Trial) -> None:
    known = await trial.keys()
    trial.now += ROTATES_S
    token = (await trial.redeem(await trial.code())).json()["access_token"]
    assert verified(token, known, EXPECTED, int(trial.now), "groups")
    trial.now += ROTATES_S - 1
    later = (await trial.keys()).as_dict(private=False)["keys"]
    kept = {key["kid"] for key in known.as_dict(private=False)["keys"]} & {key["kid"] for key in later}
    assert len(kept) == 2

    trial.now += 3 * ROTATES_S
    token = (await trial.redeem(await trial.code())).json()["access_token"]
    with pytest.raises(BadToken, match="unknown_key"):
        verified(token, known, EXPECTED, int(trial.now), "groups")


async def test_a_form_of_another_site_or_an_enormous_or_broken_one_is_refused(trial: Trial) -> None:
    form = REQUEST | {"account": "los-angeles-clerk"}
    answers = [
        await trial.http.post("/authorize", data=form, headers={"sec-fetch-site": "cross-site"}),
        await trial.http.post("/token", content=b"x=" + b"y" * 20_000),
        await trial.http.post("/token", content=b"grant_type=a&grant_type=b"),
        await trial.http.post("/token", content=bytes(range(256))),
        await trial.http.post("/token", json={"grant_type": "password"}),
        await trial.http.post("/token", data={"grant_type": "password", "username": "a", "password": "b"}),
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert all("error" in answer.json() for answer in answers)


async def test_it_answers_to_no_other_host_name(trial: Trial) -> None:
    answer = await trial.http.get("/jwks", headers={"host": "attacker.example"})
    assert answer.status_code == 400


async def test_what_a_person_was_sent_is_shown_as_text(trial: Trial) -> None:
    page = await trial.http.get("/authorize", params=REQUEST | {"state": '"><script>'})
    assert "<script>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.slow
async def test_many_requests_that_nobody_answers_are_forgotten(trial: Trial) -> None:
    first = (await trial.begun())["user_code"]
    for _ in itertools.repeat(None, 1000):
        await trial.begun()
    assert not trial.provider.waits(first)
