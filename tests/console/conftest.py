"""The console with a sign-in provider and services of tests, and a browser without a screen: forms, links, cookies."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Host, Mount

from services.console.app import build
from services.console.settings import ConsoleSettings
from tests.console.provider import FakeProvider
from tests.console.services import NAMES, FakeServices

URL, ISSUER = "http://127.0.0.1:8000", "http://login.test"
ACCOUNTS = {
    "dana": ["reliefstream:district_attorney:los-angeles"],
    "sam": ["reliefstream:district_attorney:los-angeles:signer"],
    "tori": ["reliefstream:city_attorney:los-angeles:Torrance:signer"],
    "casey": ["reliefstream:clerk:los-angeles", "reliefstream:clerk:fresno"],
    "carla": ["reliefstream:clerk:los-angeles"],
    "pat": ["reliefstream:public_defender:los-angeles"],
    "remy": ["reliefstream:records_unit:los-angeles"],
    "ana": ["reliefstream:analyst:los-angeles"],
    "stella": ["reliefstream:analyst:*"],
    "grace": ["reliefstream:community_group:los-angeles"],
    "nobody": [],
}


NAMED = ("person-1", "Noor Haddad, deputy")
"""An account whose name the console knows, and the name."""


@dataclass
class HeldClock:
    """A clock that the test moves."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.moment

    def today(self, timezone: str = "") -> date:
        return self.moment.date()

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Browser:
    """One person's browser."""

    http: httpx.AsyncClient
    page: httpx.Response = field(init=False)

    async def open(self, path: str) -> httpx.Response:
        self.page = await self.http.get(path, follow_redirects=True)
        return self.page

    async def sign_in(self, account: str, path: str = "/") -> httpx.Response:
        await self.open(path)
        return await self.open(f"{self.page.url}&account={account}")

    async def follow(self, text: str) -> httpx.Response:
        found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>{re.escape(text)}', self.page.text)
        assert found, f"no link {text!r} on the page"
        return await self.open(urljoin(str(self.page.url), unescape(found[1])))

    async def send(self, action: str, *, origin: str | None = URL, **typed: Any) -> httpx.Response:
        """Sends the form of the page that goes to this action, with what is typed."""
        self.page = await self.http.post(
            self.form(action)[0],
            data={**self.form(action)[1], **typed},
            headers={"origin": origin} if origin else {},
            follow_redirects=True,
        )
        return self.page

    def form(self, action: str) -> tuple[str, dict[str, str]]:
        """The address and the hidden fields of the form; of its own buttons with an action of their own, too."""
        for body in re.findall(r"<form.*?</form>", self.page.text, re.DOTALL):
            for target in re.findall(r'(?:form)?action="([^"]*)"', body):
                if target.endswith(action):
                    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', body)
                    return unescape(target), {name: unescape(value) for name, value in hidden}
        raise AssertionError(f"no form goes to {action!r}:\n{self.page.text}")


@dataclass
class World:
    """The console and what is around it."""

    application: Any
    provider: FakeProvider
    services: FakeServices
    clock: HeldClock

    def browser(self) -> Browser:
        app = Starlette(
            routes=[Host("login.test", self.provider.application()), Mount("/", self.application)]
        )
        return Browser(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL))


def settings(**own: Any) -> ConsoleSettings:
    given = {
        "console_url": URL,
        "console_keys": SecretStr("k" * 32),
        "oidc_issuer": ISSUER,
        **{f"{name}_url": f"http://{name}.test" for name in NAMES},
    }
    return ConsoleSettings(**(given | own))


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    known = tmp_path / "account-names.yaml"
    known.write_text(f"names: {{{NAMED[0]}: '{NAMED[1]}'}}")
    services, clock = FakeServices(), HeldClock()
    provider = FakeProvider(ISSUER, ACCOUNTS, now=lambda: clock.now().timestamp())
    behind = Starlette(
        routes=[Host("login.test", provider.application()), Mount("/", services.application())]
    )
    console = build(settings(account_names_file=known), clock, httpx.ASGITransport(behind))
    yield World(console.application, provider, services, clock)


@pytest.fixture
def browser(world: World) -> Browser:
    return world.browser()
