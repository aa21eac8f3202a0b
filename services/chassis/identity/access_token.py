"""The access token of a person, as an OpenID Connect provider signs it: verified, and read. Pure.

RFC 9068 without its ``at+jwt`` type, which not every provider writes; RFC 8725 for what is refused.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

ALGORITHMS: Final = ("RS256", "ES256", "Ed25519", "EdDSA")
"""What a provider may sign with; ``none`` and shared secrets (HS256) never."""
TYPES: Final = frozenset({"at+jwt", "application/at+jwt", "jwt"})
LONGEST: Final = 16_384
"""Characters of a token that is read at all."""
LEEWAY_S: Final = 30
"""Seconds that two clocks may differ."""


class BadToken(Exception):
    """A token that opens nothing; ``reason`` is a stable word for the log and the audit, never for the caller."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownKey(BadToken):
    """Signed by a key that is not known: it may have been rotated."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say."""

    issuer: str
    audience: str
    longest_s: int
    """Seconds from a token's issue to its expiry: for so long a person who left may still be in."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person, as the provider says."""

    issuer: str
    subject: str
    groups: tuple[str, ...]
    strength: frozenset[str]
    """``acr`` and ``amr``: how the person signed in."""


def verified(token: str, keys: KeySet, expected: Expected, now: int, groups_claim: str) -> SignedIn:
    """The person. ``now``: seconds since 1970. Raises BadToken, UnknownKey."""
    if len(token) > LONGEST:
        raise BadToken("too_long")
    try:
        _check_header(extract_compact(token.encode()).headers())
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        _registry(expected, now).validate(claims)
    except BadToken:
        raise
    except InvalidKeyIdError:
        raise UnknownKey("unknown_key") from None
    except JoseError as error:
        raise BadToken(error.error or "malformed") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadToken("malformed") from None
    if claims["exp"] - claims["iat"] > expected.longest_s:
        raise BadToken("lives_too_long")
    return SignedIn(
        claims["iss"], claims["sub"], _texts(claims.get(groups_claim)), frozenset(_strength(claims))
    )


def _check_header(header: Mapping[str, Any]) -> None:
    if header.get("alg") not in ALGORITHMS:
        raise BadToken("algorithm")
    if not isinstance(header.get("kid"), str):
        raise BadToken("no_key_id")
    if str(header.get("typ", "JWT")).lower() not in TYPES or "crit" in header:
        raise BadToken("type")


def _registry(expected: Expected, now: int) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY_S,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.audience},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )


def _strength(claims: Mapping[str, Any]) -> Collection[str]:
    acr = claims.get("acr")
    return [*([acr] if isinstance(acr, str) else []), *_texts(claims.get("amr"))]


def _texts(claim: object) -> tuple[str, ...]:
    """Of a list, its texts; a claim of another kind counts as none."""
    return tuple(one for one in claim if isinstance(one, str)) if isinstance(claim, list) else ()
