"""``reliefstream access``: machines get tokens that are shown once, and are revoked."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from services.chassis.identity.accounts import InstallationAccounts
from services.chassis.identity.directory import Directory, sha256
from services.chassis.identity.grants.file import read_grants
from services.chassis.identity.token_uses import token_id
from services.chassis.runtime.clock import SystemClock
from services.cli.access import grant, list_, revoke, token
from services.cli.client import services
from services.cli.terminal.exit import WrongUsage
from tests.cli.answering import Answering


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is not there yet; nobody is signed in."""
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("RELIEFSTREAM_OIDC_ISSUER", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "grants.yaml"


def made(file: Path, capsys: pytest.CaptureFixture[str], account: str = "court-feed") -> str:
    """A new token, as it is printed."""
    capsys.readouterr()
    token(account, file=file)
    return capsys.readouterr().out.strip()


def private_text(file: Path) -> str:
    """What the file says; nobody else may read it."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file.read_text()


async def known(file: Path, word: str) -> bool:
    accounts = InstallationAccounts(file, Directory(), None, SystemClock())
    return await accounts.of_token(word) is not None


async def test_a_token_is_printed_once_and_its_hash_alone_is_kept(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grant("court-feed", ["source:sacramento:court"], file=file, what="the court's feed")
    word = made(file, capsys)

    assert await known(file, word)
    assert len(word) == 64 and private_text(file).count(word) == 0
    list_(file=file)
    until = datetime.now(UTC).date() + timedelta(days=90)
    own = f"{token_id(sha256(word))} until {until}"
    assert (
        capsys.readouterr().out == f"court-feed  source:sacramento:court  tokens: {own}  the court's feed\n"
    )


@pytest.mark.parametrize("used", ["2026-11-22T10:00:00+00:00", None])
def test_the_last_use_of_each_token_is_told_whichever_service_it_was_at(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, used: str | None
) -> None:
    grant("court-feed", ["source:sacramento:court"], file=file)
    own = token_id(sha256(made(file, capsys)))
    at = {"ingest": "2026-11-20T10:00:00+00:00", "relief": used} if used else {}

    def answer(request: httpx.Request) -> httpx.Response:
        moment = at.get(request.url.host)
        uses = [{"account": "court-feed", "token": own, "used_at": moment}] if moment else []
        return httpx.Response(200, json={"token_uses": uses})

    monkeypatch.setattr(services, "addresses", lambda: Answering(answer))
    list_(file=file, uses=True)
    assert ("last used 2026-11-22T10:00" if used else "never used") in capsys.readouterr().out


async def test_a_third_token_ends_the_first_and_the_second_goes_on(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grant("court-feed", ["source:sacramento:court"], file=file)
    words = [made(file, capsys) for _ in range(3)]

    assert [await known(file, word) for word in words] == [False, True, True]


async def test_a_revoked_machine_opens_nothing_until_it_is_granted_and_given_a_token_again(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grant("court-feed", ["source:sacramento:court"], file=file)
    word = made(file, capsys)
    revoke("court-feed", file=file)
    assert not await known(file, word)

    grant("court-feed", ["source:sacramento:court"], file=file)
    assert not await known(file, word), "its old token stays void"
    assert await known(file, made(file, capsys))


@pytest.mark.parametrize(
    ("account", "grants", "said"),
    [
        ("Jane Doe", ["operator"], "An account is a machine's"),
        ("", ["operator"], "An account is a machine's"),
        ("feed", ["source:sacramento"], "source of what?"),
        ("feed", ["zork"], "no role 'zork'"),
        ("feed", ["clerk:gotham"], "no county 'gotham' is set up here; known: .*sacramento"),
        ("feed", ["city_attorney:los-angeles:Gotham"], "no city attorney of 'Gotham' .*known: .*Burbank"),
        ("feed", [], "^Name at least one grant"),
    ],
)
def test_what_is_no_grant_changes_nothing_and_is_told_in_plain_words(
    file: Path, account: str, grants: list[str], said: str
) -> None:
    with pytest.raises(WrongUsage, match=said) as refused:
        grant(account, grants, file=file)
    assert "Tuple" not in str(refused.value)
    assert "String" not in str(refused.value)
    assert not file.exists()


def test_an_account_that_the_file_does_not_have_is_not_revoked_and_a_near_one_is_named(file: Path) -> None:
    grant("court-feed", ["source:sacramento:court"], file=file)
    before = file.read_text()
    with pytest.raises(WrongUsage, match="No account 'court-fed' stands in the file: is court-feed meant"):
        revoke("court-fed", file=file)
    with pytest.raises(WrongUsage, match="reliefstream access list"):
        revoke("nobody", file=file)
    assert file.read_text() == before


def test_whom_the_provider_or_the_settings_alone_grant_something_is_revoked(file: Path) -> None:
    for account in ("person-" + "1" * 32, "operator"):
        revoke(account, file=file)
    assert len(read_grants(file).revoked) == 2


def test_a_file_that_is_not_there_is_not_listed_as_one_that_grants_nothing(file: Path) -> None:
    with pytest.raises(WrongUsage, match="there is no such file"):
        list_(file=file)


def test_changes_at_once_lose_none_of_each_other(file: Path) -> None:
    names = [f"feed-{number:02}" for number in range(24)]
    for name in names:
        grant(name, ["source:sacramento:court"], file=file)
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda name: revoke(name, file=file), names))
    assert read_grants(file).revoked == tuple(names)
    assert [one.name for one in file.parent.glob("grants.yaml?*")] == ["grants.yaml.lock"]


def test_a_token_is_for_a_machine_of_the_file(file: Path) -> None:
    with pytest.raises(WrongUsage, match="access grant"):
        token("nobody", file=file)


def test_a_file_that_is_wrong_is_not_overwritten(file: Path) -> None:
    file.write_text("machines: [")
    with pytest.raises(WrongUsage):
        revoke("court-feed", file=file)
    assert file.read_text() == "machines: ["
