"""A provider's key and the access tokens that it signs."""

import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

ISSUER, AUDIENCE = "https://login.county.example", "reliefstream"
NOW = 1_800_000_000
RSA = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "k2", "use": "sig"})


def claims(now: int = NOW, **other: Any) -> dict[str, Any]:
    """Of a clerk of Fresno; a claim that is None is left out."""
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "u-17",
        "iat": now - 10,
        "exp": now + 300,
        "groups": ["reliefstream:clerk:fresno", "staff"],
    }
    return {name: value for name, value in (usual | other).items() if value is not None}


def token(key: Key = RSA, alg: str = "RS256", header: dict[str, Any] | None = None, **said: Any) -> str:
    """A signed token of ``claims``; of the header, too, what is None is left out."""
    found = {"alg": alg, "kid": key.kid, **(header or {})}
    found = {name: value for name, value in found.items() if value is not None}
    return jwt.encode(found, claims(**said), key, algorithms=[alg])


def fresh(**said: Any) -> str:
    """One that is valid by the machine's clock."""
    return token(now=int(time.time()), **said)
