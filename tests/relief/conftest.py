"""A database of relief's own for each test, the service composed on it, and a clock that the test holds."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from reliefstream_contracts.determinations import DeterminationsChanged
from services.chassis.outbox import outbox
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Delivery, Trace
from services.county_folders import Counties, counties
from services.relief.app import build, new_id
from services.relief.handlers import Handlers
from services.relief.orders.standing_orders import order_what_waits
from services.relief.settings import ReliefSettings
from tests.accounts import every_office_file
from tests.county_files import POLICIES
from tests.databases import SessionDatabase, session_database
from tests.own_settings import OWN_SETTINGS, SEALING_KEYS
from tests.relief.builders import NOW, TODAY
from tests.servers import Servers

HASH = KeyedHash([SEALING_KEYS.get_secret_value().encode()])
TOKEN, SECOND_CLERK = "operator", "second"


class FixedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def today(self, timezone: str = "America/Los_Angeles") -> date:
        return TODAY


@dataclass
class Relief:
    """The service without Kafka: what comes in is handed to its handler, what goes out is read from its outbox."""

    service: Service
    counties: Counties
    http: httpx.AsyncClient

    async def take(self, *snapshots: DeterminationsChanged) -> None:
        """The snapshots as one batch, in one transaction."""
        async with self.service.transaction() as work:
            await Handlers(self.counties, new_id, HASH).determinations_changed(
                [Delivery(each, Trace(f"00-{'1' * 32}-{'2' * 16}-01")) for each in snapshots], work
            )

    async def job(self) -> bool:
        async with self.service.transaction() as work:
            return await order_what_waits(self.counties)(work)

    async def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Type and body of everything that left, in order."""
        found = []
        for message in await self.outgoing():
            if message.value is not None:  # else a tombstone
                kind = dict(message.headers)["ce_type"].decode()
                found.append(
                    (kind.removeprefix("reliefstream.").removesuffix(".v1"), json.loads(message.value))
                )
        return found

    async def outgoing(self) -> list[outbox.Outgoing]:
        """Every message that left, in order."""
        rows = await self.service.database.pool.fetch("SELECT messages FROM outbox ORDER BY id")
        return [message for row in rows for message in outbox.unpacked(row["messages"])]

    async def tombstones(self) -> list[tuple[str, str]]:
        """Topic and key of each."""
        return [(each.topic, each.key.decode()) for each in await self.outgoing() if each.value is None]

    async def kinds(self) -> list[str]:
        return [kind for kind, _ in await self.events()]

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.post(path, json=body)

    async def second_clerk(self, path: str, **body: Any) -> httpx.Response:
        """As ``post``, by another account."""
        return await self.http.post(path, json=body, headers={"Authorization": f"Bearer {SECOND_CLERK}"})

    async def put_in_force(self, path: str, **order: Any) -> httpx.Response:
        """Enters a standing order, and has the second clerk confirm it."""
        entered = await self.post(path, **order)
        assert entered.status_code == 201, entered.text
        return await self.confirm(path, order["number"])

    async def confirm(self, path: str, number: str, by: str = SECOND_CLERK) -> httpx.Response:
        """Confirms what is entered now, by default as the second clerk.

        ``path``: of the county's standing orders, or of a proposed order.
        """
        shown = (await self.http.get(path)).json()
        entered = [shown["proposed_order"]] if "proposed_order" in shown else shown["standing_orders"]
        of_number = [
            each["digest"]
            for each in entered
            if number in (each.get("number"), _number(each)) and each.get("ended_at") is None
        ]
        digest = of_number[0] if of_number and of_number[0] else "0" * 64
        headers = {"Authorization": f"Bearer {by}"}
        body = {"number": number, "digest": digest}
        return await self.http.post(f"{path}/confirm", json=body, headers=headers)

    async def order(self, proposed: str, **order: Any) -> httpx.Response:
        """Enters the court's order on a proposed order, and has the second clerk confirm it."""
        entered = await self.post(f"/v1/proposed-orders/{proposed}/enter", **order)
        assert entered.status_code == 200, entered.text
        return await self.confirm(f"/v1/proposed-orders/{proposed}", order["order_number"])

    async def done_or_blocked(self, task: asyncio.Task[Any]) -> bool:
        """Returns once the task is done (True), or waits for another's lock (False)."""
        while not task.done():
            if await self.service.database.pool.fetchval(
                """SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'"""
            ):
                return False
            await asyncio.sleep(0.01)
        return True

    async def relief_ids(self) -> list[str]:
        found = (await self.http.get("/v1/reliefs")).json()["reliefs"]
        return [each["relief_id"] for each in found]


def _number(entered: dict[str, Any]) -> str | None:
    order = entered.get("court_order")
    return order["number"] if order else None


@pytest_asyncio.fixture(scope="session")
async def migrated(servers: Servers) -> AsyncIterator[SessionDatabase]:
    async with session_database(servers, "relief") as made:
        yield made


@pytest_asyncio.fixture
async def relief(migrated: SessionDatabase, tmp_path: Path) -> AsyncIterator[Relief]:
    """Los Angeles in standing mode and Fresno in batch mode."""
    for county, mode in (("los-angeles", "standing"), ("fresno", "batch")):
        (tmp_path / county).mkdir()
        (tmp_path / county / "county.yaml").write_text(f"county: {county}\norder_mode: {mode}\n{POLICIES}")
    settings = ReliefSettings(
        kafka_bootstrap="127.0.0.1:1",
        database_url=SecretStr((await migrated.emptied()).url),
        grants_file=every_office_file(tmp_path, TOKEN, SECOND_CLERK),
        counties_dir=tmp_path,
        **OWN_SETTINGS["relief"],
    )
    service = build(settings, FixedClock())
    await service.database.open()
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(service.application()),
        base_url="http://relief",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    yield Relief(service, counties(tmp_path), client)
    await client.aclose()
    await service.database.close()


@pytest.fixture
def standing_order() -> dict[str, str]:
    return {
        "number": "SO-1",
        "judge": "A. Reyes",
        "on": "2026-01-05",
        "scope": "HS 11361.9, all unchallenged",
    }
