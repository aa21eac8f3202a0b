"""The console on one page: pages for people; calls of the services as the person who is signed in."""

import asyncio
import secrets
import signal
import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from services.chassis.http.server import http_server
from services.chassis.http.trusted import trusted
from services.chassis.runtime.cipher import keys_in
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.telemetry import defect, log
from services.console.called.services import Services
from services.console.pages import (
    balance,
    challenge,
    challenges,
    client,
    differing_orders,
    discrepancies,
    home,
    orders,
    quarantine,
    queue,
    referral_lines,
    referrals,
    review,
    sealing,
    statistics,
    what_if,
)
from services.console.session.cookies import Cookies
from services.console.session.kept_form import KeptForms
from services.console.session.sealing import Seal
from services.console.session.session import Limits, Sessions
from services.console.settings import ConsoleSettings
from services.console.sign_in.endpoints import SignIn
from services.console.sign_in.relying_party import Client, RelyingParty
from services.console.web import failures
from services.console.web.failures import Failure
from services.console.web.headers import SecurityHeaders
from services.console.web.metrics import measured, metrics
from services.console.web.page_request import Entry, Page
from services.console.web.templates import STYLE_PATH, Templates, style
from services.console.words.account_names import read_names

Settings = ConsoleSettings
PAGES = (
    *home.PAGES,
    *queue.PAGES,
    *review.PAGES,
    *orders.PAGES,
    *differing_orders.PAGES,
    *challenges.PAGES,
    *challenge.PAGES,
    *client.PAGES,
    *sealing.PAGES,
    *discrepancies.PAGES,
    *quarantine.PAGES,
    *balance.PAGES,
    *referrals.PAGES,
    *referral_lines.PAGES,
    *statistics.PAGES,
    *what_if.PAGES,
)


class Console:
    """The console, composed and not yet running."""

    def __init__(self, settings: ConsoleSettings, application: ASGIApp, services: Services) -> None:
        self.application = application
        self._settings, self._services = settings, services

    async def run(self) -> None:
        """Serves until SIGTERM or SIGINT; what is asked by then is answered."""
        settings = self._settings
        server = http_server(self.application, settings.http_host, settings.http_port, settings)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, setattr, server, "should_exit", True)
        log().info("running")
        await server.serve()
        await self._services.close()
        log().info("stopped")


def build(
    settings: ConsoleSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
) -> Console:
    """The console. ``transport``: instead of the network, for tests. Raises OSError for a missing
    file, WrongFile for a wrong one."""
    everybodys = httpx.create_ssl_context()
    if settings.ca_file:
        everybodys.load_verify_locations(cafile=settings.ca_file)

    def client(base_url: str, verify: ssl.SSLContext | bool) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=base_url, timeout=settings.service_seconds, transport=transport, verify=verify
        )

    secure = urlsplit(settings.console_url).scheme == "https"
    seal = Seal(keys_in(settings.console_keys.get_secret_value()), secrets.token_bytes)
    cookies = Cookies(secure=secure)
    limits = Limits(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.session_hours))
    sessions = Sessions(seal, cookies, limits)
    services = Services(
        {name: client(url, trusted(url, settings.ca_file)) for name, url in settings.services.items()}
    )
    provider = RelyingParty(
        Client(
            issuer=settings.oidc_issuer,
            client_id=settings.console_client,
            secret=settings.console_client_secret.get_secret_value(),
            scope=settings.console_scope,
            redirect_url=f"{settings.console_url}/signed-in",
            signed_out_url=f"{settings.console_url}/signed-out",
        ),
        client("", everybodys),
    )
    entry = Entry(
        url=settings.console_url,
        sessions=sessions,
        kept=KeptForms(seal, cookies),
        provider=provider,
        services=services,
        templates=Templates(read_names(settings.account_names_file)),
        clock=clock,
        new_key=lambda: str(uuid4()),
    )
    sign_in = SignIn(
        entry, provider, services, sessions, seal, cookies, clock, token=lambda: secrets.token_urlsafe(32)
    )
    application = Starlette(
        routes=_routes(entry, sign_in),
        middleware=[Middleware(SecurityHeaders, provider=provider.origin, secure=secure)],
        exception_handlers={
            404: _answering(entry, failures.NO_PAGE),
            405: _answering(entry, failures.NO_PAGE),
            500: _answering(entry, failures.DEFECT),
        },
    )
    return Console(settings, application, services)


def _routes(entry: Entry, sign_in: SignIn) -> list[Route]:
    pages = [
        Route(one.path, measured(f"{one.method} {one.path}", entry.guarded(one)), methods=[one.method])
        for one in (*PAGES, Page("POST", "/sign-out", sign_in.end))
    ]
    return [
        Route("/healthz", _alive),
        Route("/readyz", _alive),
        Route("/metrics", metrics),
        Route(STYLE_PATH, style),
        Route("/sign-in", sign_in.begin),
        Route("/signed-in", sign_in.finish),
        Route("/signed-out", sign_in.ended),
        *pages,
    ]


async def _alive(_: Request) -> Response:
    """Liveness and readiness: the console has nothing that it waits for."""
    return JSONResponse({"status": "ready"})


def _answering(entry: Entry, failure: Failure) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        if failure.status >= 500:
            log().error("a page failed", defect=defect(error))
        return entry.failed(request, failure)

    return answer
