"""The OpenID Connect provider of an installation: its keys, and the grants of a person who signed in there."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.chassis.http.problems import Refusal
from services.chassis.identity.access_token import Expected, SignedIn, UnknownKey, verified
from services.chassis.identity.caller import OF_INSTALLATION, Grant
from services.chassis.identity.directory import Account
from services.chassis.identity.discovery import description, discovery_url
from services.chassis.identity.grants.text import NoGrant, grant_of
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.telemetry import log

PREFIX = "reliefstream:"
"""Of a group of the provider that is a grant as it stands: ``reliefstream:clerk:fresno``."""
PERSON = "person-"
"""How a person's account begins."""
BETWEEN_FETCHES_S = 10.0
KEYS_LAST_S = 3600.0
"""Seconds for which keys are used while the provider does not answer."""
KEYS_LIVE_S = 600.0
"""Seconds after which keys are fetched again: one that the provider took back is refused by then."""
LARGEST_ANSWER = 256 * 1024


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Where the provider is, and what its tokens must say and grant."""

    expected: Expected
    jwks_url: str
    """Empty: as the issuer's ``/.well-known/openid-configuration`` says."""
    groups_claim: str
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Group of the provider to grants, for groups that are not named ``reliefstream:...``."""
    strength: str = ""
    """The ``acr`` or ``amr`` that grants ask for where their county asks for none of its own; empty: none."""


def nothing(_: str) -> tuple[Grant, ...]:
    """No grants, whatever the account."""
    return ()


GrantsOf = Callable[[str], tuple[Grant, ...]]


class Provider:
    """Verifies access tokens. Keys are fetched when they are needed first, are old, or one is not known."""

    def __init__(
        self,
        settings: ProviderSettings,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._clock, self._monotonic = settings, clock, monotonic
        self._transport = transport
        self.strengths: Mapping[str, str] = {}
        """County to the ``acr`` or ``amr`` that it asks for."""
        self._keys = KeySet([])
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def account_of(self, token: str, granted: GrantsOf = nothing) -> Account:
        """The person's account with the grants of its groups, and what is ``granted`` to the account besides; those are
        ``withheld`` for which the person did not sign in as strongly as a county asks.

        Raises BadToken, and Refusal 503 without any keys.
        """
        if self._monotonic() - self._fetched_at > KEYS_LIVE_S:
            await self._fetch()
        if self._monotonic() - self._fetched_at > KEYS_LAST_S:
            self._keys = KeySet([])
        if not self._keys:
            said = "The sign-in provider does not answer. Try again in a minute; machines' tokens work meanwhile."
            raise Refusal(503, "provider_unavailable", "Sign-in unavailable", said, {"Retry-After": "60"})
        try:
            found = self._verified(token)
        except UnknownKey:
            await self._fetch()
            found = self._verified(token)
        account = account_of(found)
        grants = (*self._of_groups(found), *granted(account))
        strong = tuple(one for one in grants if self._asked_for(one) <= found.strength)
        withheld = tuple((one, self._asked_for(one)) for one in grants if one not in strong)
        return Account(account, "person", strong, withheld)

    def _verified(self, token: str) -> SignedIn:
        now = int(self._clock.now().timestamp())
        return verified(token, self._keys, self._settings.expected, now, self._settings.groups_claim)

    def _of_groups(self, found: SignedIn) -> list[Grant]:
        texts = [group.removeprefix(PREFIX) for group in found.groups if group.startswith(PREFIX)]
        texts += [text for group in found.groups for text in self._settings.groups.get(group, ())]
        return [grant for text in texts if (grant := _grant(text))]

    def _asked_for(self, grant: Grant) -> frozenset[str]:
        """The strengths without which a grant counts for nothing; one of every county takes what any asks for."""
        others = self._settings.strength
        if grant.county:
            needed = {self.strengths.get(grant.county, others)}
        elif grant.role in OF_INSTALLATION:
            needed = {others}
        else:
            needed = {others, *self.strengths.values()}
        return frozenset(needed - {""})

    async def _fetch(self) -> None:
        """Fetches the keys, one caller at a time and at most every ten seconds; those before stay where it fails."""
        if self._monotonic() - self._tried_at < BETWEEN_FETCHES_S and self._keys:
            return
        async with self._fetching:
            if self._monotonic() - self._tried_at < BETWEEN_FETCHES_S:
                return
            self._tried_at = self._monotonic()
            try:
                async with httpx.AsyncClient(
                    timeout=5, follow_redirects=False, transport=self._transport
                ) as http:
                    url = self._settings.jwks_url or (await self._discovered(http))
                    keys = KeySet.import_key_set(await _json(http, url))
            except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, JoseError) as error:
                log().error("the sign-in provider's keys could not be fetched", error=type(error).__name__)
                return
            self._keys, self._fetched_at = keys, self._monotonic()

    async def _discovered(self, http: httpx.AsyncClient) -> str:
        issuer = self._settings.expected.issuer
        found = description(issuer, await _json(http, discovery_url(issuer)), "jwks_uri")
        return str(found["jwks_uri"])


def account_of(found: SignedIn) -> str:
    """The opaque account of a person: the same for ever, and no name."""
    return PERSON + hashlib.sha256(f"{found.issuer}\0{found.subject}".encode()).hexdigest()[:32]


def _grant(text: str) -> Grant | None:
    """An administrator's grant never comes from a group: it takes two persons."""
    try:
        grant = grant_of(text)
    except NoGrant:
        return None
    return None if grant.role in ("administrator", "source", "integrator") else grant


async def _json(http: httpx.AsyncClient, url: str) -> Any:
    async with http.stream("GET", url) as answer:
        answer.raise_for_status()
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > LARGEST_ANSWER:
                raise ValueError("too large")
    return httpx.Response(200, content=bytes(body)).json()
