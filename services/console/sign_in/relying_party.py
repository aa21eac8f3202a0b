"""The console as a relying party of the installation's OpenID Connect provider: authorization code with PKCE."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.chassis.identity.access_token import ALGORITHMS, LEEWAY_S
from services.chassis.identity.discovery import UnfitProvider, description, discovery_url
from services.console.called.call_faults import Down

RENEWED_ONCE_S = 30.0
"""Seconds for which pages that were asked for with the same refresh token get the same new tokens."""
PROVIDER = "The sign-in provider"


class SignInRefused(Exception):
    """The provider, or what it answered, lets nobody in. ``reason`` is a stable word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Client:
    """The console at the provider."""

    issuer: str
    client_id: str
    secret: str
    scope: str
    redirect_url: str
    signed_out_url: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the provider issued. ``lives_s``: seconds until the access token ends. ``name``: empty: it says none."""

    access_token: str
    refresh_token: str
    lives_s: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sign-in is tied to: it stands sealed in the browser while the person is at the provider."""

    state: str
    nonce: str
    verifier: str


class RelyingParty:
    """Talks to the provider. What it discovered is kept; its keys are fetched for each sign-in."""

    def __init__(self, client: Client, http: httpx.AsyncClient) -> None:
        self._client, self._http = client, http
        self._known: Mapping[str, Any] | None = None
        self._renewals: dict[str, asyncio.Future[Tokens]] = {}

    async def known(self) -> Mapping[str, Any]:
        """The provider's own description (OpenID Connect Discovery). Raises Down, SignInRefused."""
        if self._known is None:
            issuer = self._client.issuer
            found = await self._json("GET", discovery_url(issuer))
            try:
                self._known = description(
                    issuer, found, "authorization_endpoint", "token_endpoint", "jwks_uri"
                )
            except UnfitProvider:
                raise SignInRefused("unfit_provider") from None
        return self._known

    async def begin(self, asked: Asked) -> str:
        """The address at the provider at which the person signs in. Raises Down, SignInRefused."""
        challenge = urlsafe_b64encode(hashlib.sha256(asked.verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_url,
            "scope": self._client.scope,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "login",  # a session that ended ends at a shared machine, too
        }
        return _with((await self.known())["authorization_endpoint"], query)

    async def finish(self, asked: Asked, answered: Mapping[str, str], now: int) -> Tokens:
        """The tokens for what the provider sent back with the person. Raises SignInRefused, Down."""
        if answered.get("state") != asked.state:
            raise SignInRefused("state")
        if answered.get("iss", self._client.issuer) != self._client.issuer:  # RFC 9207
            raise SignInRefused("issuer")
        if "code" not in answered:
            raise SignInRefused("denied")
        found = await self._token(
            {
                "grant_type": "authorization_code",
                "code": answered["code"],
                "redirect_uri": self._client.redirect_url,
                "code_verifier": asked.verifier,
            }
        )
        claims = await self._id_token(found.get("id_token", ""), asked.nonce, now)
        name = claims.get("name") or claims.get("preferred_username") or ""
        return _tokens(found, name=str(name))

    async def renew(self, refresh_token: str) -> Tokens:
        """New tokens. Raises SignInRefused where the session at the provider has ended; Down.

        Two pages that a person opens at once renew once: many providers end a session whose refresh token comes twice.
        """
        running = self._renewals.get(refresh_token)
        if running is None:
            running = self._renewals[refresh_token] = asyncio.ensure_future(self._renewed(refresh_token))
            asyncio.get_running_loop().call_later(RENEWED_ONCE_S, self._renewals.pop, refresh_token, None)
        return await asyncio.shield(running)

    async def _renewed(self, refresh_token: str) -> Tokens:
        found = await self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})
        return _tokens(found, refresh_token)

    async def end(self, refresh_token: str) -> str | None:
        """Takes the tokens back (RFC 7009) where the provider can; the address that ends its own session, or None."""
        try:
            known = await self.known()
            if refresh_token and "revocation_endpoint" in known:
                await self._http.post(known["revocation_endpoint"], data=self._ours({"token": refresh_token}))
        except (Down, SignInRefused, httpx.HTTPError):
            return None
        if "end_session_endpoint" not in known:
            return None
        query = {"client_id": self._client.client_id, "post_logout_redirect_uri": self._client.signed_out_url}
        return _with(known["end_session_endpoint"], query)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the provider, for the policy of what a form may lead to."""
        parts = urlsplit(self._client.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    async def _id_token(self, text: str, nonce: str, now: int) -> dict[str, Any]:
        known = await self.known()
        try:
            keys = KeySet.import_key_set(await self._json("GET", known["jwks_uri"]))  # type: ignore[arg-type]
            claims: dict[str, Any] = jwt.decode(text, keys, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                now=now,
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self._client.issuer},
                aud={"essential": True, "value": self._client.client_id},
                sub={"essential": True},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError):
            raise SignInRefused("id_token") from None
        return claims

    async def _token(self, form: Mapping[str, str]) -> dict[str, Any]:
        found = await self._json("POST", (await self.known())["token_endpoint"], self._ours(form))
        if not isinstance(found.get("access_token"), str):
            raise SignInRefused("no_token")
        return found

    def _ours(self, form: Mapping[str, str]) -> dict[str, str]:
        secret = {"client_secret": self._client.secret} if self._client.secret else {}
        return {**form, "client_id": self._client.client_id, **secret}

    async def _json(self, method: str, url: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, url, data=dict(form) if form else None)
            found = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            raise Down(PROVIDER) from None
        if answer.status_code >= 500:
            raise Down(PROVIDER)
        return found if isinstance(found, dict) else {}


def _tokens(found: Mapping[str, Any], before: str = "", name: str = "") -> Tokens:
    try:
        lives_s = int(found.get("expires_in", 60))
    except (TypeError, ValueError):
        raise SignInRefused("lifetime") from None
    return Tokens(found["access_token"], str(found.get("refresh_token") or before), lives_s, name)


def _with(url: str, query: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
