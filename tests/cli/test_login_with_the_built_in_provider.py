"""``login``, ``whoami`` and ``logout`` with a provider that runs, and without any service."""

from pathlib import Path

import httpx
import pytest

from services.chassis.identity.access_token import SignedIn
from services.chassis.identity.provider import account_of
from services.cli.client.session import post, read, session_file
from services.cli.login import login, logout, whoami
from services.cli.terminal.exit import Refused, WrongUsage
from tests.sign_in import running_provider


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody is signed in, and there are no servers."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path / "none"))
    for name in ("RELIEFSTREAM_OIDC_ISSUER", "RELIEFSTREAM_KAFKA_BOOTSTRAP", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_a_provider_the_command_asks_for_one(home: Path) -> None:
    with pytest.raises(WrongUsage, match="RELIEFSTREAM_OIDC_ISSUER"):
        login()
    with pytest.raises(Refused, match="Nobody is signed in"):
        whoami()


def test_who_signed_in_is_shown_until_the_session_ends_here_and_with_the_provider(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_provider() as provider:
        provider.sign_in("los-angeles-clerk", home)
        whoami()
        account = account_of(SignedIn(provider.issuer, "los-angeles-clerk", (), frozenset()))
        assert capsys.readouterr().out == f"{account}\n  clerk:los-angeles\n"

        session = read(session_file({"HOME": str(home)}))
        assert session
        logout()
        renewing = {"grant_type": "refresh_token", "refresh_token": session.refresh_token}
        with httpx.Client() as http:
            answer = post(http, session.token_url, renewing | {"client_id": session.client})
    assert answer["error"] == "invalid_grant"
    assert not session_file({"HOME": str(home)}).exists()


def test_signing_out_works_where_the_provider_does_not_answer(home: Path) -> None:
    with running_provider() as provider:
        provider.sign_in("operator", home)
    logout()
    assert not session_file({"HOME": str(home)}).exists()
