"""What the built-in provider signs: access tokens and ID tokens, with keys that rotate."""

import secrets
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from deploy.local.sign_in.accounts import STRENGTH, Person

ALGORITHM: Final = "ES256"
AUDIENCE: Final = "reliefstream"
TOKEN_LIVES_S: Final = 300
ROTATES_S: Final = 3600
"""Seconds for which a key signs. The next one is published for as long before, the one before for as long after."""


class SigningKeys:
    """The key before, the one that signs, and the next. Times are seconds since 1970."""

    def __init__(self, now: float) -> None:
        self._keys = deque((_made(), _made(), _made()), maxlen=3)
        self._since = now

    def current(self, now: float) -> ECKey:
        """The key that signs now."""
        while now >= self._since + ROTATES_S:
            self._keys.append(_made())
            self._since += ROTATES_S
        return self._keys[1]

    def published(self, now: float) -> dict[str, Any]:
        """The JSON Web Key Set (RFC 7517), without private parts."""
        self.current(now)
        return dict(KeySet(list(self._keys)).as_dict(private=False))


class Signer:
    """Makes the tokens of one issuer."""

    def __init__(self, issuer: str, now: float) -> None:
        self.issuer, self.keys = issuer, SigningKeys(now)

    def access_token(self, person: Person, client: str, scope: str, now: float) -> str:
        """For the services (RFC 9068): groups, and how the person signed in, but no name."""
        said = {"aud": AUDIENCE, "client_id": client, "scope": scope, "jti": secrets.token_urlsafe(16)}
        return self._signed("at+jwt", {**said, "groups": person.groups}, person, now)

    def id_token(
        self, person: Person, client: str, nonce: str | None, signed_in_at: float, now: float
    ) -> str:
        """For the client: who signed in and when, with the client's nonce."""
        said = {"aud": client, "name": person.name, "auth_time": int(signed_in_at), "groups": person.groups}
        return self._signed("JWT", said | ({"nonce": nonce} if nonce else {}), person, now)

    def _signed(self, kind: str, said: Mapping[str, Any], person: Person, now: float) -> str:
        key = self.keys.current(now)
        claims = {
            "iss": self.issuer,
            "sub": person.subject,
            "iat": int(now),
            "exp": int(now) + TOKEN_LIVES_S,
            "acr": STRENGTH,
            "amr": [STRENGTH],
            **said,
        }
        return jwt.encode({"alg": ALGORITHM, "typ": kind, "kid": key.kid}, claims, key)


def _made() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": secrets.token_urlsafe(8), "use": "sig", "alg": ALGORITHM})
