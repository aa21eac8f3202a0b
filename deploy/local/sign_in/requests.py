"""What clients may ask of the built-in provider, and what is wrong with what they ask. Pure."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
SCOPES: Final = ("openid", "profile", "offline_access")
REQUEST: Final[tuple[str, ...]] = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
"""The parameters of an authorization request that are read."""


class BadRequest(Exception):
    """``error``: as OAuth 2.0 names it; the text says why to whoever writes a client."""

    def __init__(self, error: str, said: str) -> None:
        super().__init__(said)
        self.error, self.said = error, said


class NoRedirect(Exception):
    """A request whose client or address is wrong: its answer goes to the person, and to no address."""


@dataclass(frozen=True, slots=True)
class Client:
    """A public client: it has no secret. ``redirect_uris``: of browsers; ``device``: whether it signs in by code."""

    name: str
    redirect_uris: tuple[str, ...] = ()
    device: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that is in order."""

    client: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str | None
    challenge: str


def redirected(form: Mapping[str, str], clients: Mapping[str, Client]) -> str:
    """The address that the answer may go to. Raises NoRedirect: anything but an exact, registered one."""
    client = clients.get(form.get("client_id", ""))
    if client is None or not client.redirect_uris:
        raise NoRedirect("The client is unknown here.")
    address = form.get("redirect_uri", "")
    if address not in client.redirect_uris:
        raise NoRedirect("The address to go back to is not one that this client has.")
    return address


def asked(form: Mapping[str, str], redirect_uri: str) -> Asked:
    """The request of a client that may be answered. Raises BadRequest."""
    if form.get("response_type") != "code":
        raise BadRequest("unsupported_response_type", "response_type: only code")
    if form.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(form.get("code_challenge", "")):
        raise BadRequest(
            "invalid_request", "PKCE is asked for: code_challenge with code_challenge_method S256"
        )
    return Asked(
        form["client_id"],
        redirect_uri,
        scope(form),
        form.get("state", ""),
        form.get("nonce"),
        form["code_challenge"],
    )


def scope(form: Mapping[str, str]) -> str:
    """The scopes that are known of those asked for. Raises BadRequest without ``openid``."""
    words = form.get("scope", "").split()
    if "openid" not in words:
        raise BadRequest("invalid_scope", "scope: openid is asked for")
    return " ".join(word for word in SCOPES if word in words)


def answer_to(redirect_uri: str, said: Mapping[str, str]) -> str:
    """The address with the answer in its query."""
    return f"{redirect_uri}?{urlencode({name: value for name, value in said.items() if value})}"


def proves(verifier: str, challenge: str) -> bool:
    """Whether the verifier is the one whose hash was sent (RFC 7636, S256)."""
    if not VERIFIER.fullmatch(verifier):
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return secrets.compare_digest(digest, challenge.encode())
