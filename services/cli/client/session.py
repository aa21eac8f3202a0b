"""The person who signed in with ``reliefstream login``: the tokens, kept for their owner alone, and renewed."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.chassis.identity.discovery import UnfitProvider, description, discovery_url
from services.cli.terminal.exit import Refused, ServerMissing

if TYPE_CHECKING:
    import httpx

CLIENT = "reliefstream-cli"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SPARE_S = 30.0
"""Seconds before its end at which an access token is renewed."""


@dataclass(frozen=True, slots=True)
class Session:
    """As the provider answered. ``until``: seconds since 1970."""

    issuer: str
    token_url: str
    client: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    until: float


def session_file(environ: Mapping[str, str]) -> Path:
    """Where the session is kept."""
    home = Path(environ.get("HOME", "/nonexistent"))
    state = Path(environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    return state / "reliefstream" / "session.json"


def read(path: Path) -> Session | None:
    """The session; None: nobody is signed in, or the file is none of ours."""
    try:
        return Session(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write(path: Path, session: Session) -> None:
    """Keeps the session, readable by its owner (0600). Raises OSError."""
    from services.chassis.runtime.private_file import private_file

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with private_file(path) as out:
        json.dump(asdict(session), out)


def current_token(
    path: Path, issuer: str | None = None, http: "Callable[[], httpx.Client] | None" = None
) -> str | None:
    """The access token of who is signed in, renewed where it ends; None: nobody is, or with another provider.

    Raises Refused, ServerMissing.
    """
    session = read(path)
    if session is None or issuer not in (None, session.issuer):
        return None
    if time.time() < session.until - SPARE_S:
        return session.access_token
    said = {
        "grant_type": "refresh_token",
        "refresh_token": session.refresh_token,
        "client_id": session.client,
    }
    with (http or client)() as asking:
        answer = post(asking, session.token_url, said)
    if "access_token" not in answer:
        raise Refused("Your session has ended. Sign in again: reliefstream login")
    renewed = session_of(session.issuer, session.token_url, session.client, answer, session.refresh_token)
    write(path, renewed)
    return renewed.access_token


def device_login(
    issuer: str,
    client_id: str,
    http: "httpx.Client",
    tell: Callable[[str], None],
    pause: Callable[[float], None],
) -> Session:
    """Signs a person in by the device flow (RFC 8628); ``tell`` says what to open. Raises Refused, ServerMissing."""
    try:
        known = description(
            issuer, _get(http, discovery_url(issuer)), "device_authorization_endpoint", "token_endpoint"
        )
    except UnfitProvider as error:
        raise Refused(f"Nobody can sign in here: {error}. Check RELIEFSTREAM_OIDC_ISSUER.") from None
    asked = post(http, known["device_authorization_endpoint"], {"client_id": client_id, "scope": "openid"})
    if "device_code" not in asked:
        raise Refused(f"The provider does not let the client {client_id!r} sign people in.")
    where = asked.get("verification_uri_complete") or asked["verification_uri"]
    tell(f"Open {where} and confirm the code {asked['user_code']}")
    wait, said = float(asked.get("interval", 5)), {"grant_type": DEVICE_GRANT, "client_id": client_id}
    left = float(asked["expires_in"])
    while left > 0:
        pause(wait)
        left -= wait
        answer = post(http, known["token_endpoint"], {**said, "device_code": asked["device_code"]})
        if "access_token" in answer:
            return session_of(issuer, known["token_endpoint"], client_id, answer)
        if answer.get("error") == "slow_down":
            wait += 5
        elif answer.get("error") != "authorization_pending":
            break
    raise Refused("Nobody was signed in: the code was denied, or was not confirmed in time.")


def session_of(
    issuer: str, token_url: str, client_id: str, answer: Mapping[str, Any], before: str = ""
) -> Session:
    """The session that a token endpoint's answer begins or renews."""
    until = time.time() + float(answer.get("expires_in", 60))
    return Session(
        issuer, token_url, client_id, answer["access_token"], answer.get("refresh_token", before), until
    )


def end(session: Session, http: "httpx.Client") -> None:
    """Asks the provider to end the session (RFC 7009). Where it cannot, the tokens end by themselves."""
    import httpx

    said = {"token": session.refresh_token, "token_type_hint": "refresh_token", "client_id": session.client}
    try:
        known = _get(http, discovery_url(session.issuer))
        if "revocation_endpoint" in known:
            http.post(known["revocation_endpoint"], data=said)
    except (httpx.HTTPError, ServerMissing):
        return


def client() -> "httpx.Client":
    """A client of the provider."""
    import httpx

    return httpx.Client(timeout=10)


def post(http: "httpx.Client", url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The JSON answer to a form; of a refusal too. Raises ServerMissing."""
    return _json(lambda: http.post(url, data=dict(form)))


def _get(http: "httpx.Client", url: str) -> dict[str, Any]:
    return _json(lambda: http.get(url))


def _json(ask: "Callable[[], httpx.Response]") -> dict[str, Any]:
    import httpx

    try:
        found = ask().json()
    except (httpx.HTTPError, ValueError):
        raise ServerMissing(
            "The sign-in provider does not answer: check the issuer, try again later."
        ) from None
    return found if isinstance(found, dict) else {}
