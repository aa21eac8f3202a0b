"""Who administers is said by two persons who signed in; then nobody else changes the file by the command."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.chassis.identity.access_token import SignedIn
from services.chassis.identity.grants.file import read_grants
from services.chassis.identity.provider import account_of
from services.chassis.settings.located_yaml import WrongFile
from services.cli.access import confirm, grant, list_, revoke, token
from services.cli.client.session import session_file
from services.cli.terminal.exit import Refused, WrongUsage
from tests.sign_in import RunningProvider, running_provider

NEW = "person-" + "1" * 32
FIRST, SECOND, CLERK = "administrator", "second-administrator", "los-angeles-clerk"
ActAs = Callable[[str], str]


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def act_as(provider: RunningProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ActAs:
    """Signs a person in; returns the account."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RELIEFSTREAM_OIDC_ISSUER", provider.issuer)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)

    def signed_in(person: str) -> str:
        provider.sign_in(person, tmp_path)
        return account_of(SignedIn(provider.issuer, person, (), frozenset()))

    return signed_in


@pytest.fixture
def file(tmp_path: Path, act_as: ActAs) -> Path:
    """With two administrators, each entered by the clerk and confirmed by the other."""
    path = tmp_path / "grants.yaml"
    accounts = {person: act_as(person) for person in (FIRST, SECOND)}
    for granted, other in ((FIRST, SECOND), (SECOND, FIRST)):
        act_as(CLERK)
        grant(accounts[granted], ["administrator"], file=path)
        act_as(other)
        confirm(accounts[granted], file=path)
    return path


def administrators(path: Path) -> int:
    return len(read_grants(path).administrators)


def test_the_grant_of_an_administrator_waits_for_a_second_person(
    file: Path, act_as: ActAs, capsys: pytest.CaptureFixture[str]
) -> None:
    act_as(FIRST)
    grant(NEW, ["administrator", "auditor"], file=file)
    assert administrators(file) == 2
    assert [one.role for one in read_grants(file).granted(NEW)] == ["auditor"], "the rest is in force"
    capsys.readouterr()
    list_(file=file)
    assert f"{NEW}  administrator, auditor  waits for a second person" in capsys.readouterr().out

    act_as(SECOND)
    confirm(NEW, file=file)
    assert administrators(file) == 3


def test_neither_who_entered_it_nor_who_is_granted_confirms_it(file: Path, act_as: ActAs) -> None:
    act_as(FIRST)
    grant(NEW, ["administrator"], file=file)
    with pytest.raises(Refused, match="Another person"):
        confirm(NEW, file=file)
    own = act_as(SECOND)
    with pytest.raises(Refused, match="Two other persons"):
        grant(own, ["administrator", "auditor"], file=file)
    act_as(FIRST)
    grant(own, ["administrator", "auditor"], file=file)
    assert administrators(file) == 1, "a changed grant waits again"
    act_as(SECOND)
    with pytest.raises(Refused, match="Another person"):
        confirm(own, file=file)
    act_as(CLERK)
    confirm(own, file=file)
    assert administrators(file) == 2


def test_nobody_but_an_administrator_changes_the_file_by_the_command(file: Path, act_as: ActAs) -> None:
    before = file.read_text()
    act_as(CLERK)
    tries: list[Callable[[], None]] = [
        lambda: grant("court-feed", ["source:sacramento:court"], file=file),
        lambda: token("court-feed", file=file),
        lambda: revoke("court-feed", file=file),
        lambda: grant(NEW, ["administrator"], file=file),
        lambda: confirm(NEW, file=file),
    ]
    for each in tries:
        with pytest.raises(Refused, match="sign in as one of them"):
            each()
    assert file.read_text() == before
    act_as(FIRST)
    grant("court-feed", ["source:sacramento:court"], file=file)
    assert [one.account for one in read_grants(file).machines] == ["court-feed"]


def test_a_revoked_administrator_changes_nothing(file: Path, act_as: ActAs) -> None:
    act_as(FIRST)
    grant(NEW, ["administrator"], file=file)
    second = act_as(SECOND)
    confirm(NEW, file=file)
    act_as(FIRST)
    revoke(second, file=file)
    act_as(SECOND)
    with pytest.raises(Refused):
        revoke(NEW, file=file)


def test_a_session_that_the_provider_does_not_vouch_for_is_nobodys(
    file: Path, act_as: ActAs, tmp_path: Path
) -> None:
    act_as(FIRST)
    kept = session_file({"HOME": str(tmp_path)})
    forged = json.loads(kept.read_text())
    head, _, signature = forged["access_token"].split(".")
    claims = base64.urlsafe_b64encode(json.dumps({"sub": FIRST}).encode()).rstrip(b"=").decode()
    kept.write_text(json.dumps(forged | {"access_token": f"{head}.{claims}.{signature}"}))
    with pytest.raises(Refused, match="does not vouch"):
        revoke(NEW, file=file)


def test_an_administrator_is_entered_by_somebody_who_signed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path))
    monkeypatch.delenv("RELIEFSTREAM_OIDC_ISSUER", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    with pytest.raises(Refused, match="signs in first"):
        grant(NEW, ["administrator"], file=tmp_path / "grants.yaml")
    with pytest.raises(WrongUsage, match="a person, not a machine"):
        grant("machine", ["administrator"], file=tmp_path / "grants.yaml")


@pytest.mark.parametrize(
    ("entered", "confirmed"), [(NEW, "person-b"), ("person-b", NEW), ("", "person-b"), ("a", "a")]
)
def test_a_file_in_which_one_person_made_an_administrator_is_refused(
    tmp_path: Path, entered: str, confirmed: str
) -> None:
    path = tmp_path / "grants.yaml"
    person = {"account": NEW, "grants": ["administrator"], "entered_by": entered, "confirmed_by": confirmed}
    path.write_text(json.dumps({"persons": [person]}))
    with pytest.raises(WrongFile, match="entered by one person and confirmed by another"):
        read_grants(path)
