"""A sign-in provider for tests: OpenID discovery, authorization code with PKCE, refresh, revocation, sign-out."""

import hashlib
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.chassis.identity.signing import RSA, token

CLIENT = "console"


@dataclass
class FakeProvider:
    """``accounts``: each person's groups. ``lives_s``: seconds of an access token. ``down``: it does not answer."""

    issuer: str
    accounts: dict[str, list[str]]
    now: Callable[[], float] = time.time
    lives_s: int = 600
    down: bool = False
    refuses_renewal: bool = False
    padding: str = ""
    """Makes refresh tokens longer."""
    renewed: int = 0
    revoked: list[str] = field(default_factory=list)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/revoke", self.revoke, methods=["POST"]),
                Route("/end", self.end),
            ]
        )

    async def discovery(self, _: Request) -> Response:
        if self.down:
            return Response(status_code=503)
        places = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "revocation_endpoint": "revoke",
            "end_session_endpoint": "end",
        }
        return JSONResponse(
            {"issuer": self.issuer} | {name: f"{self.issuer}/{place}" for name, place in places.items()}
        )

    async def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [RSA.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """A page with a link for each person; with ``account`` the link's own address."""
        asked = dict(request.query_params)
        account = asked.pop("account", None)
        if account is None:
            links = "".join(
                f'<p><a href="/authorize?{urlencode({**asked, "account": one})}">{one}</a></p>'
                for one in self.accounts
            )
            return HTMLResponse(
                f"<!doctype html><html lang=en><title>Provider</title><h1>Who are you?</h1>{links}"
            )
        code = f"code-{next(self.numbers)}"
        self.asked[code] = {**asked, "account": account}
        query = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}")

    async def token(self, request: Request) -> Response:
        form = {name: values[-1] for name, values in parse_qs((await request.body()).decode()).items()}
        if form["grant_type"] == "refresh_token":
            if self.refuses_renewal:
                return JSONResponse({"error": "invalid_grant"}, 400)
            self.renewed += 1
            return JSONResponse(self.issued(form["refresh_token"].rpartition(":")[2]))
        asked = self.asked.pop(form["code"], None)
        proof = (
            urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        if asked is None or proof != asked["code_challenge"] or form["client_id"] != CLIENT:
            return JSONResponse({"error": "invalid_grant"}, 400)
        identity = self.signed(
            asked["account"], aud=CLIENT, nonce=asked["nonce"], name=asked["account"].title()
        )
        return JSONResponse({**self.issued(asked["account"]), "id_token": identity})

    async def revoke(self, request: Request) -> Response:
        self.revoked += parse_qs((await request.body()).decode())["token"]
        return Response()

    async def end(self, request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"])

    def issued(self, account: str) -> dict[str, object]:
        access = self.signed(account, groups=self.accounts[account])
        return {
            "access_token": access,
            "refresh_token": f"refresh{self.padding}:{next(self.numbers)}:{account}",
            "expires_in": self.lives_s,
            "token_type": "Bearer",
        }

    def signed(self, account: str, **claims: object) -> str:
        now = int(self.now())
        return token(now=now, iss=self.issuer, sub=account, exp=now + self.lives_s, **claims)
