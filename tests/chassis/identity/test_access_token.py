"""Which access tokens are believed: a table of those that are not, each with the reason."""

import base64
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet, RSAKey

from services.chassis.identity.access_token import BadToken, Expected, SignedIn, UnknownKey, verified
from tests.chassis.identity.signing import AUDIENCE, EC, ISSUER, NOW, RSA, claims, token

KEYS = KeySet.import_key_set(KeySet([RSA, EC]).as_dict(private=False))
EXPECTED = Expected(ISSUER, AUDIENCE, 900)
STRANGER = RSAKey.generate_key(2048, {"kid": "k1"})


def read(text: str) -> SignedIn:
    return verified(text, KEYS, EXPECTED, NOW, "groups")


def part(found: object) -> str:
    """A part of a token."""
    raw = found if isinstance(found, bytes) else json.dumps(found).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(alg: str) -> str:
    return f"{part({'alg': alg, 'kid': 'k1'})}.{part(claims())}."


def by_shared_secret() -> str:
    """Signed by HS256 with the provider's public key as the secret."""
    signed = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(claims())}"
    return f"{signed}.{part(hmac.digest(RSA.as_pem(private=False), signed.encode(), 'sha256'))}"


def changed(text: str) -> str:
    """With other claims under the same signature."""
    head, _, signature = text.split(".")
    return f"{head}.{token(sub='u-18').split('.')[1]}.{signature}"


def test_a_token_of_the_provider_tells_who_signed_in() -> None:
    for text in (
        token(),
        token(EC, "ES256"),
        token(aud=["other", AUDIENCE]),
        token(header={"typ": "at+jwt"}),
    ):
        assert read(text) == SignedIn(ISSUER, "u-17", ("reliefstream:clerk:fresno", "staff"), frozenset())
    assert read(token(acr="mfa", amr=["otp", "pwd"])).strength == {"mfa", "otp", "pwd"}
    assert read(token(groups="reliefstream:clerk:fresno")).groups == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(unsigned("none"), id="alg none"),
        pytest.param(unsigned("None"), id="alg None"),
        pytest.param(unsigned("RS256"), id="no signature"),
        pytest.param(by_shared_secret(), id="HS256 with the public key"),
        pytest.param(changed(token()), id="claims changed"),
        pytest.param(token(STRANGER), id="another key under the same id"),
        pytest.param(token(header={"kid": "k9"}), id="an unknown key"),
        pytest.param(token(header={"kid": "k2"}), id="the id of a key of another kind"),
        pytest.param(token(header={"typ": "id+jwt"}), id="another type"),
        pytest.param(token(header={"kid": None}), id="no key id"),
        pytest.param(token(iss="https://login.other.example"), id="another issuer"),
        pytest.param(token(iss=f"{ISSUER}/"), id="an issuer that looks alike"),
        pytest.param(token(iss=None), id="no issuer"),
        pytest.param(token(aud="payroll"), id="another audience"),
        pytest.param(token(aud=[]), id="no audience"),
        pytest.param(token(aud=None), id="no audience at all"),
        pytest.param(token(exp=NOW - 31), id="expired"),
        pytest.param(token(exp=None), id="without an end"),
        pytest.param(token(exp="2100-01-01"), id="an end that is no number"),
        pytest.param(token(exp=float("nan")), id="an end that is not a number"),
        pytest.param(token(exp=NOW + 10_000), id="lives for hours"),
        pytest.param(token(nbf=NOW + 31), id="not yet valid"),
        pytest.param(token(iat=NOW + 31), id="issued in the future"),
        pytest.param(token(iat=None), id="no time of issue"),
        pytest.param(token(sub=None), id="nobody"),
        pytest.param(token(sub=""), id="an empty name"),
        pytest.param(token(sub=7), id="a number for a name"),
        pytest.param(token(groups=["x" * 20_000]), id="too long"),
        pytest.param("..", id="three empty parts"),
        pytest.param("a.b.c", id="three words"),
        pytest.param("é.é.é", id="not ASCII"),
    ],
)
def test_a_bad_token_is_nobodys(text: str) -> None:
    with pytest.raises(BadToken):
        read(text)


def test_a_token_of_an_unknown_key_says_so_as_keys_are_rotated() -> None:
    with pytest.raises(UnknownKey):
        read(token(header={"kid": "k9"}))


@given(
    st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}")
)
def test_no_text_is_a_token_or_breaks_its_reader(text: str) -> None:
    with pytest.raises(BadToken):
        read(text)


HEADERS = st.dictionaries(
    st.sampled_from(["alg", "kid", "typ", "jku", "jwk", "x5u", "b64"]),
    st.none() | st.text() | st.integers() | st.lists(st.text()),
)


@given(HEADERS)
def test_no_header_makes_a_strangers_token_valid(header: dict[str, Any]) -> None:
    _, payload, signature = token(STRANGER).split(".")
    with pytest.raises(BadToken):
        read(f"{part(header)}.{payload}.{signature}")
