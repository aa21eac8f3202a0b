"""A person signs in by the device flow, and the commands send that person's token while the session lasts."""

import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from services.cli.client.addresses import addresses
from services.cli.client.session import Session, current_token, device_login, read, session_file, write
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage

ISSUER = "https://login.county.example"
DOCUMENT = {
    "issuer": ISSUER,
    "device_authorization_endpoint": f"{ISSUER}/device",
    "token_endpoint": f"{ISSUER}/token",
}
DEVICE = {
    "device_code": "d",
    "user_code": "WDJB-MJHT",
    "verification_uri": f"{ISSUER}/go",
    "expires_in": 60,
    "interval": 5,
}
GRANTED = {"access_token": "first", "refresh_token": "again", "expires_in": 300}


class Login:
    """A provider: its answers to the token endpoint, one after another."""

    def __init__(self, *answers: dict[str, Any], document: dict[str, Any] = DOCUMENT) -> None:
        self.answers, self.document = list(answers), document
        self.forms: list[dict[str, list[str]]] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/.well-known/"):
            return httpx.Response(200, json=self.document)
        if request.url.path == "/device":
            return httpx.Response(200, json=DEVICE)
        self.forms.append(parse_qs(request.content.decode()))
        found = self.answers.pop(0)
        return httpx.Response(400 if "error" in found else 200, json=found)

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.answer))


def sign_in(login: Login) -> tuple[Session, list[str], list[float]]:
    told: list[str] = []
    waited: list[float] = []
    return device_login(ISSUER, "cli", login.client(), told.append, waited.append), told, waited


def test_a_person_confirms_the_code_elsewhere_while_the_command_asks_as_often_as_it_may() -> None:
    login = Login({"error": "authorization_pending"}, {"error": "slow_down"}, GRANTED)
    session, told, waited = sign_in(login)

    assert told == [f"Open {ISSUER}/go and confirm the code WDJB-MJHT"]
    assert waited == [5, 5, 10]
    assert (session.access_token, session.refresh_token) == ("first", "again")
    assert {form["device_code"][0] for form in login.forms} == {"d"}


@pytest.mark.parametrize(
    "login",
    [
        Login({"error": "access_denied"}),
        Login({"error": "expired_token"}),
        Login(*[{"error": "authorization_pending"}] * 12),
        Login(document={**DOCUMENT, "issuer": "https://login.other.example"}),
        Login(document={"issuer": ISSUER}),
    ],
)
def test_who_does_not_confirm_is_not_signed_in(login: Login) -> None:
    with pytest.raises(Refused):
        sign_in(login)


def test_a_provider_that_does_not_answer_is_a_missing_server() -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    http = httpx.Client(transport=httpx.MockTransport(nobody))
    with pytest.raises(ServerMissing):
        device_login(ISSUER, "cli", http, print, lambda _: None)


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[float], Path]:
    """A session that ends in so many seconds."""

    def written(seconds: float) -> Path:
        path = session_file({"HOME": str(tmp_path)})
        write(path, Session(ISSUER, f"{ISSUER}/token", "cli", "first", "again", time.time() + seconds))
        return path

    return written


def test_the_session_is_its_owners_alone(kept: Callable[[float], Path]) -> None:
    assert stat.S_IMODE(kept(300).stat().st_mode) == 0o600


def test_a_token_that_ends_is_renewed_and_kept(kept: Callable[[float], Path]) -> None:
    login = Login({"access_token": "second", "expires_in": 300})
    path = kept(5)

    assert current_token(path, ISSUER, login.client) == "second"
    assert login.forms[0]["refresh_token"] == ["again"]
    found = read(path)
    assert found and (found.access_token, found.refresh_token) == ("second", "again")


def test_a_session_that_the_provider_ended_says_to_sign_in_again(kept: Callable[[float], Path]) -> None:
    with pytest.raises(Refused, match="reliefstream login"):
        current_token(kept(5), http=Login({"error": "invalid_grant"}).client)


def test_the_commands_act_as_who_signed_in_and_else_by_the_operators_token(
    kept: Callable[[float], Path], tmp_path: Path
) -> None:
    env = {
        "RELIEFSTREAM_KAFKA_BOOTSTRAP": "k:1",
        "RELIEFSTREAM_OPERATOR_TOKEN": "word",
        "HOME": str(tmp_path),
    }
    assert addresses(env).operator_token == "word"
    path = kept(300)
    assert addresses(env).operator_token == "first"
    assert (
        addresses({**env, "RELIEFSTREAM_OIDC_ISSUER": "https://login.other.example"}).operator_token == "word"
    )
    path.write_text("{")
    assert addresses(env).operator_token == "word"


def test_a_script_on_a_trial_acts_as_the_account_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text('{"trial-clerk": "of-the-clerk"}')
    env = {
        "RELIEFSTREAM_KAFKA_BOOTSTRAP": "k:1",
        "RELIEFSTREAM_OPERATOR_TOKEN": "word",
        "RELIEFSTREAM_ACCOUNT_TOKENS_FILE": str(tmp_path / "tokens.json"),
        "HOME": str(tmp_path),
    }
    assert addresses({**env, "RELIEFSTREAM_ACT_AS": "trial-clerk"}).operator_token == "of-the-clerk"
    with pytest.raises(WrongUsage, match="trial-clerk"):
        addresses({**env, "RELIEFSTREAM_ACT_AS": "clerk"})
