"""What the built-in provider answers: discovery, authorization codes, device codes, tokens. No HTTP here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from deploy.local.sign_in import accounts
from deploy.local.sign_in.issued import (
    CODE_LIVES_S,
    DEVICE_CODE_LIVES_S,
    POLL_S,
    SESSION_LIVES_S,
    Code,
    DeviceCode,
    Issued,
    Session,
    user_code,
)
from deploy.local.sign_in.requests import SCOPES, Asked, BadRequest, Client, answer_to, proves, scope
from deploy.local.sign_in.signing import ALGORITHM, TOKEN_LIVES_S, Signer

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
Form = Mapping[str, str]


class SignIn:
    """An OpenID Connect provider of public clients. What it has issued ends with its process."""

    def __init__(self, issuer: str, clients: Iterable[Client], now: Callable[[], float]) -> None:
        """``now``: seconds since 1970."""
        self.issuer, self.clients, self._now = issuer, {one.name: one for one in clients}, now
        self.signer = Signer(issuer, now())
        self._codes = Issued[Code](CODE_LIVES_S)
        self._devices = Issued[DeviceCode](DEVICE_CODE_LIVES_S)
        self._sessions = Issued[Session](SESSION_LIVES_S)

    def document(self) -> dict[str, Any]:
        """The discovery document (OpenID Connect Discovery 1.0)."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "device_authorization_endpoint": f"{self.issuer}/device_authorization",
            "revocation_endpoint": f"{self.issuer}/revoke",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "scopes_supported": list(SCOPES),
            "acr_values_supported": [accounts.STRENGTH],
            "claims_supported": [
                "iss",
                "sub",
                "aud",
                "exp",
                "iat",
                "auth_time",
                "nonce",
                "acr",
                "amr",
                "name",
                "groups",
            ],
            "authorization_response_iss_parameter_supported": True,
        }

    def keys(self) -> dict[str, Any]:
        """The key set that tokens are verified with."""
        return self.signer.keys.published(self._now())

    def signed_in(self, asked: Asked, subject: str) -> str:
        """The address to send the person back to, with a code. Raises BadRequest where nobody was chosen."""
        person = accounts.person(subject)
        if person is None:
            raise BadRequest("access_denied", "Nobody was chosen.")
        now = self._now()
        made = Code(asked.client, asked.redirect_uri, asked.challenge, asked.scope, asked.nonce, person, now)
        said = {"code": self._codes.issue(made, now), "state": asked.state, "iss": self.issuer}
        return answer_to(asked.redirect_uri, said)

    def device(self, form: Form) -> dict[str, Any]:
        """A device code and the code that the person confirms (RFC 8628). Raises BadRequest."""
        client = self.clients.get(form.get("client_id", ""))
        if client is None or not client.device:
            raise BadRequest("unauthorized_client", "This client has no device flow here.")
        made = DeviceCode(client.name, scope(form), user_code(), float("-inf"))
        page = f"{self.issuer}/device"
        return {
            "device_code": self._devices.issue(made, self._now()),
            "user_code": made.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={made.user_code}",
            "expires_in": int(DEVICE_CODE_LIVES_S),
            "interval": int(POLL_S),
        }

    def waits(self, code: str) -> bool:
        """Whether a command waits for somebody to confirm this code."""
        return self._waiting(code) is not None

    def confirm(self, code: str, subject: str) -> bool:
        """Signs this person in where the code was shown; False: no such code waits, or nobody was chosen."""
        found, person = self._waiting(code), accounts.person(subject)
        if found is None or person is None:
            return False
        secret, device = found
        self._devices.change(secret, replace(device, person=person, signed_in_at=self._now()))
        return True

    def tokens(self, form: Form) -> dict[str, Any]:
        """The answer of the token endpoint. Raises BadRequest."""
        grants = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh_token,
            DEVICE_GRANT: self._by_device_code,
        }
        by = grants.get(form.get("grant_type", ""))
        if by is None:
            raise BadRequest("unsupported_grant_type", f"grant_type: one of {', '.join(grants)}")
        return by(form)

    def revoke(self, form: Form) -> None:
        """Ends the session of a refresh token (RFC 7009); of an unknown one nothing."""
        session = self._sessions.look(form.get("token", ""), self._now())
        if session is not None and session.client == form.get("client_id"):
            self._end(session.family)

    def _by_code(self, form: Form) -> dict[str, Any]:
        code = form.get("code", "")
        made = self._codes.take(code, self._now())
        if made is None:
            self._end(code)  # used before: whoever used it may not be who it was made for
            raise BadRequest("invalid_grant", "The code is unknown, was used, or has ended.")
        if (made.client, made.redirect_uri) != (form.get("client_id"), form.get("redirect_uri")):
            raise BadRequest("invalid_grant", "The code was made for another client or address.")
        if not proves(form.get("code_verifier", ""), made.challenge):
            raise BadRequest("invalid_grant", "code_verifier is not the one of the code_challenge.")
        return self._answer(Session(made.client, made.scope, made.person, made.at, code), made.nonce)

    def _by_device_code(self, form: Form) -> dict[str, Any]:
        now, secret = self._now(), form.get("device_code", "")
        made = self._devices.look(secret, now)
        if made is None or made.client != form.get("client_id"):
            raise BadRequest("expired_token", "The device code is unknown, was used, or has ended.")
        if made.person is None:
            too_soon = now < made.polled_at + POLL_S
            self._devices.change(secret, replace(made, polled_at=now))
            raise BadRequest(
                "slow_down" if too_soon else "authorization_pending", "Nobody has confirmed it yet."
            )
        self._devices.take(secret, now)
        return self._answer(Session(made.client, made.scope, made.person, made.signed_in_at, secret))

    def _by_refresh_token(self, form: Form) -> dict[str, Any]:
        now, secret = self._now(), form.get("refresh_token", "")
        session = self._sessions.look(secret, now)
        if session is None or session.client != form.get("client_id"):
            raise BadRequest("invalid_grant", "The refresh token is unknown or has ended.")
        if session.used:
            self._end(session.family)
            raise BadRequest("invalid_grant", "The refresh token was used before: the session has ended.")
        self._sessions.change(secret, replace(session, used=True))
        return self._answer(session)

    def _answer(self, session: Session, nonce: str | None = None) -> dict[str, Any]:
        now = self._now()
        person, client = session.person, session.client
        return {
            "access_token": self.signer.access_token(person, client, session.scope, now),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIVES_S,
            "refresh_token": self._sessions.issue(session, now, session.signed_in_at),
            "id_token": self.signer.id_token(person, client, nonce, session.signed_in_at, now),
            "scope": session.scope,
        }

    def _waiting(self, code: str) -> tuple[str, DeviceCode] | None:
        meant = code.strip().upper()
        return self._devices.find(lambda one: one.person is None and one.user_code == meant, self._now())

    def _end(self, family: str) -> None:
        self._sessions.forget(lambda one: one.family == family)
