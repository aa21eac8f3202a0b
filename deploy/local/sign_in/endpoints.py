"""The built-in provider over HTTP."""

from urllib.parse import parse_qsl, urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.local.sign_in import pages
from deploy.local.sign_in.provider import SignIn
from deploy.local.sign_in.requests import REQUEST, BadRequest, NoRedirect, answer_to, asked, redirected

LARGEST_FORM = 16 * 1024
NOT_KEPT = {"Cache-Control": "no-store"}
PAGE = {
    **NOT_KEPT,
    # A browser holds the answer to a form against form-action too: the consoles of this machine are on loopback.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self' http://127.0.0.1:*",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Endpoints:
    """The routes of one provider."""

    def __init__(self, provider: SignIn) -> None:
        self._provider = provider

    async def document(self, _: Request) -> Response:
        return JSONResponse(self._provider.document())

    async def keys(self, _: Request) -> Response:
        return JSONResponse(self._provider.keys(), headers={"Cache-Control": "max-age=300"})

    async def ready(self, _: Request) -> Response:
        return Response("ready\n")

    async def authorize(self, request: Request) -> Response:
        """The page with the accounts; and, when one was chosen, the way back with a code."""
        form = await _form(request) if request.method == "POST" else dict(request.query_params)
        try:
            back = redirected(form, self._provider.clients)
        except NoRedirect as wrong:
            return HTMLResponse(pages.said("Nobody is signed in", str(wrong)), 400, PAGE)
        try:
            found = asked(form, back)
            if request.method == "GET":
                hidden: dict[str, str] = {name: form[name] for name in REQUEST if name in form}
                return HTMLResponse(pages.accounts("/authorize", hidden, "Who signs in?"), headers=PAGE)
            return RedirectResponse(self._provider.signed_in(found, form.get("account", "")), 303, NOT_KEPT)
        except BadRequest as bad:
            said = {"error": bad.error, "error_description": bad.said, "state": form.get("state", "")}
            return RedirectResponse(answer_to(back, {**said, "iss": self._provider.issuer}), 303, NOT_KEPT)

    async def device_authorization(self, request: Request) -> Response:
        return JSONResponse(self._provider.device(await _form(request)), headers=NOT_KEPT)

    async def device(self, request: Request) -> Response:
        """The page on which a person confirms the code that a command shows."""
        form = await _form(request) if request.method == "POST" else dict(request.query_params)
        code = form.get("user_code", "")
        if not code:
            return HTMLResponse(pages.device_code(), headers=PAGE)
        if request.method == "GET" and self._provider.waits(code):
            heading = f"Who signs in the command that shows {code.strip().upper()}?"
            return HTMLResponse(pages.accounts("/device", {"user_code": code}, heading), headers=PAGE)
        if request.method == "POST" and self._provider.confirm(code, form.get("account", "")):
            return HTMLResponse(
                pages.said("Signed in", "Go back to the command; this page can be closed."), headers=PAGE
            )
        said = "No command waits for this code: it has ended, or was used. Begin again."
        return HTMLResponse(pages.said("Nobody is signed in", said), 400, PAGE)

    async def tokens(self, request: Request) -> Response:
        return JSONResponse(self._provider.tokens(await _form(request)), headers=NOT_KEPT)

    async def revoke(self, request: Request) -> Response:
        self._provider.revoke(await _form(request))
        return Response(headers=NOT_KEPT)


async def refused(_: Request, bad: Exception) -> Response:
    """A client's error as OAuth 2.0 writes it."""
    said = (
        bad if isinstance(bad, BadRequest) else BadRequest("invalid_request", "The request cannot be read.")
    )
    return JSONResponse({"error": said.error, "error_description": said.said}, 400, NOT_KEPT)


def application(provider: SignIn) -> Starlette:
    """The provider's application. It answers to its own host alone: no page of another name reads it."""
    to = Endpoints(provider)
    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", to.document),
            Route("/jwks", to.keys),
            Route("/readyz", to.ready),
            Route("/authorize", to.authorize, methods=["GET", "POST"]),
            Route("/device_authorization", to.device_authorization, methods=["POST"]),
            Route("/device", to.device, methods=["GET", "POST"]),
            Route("/token", to.tokens, methods=["POST"]),
            Route("/revoke", to.revoke, methods=["POST"]),
        ],
        middleware=[
            Middleware(
                TrustedHostMiddleware,
                allowed_hosts=[urlsplit(provider.issuer).hostname or ""],
                www_redirect=False,
            )
        ],
        exception_handlers={BadRequest: refused},
    )


async def _form(request: Request) -> dict[str, str]:
    """A form's fields. Raises BadRequest: also where a field stands twice, and where another site's page sent it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise BadRequest("invalid_request", "The form is of another site.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            raise BadRequest("invalid_request", "The form is too large.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=30
        )
    except ValueError:
        raise BadRequest(
            "invalid_request", "A form is expected (application/x-www-form-urlencoded)."
        ) from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise BadRequest("invalid_request", "A field stands twice.")
    return form
