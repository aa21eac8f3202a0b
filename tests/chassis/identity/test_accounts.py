"""Whose token is whose: the provider's persons, the file's machines, and who was revoked."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from joserfc.jwk import KeySet

from services.chassis.http.problems import Refusal
from services.chassis.identity.access_token import BadToken, Expected, SignedIn
from services.chassis.identity.accounts import UNREADABLE_S, InstallationAccounts
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, shared_tokens
from services.chassis.identity.grants.file import read_grants
from services.chassis.identity.provider import Provider, ProviderSettings, account_of
from services.chassis.settings.located_yaml import WrongFile
from services.county_folders import sign_in_strengths
from tests.chassis.identity.signing import AUDIENCE, EC, ISSUER, NOW, RSA, token
from tests.county_files import POLICIES

PERSON = account_of(SignedIn(ISSUER, "u-17", (), frozenset()))
CLERK = Grant("clerk", "fresno")


class Time:
    """The clock and the stopwatch of a service, moved by hand."""

    passed = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=self.passed)

    def today(self, timezone: str = "") -> Any:
        return self.now().date()

    def monotonic(self) -> float:
        return self.passed


class Login:
    """A provider that answers as one does, or does not; counts how often its keys are asked for."""

    def __init__(self, *keys: Any) -> None:
        self.keys, self.asked, self.up = list(keys), 0, True

    def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("refused")
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        self.asked += 1
        return httpx.Response(200, json=KeySet(self.keys).as_dict(private=False))


def provider(login: Login, at: Time, **settings: Any) -> Provider:
    expected = Expected(ISSUER, AUDIENCE, 900)
    found = ProviderSettings(expected, "", "groups", **settings)
    return Provider(found, at, transport=httpx.MockTransport(login.answer), monotonic=at.monotonic)


async def test_a_person_has_the_grants_of_the_providers_groups_under_an_opaque_account() -> None:
    groups = {"la-da": ("district_attorney:los-angeles:signer",)}
    who = await provider(Login(RSA), Time(), groups=groups).account_of(
        token(
            groups=[
                "reliefstream:clerk:fresno",
                "la-da",
                "staff",
                "reliefstream:nobody",
                "reliefstream:administrator",
            ]
        )
    )

    assert who.grants == (CLERK, Grant("district_attorney", "los-angeles", signer=True))
    assert who.account == PERSON and who.kind == "person"
    assert "u-17" not in who.account


async def test_a_key_that_was_rotated_in_is_fetched_and_one_that_nobody_has_is_not_fetched_for_ever() -> None:
    login, at = Login(RSA), Time()
    persons = provider(login, at)
    assert (await persons.account_of(token())).grants == (CLERK,)
    login.keys = [EC]
    at.passed = 11
    assert (await persons.account_of(token(EC, "ES256"))).grants == (CLERK,)
    for _ in range(50):
        with pytest.raises(BadToken):
            await persons.account_of(token(header={"kid": "k9"}))

    assert login.asked == 2


async def test_keys_outlive_a_provider_that_does_not_answer_by_an_hour_and_not_by_more() -> None:
    login, at = Login(RSA), Time()
    persons = provider(login, at)
    await persons.account_of(token())
    login.up = False
    at.passed = 3000
    assert (await persons.account_of(token(now=NOW + 3000))).grants
    at.passed = 3700
    with pytest.raises(Refusal) as refused:
        await persons.account_of(token(now=NOW + 3700))
    assert refused.value.status == 503


async def test_a_county_that_asks_for_a_second_factor_grants_nothing_without_it() -> None:
    persons = provider(Login(RSA), Time())
    persons.strengths = {"fresno": "mfa"}

    weak = await persons.account_of(token())
    assert (weak.grants, weak.withheld) == ((), ((CLERK, {"mfa"}),))
    assert (await persons.account_of(token(amr=["pwd", "mfa"]))).grants == (CLERK,)
    assert (await persons.account_of(token(groups=["reliefstream:clerk:kern"]))).grants == (
        Grant("clerk", "kern"),
    )


async def test_a_grant_of_every_county_takes_what_any_county_asks_for() -> None:
    persons = provider(Login(RSA), Time())
    persons.strengths = {"fresno": "mfa"}
    groups = ["reliefstream:clerk:*", "reliefstream:operator"]

    assert (await persons.account_of(token(groups=groups))).grants == (Grant("operator"),)
    assert len((await persons.account_of(token(groups=groups, acr="mfa"))).grants) == 2


def test_a_county_says_in_its_own_file_how_strongly_people_sign_in(tmp_path: Path) -> None:
    for county, line in (("fresno", "sign_in_strength: mfa\n"), ("kern", "")):
        (tmp_path / county).mkdir()
        (tmp_path / county / "county.yaml").write_text(f"county: {county}\n{line}{POLICIES}")

    assert sign_in_strengths(tmp_path) == {"fresno": "mfa"}


def hashed(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def written(path: Path, **found: Any) -> Path:
    """A file of one machine with two tokens, of which one ends tonight."""
    today = datetime.fromtimestamp(NOW, UTC).date()
    machine = {
        "account": "court-feed",
        "grants": ["source:fresno:court"],
        "tokens": [
            {"sha256": hashed("old"), "until": today},
            {"sha256": hashed("new"), "until": today + timedelta(days=90)},
        ],
    }
    path.write_text(yaml.safe_dump({"machines": [machine], **found}))
    return path


Accounts = Callable[..., InstallationAccounts]


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    def made(at: Time, login: Login | None = None, **found: Any) -> InstallationAccounts:
        path = written(tmp_path / "grants.yaml", **found)
        persons = provider(login, at) if login else None
        shared = shared_tokens("operator-word")
        return InstallationAccounts(path, shared, persons, at, at.monotonic)

    return made


async def test_a_machine_has_two_tokens_while_one_is_rotated_and_an_expired_one_is_nobodys(
    accounts: Accounts,
) -> None:
    at = Time()
    known = accounts(at)
    feed = Account("court-feed", "machine", (Grant("source", "fresno", scope=frozenset({"court"})),))

    assert [await known.of_token(word) for word in ("old", "new", hashed("new"), "")] == [
        feed,
        feed,
        None,
        None,
    ]
    at.passed = 86_400
    assert [await known.of_token(word) for word in ("old", "new")] == [None, feed]


async def test_who_was_revoked_is_out_within_seconds_person_machine_or_shared_token(
    accounts: Accounts, tmp_path: Path
) -> None:
    at = Time()
    known = accounts(at, Login(RSA))
    words = ("new", token(), "operator-word")
    assert all([await known.of_token(word) for word in words])

    written(tmp_path / "grants.yaml", revoked=["court-feed", PERSON, "operator"])
    known.look()

    assert [await known.of_token(word) for word in words] == [None, None, None]


async def test_what_an_account_is_granted_is_known_without_its_token(
    accounts: Accounts, tmp_path: Path
) -> None:
    at = Time()
    known, path = accounts(at), tmp_path / "grants.yaml"
    feed = (Grant("source", "fresno", scope=frozenset({"court"})),)
    assert (known.grants_of("court-feed"), known.grants_of("operator")) == (feed, (Grant("operator"),))
    assert known.grants_of("nobody") == ()
    assert known.grants_of(PERSON) is None

    written(path, revoked=["court-feed", PERSON, "operator"])
    known.look()
    assert [known.grants_of(one) for one in ("court-feed", PERSON, "operator")] == [(), (), ()]
    path.write_text("machines: [")
    known.look()
    at.passed = UNREADABLE_S + 1
    with pytest.raises(Refusal):
        known.grants_of("court-feed")


async def test_the_file_grants_a_person_beside_the_groups(accounts: Accounts) -> None:
    auditor = {"account": PERSON, "grants": ["auditor"]}
    found = await accounts(Time(), Login(RSA), persons=[auditor]).of_token(token())

    assert found and found.grants == (CLERK, Grant("auditor"))


async def test_what_the_file_grants_a_person_asks_for_a_second_factor_too(
    accounts: Accounts, tmp_path: Path
) -> None:
    at = Time()
    path = written(
        tmp_path / "grants.yaml", persons=[{"account": PERSON, "grants": ["auditor", "clerk:kern"]}]
    )
    asking = provider(Login(RSA), at, strength="mfa")
    known = InstallationAccounts(path, shared_tokens(), asking, at, at.monotonic)
    known.ask_strengths({"kern": "pwd"})

    found = await known.of_token(token(acr="pwd"))
    assert found and found.grants == (Grant("clerk", "kern"),)


async def test_a_file_that_became_wrong_admits_nobody_after_a_minute_as_it_may_have_revoked_somebody(
    accounts: Accounts, tmp_path: Path
) -> None:
    at = Time()
    known, path = accounts(at), tmp_path / "grants.yaml"
    path.write_text("machines: [")
    known.look()
    assert await known.of_token("new")
    at.passed = UNREADABLE_S + 1
    with pytest.raises(Refusal) as refused:
        await known.of_token("new")
    assert refused.value.status == 503

    written(path)
    known.look()
    assert await known.of_token("new")
    path.unlink()
    known.look()
    at.passed += UNREADABLE_S + 1
    with pytest.raises(Refusal):
        await known.of_token("operator-word")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("grants: [judge:fresno]", "no role 'judge'"),
        ("grants: [clerk]", "of which county"),
        ("grants: [operator:fresno]", "write operator alone"),
        ("grants: [city_attorney:fresno]", "a county and a city"),
        ("grants: ['city_attorney:*:clovis']", "a county and a city"),
        ("grants: [source:fresno]", "of what?"),
        ("grants: [source:fresno:secrets]", "of what?"),
        ("grants: [clerk:fresno:signer]", "nothing but a county"),
        ("grants: []", "list"),
        ("tokens: [{sha256: the-token-itself, until: 2030-01-01}]", "never the token itself"),
        ("tokens: [{sha256: " + "a" * 64 + ", until: soon}]", "until"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_without_a_token(
    tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "grants.yaml"
    usual = "" if line.startswith("grants") else "    grants: [operator]\n"
    path.write_text(f"machines:\n  - account: a\n{usual}    {line}\n")
    with pytest.raises(WrongFile) as wrong:
        read_grants(path)

    assert said in str(wrong.value)
    assert "the-token-itself" not in str(wrong.value)
