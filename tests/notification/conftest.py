"""A database of notification's own for each test, a clock that the test turns, and a client of its routes."""

import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from services.chassis.http.application import Application
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.runtime.database import Database
from services.notification.app import ROUTERS
from services.notification.http.dependencies import Dependencies
from services.notification.webhooks.address_rules import Rules
from tests.accounts import every_office
from tests.databases import SessionDatabase, session_database
from tests.notification.builders import HASHING, SEALED, TurnedClock
from tests.servers import Servers


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest_asyncio.fixture(scope="session")
async def migrated(servers: Servers) -> AsyncIterator[SessionDatabase]:
    async with session_database(servers, "notification") as made:
        yield made


@pytest_asyncio.fixture
async def database_url(migrated: SessionDatabase) -> str:
    """Of a database with all tables, and nothing in them."""
    return (await migrated.emptied()).url


@pytest_asyncio.fixture
async def database(database_url: str, clock: TurnedClock) -> AsyncIterator[Database]:
    opened = Database(database_url, "notification", clock)
    await opened.open()
    yield opened
    await opened.close()


@dataclass
class Names:
    """A name server: public unless told otherwise."""

    known: dict[str, list[str]] = field(default_factory=dict)

    async def look_up(self, host: str, _: int) -> list[str]:
        if host == "nowhere.example":
            raise OSError("no such name")
        return self.known.get(host, ["8.8.8.8"])


def counted() -> Iterator[UUID]:
    number = 0
    while True:
        number += 1
        yield UUID(int=number)


@pytest_asyncio.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    ids, random = counted(), itertools.count(1)
    names = Names({"inside.example": ["10.0.0.8"], "both.example": ["8.8.8.8", "169.254.169.254"]})
    dependencies = Dependencies(
        transaction=database.transaction,
        rules=Rules(),
        counties=frozenset({"los-angeles"}),
        look_up=names.look_up,
        new_id=lambda: next(ids),
        random_bytes=lambda length: next(random).to_bytes(length, "big"),
        secrets=SEALED,
        hashing=HASHING,
        suppression_batch=3,
        suppression_per_hour=5,
    )
    tokens = every_office("operator-word", integrators={"case-system": "one", "screener": "two"})
    kern = Account("kern-clinic", "machine", (Grant("integrator", "kern"),))
    app = Application(
        "notification", ROUTERS, [dependencies], Directory({**tokens.machines, sha256("kern"): kern})
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notification") as made:
        made.headers["authorization"] = "Bearer one"
        yield made
