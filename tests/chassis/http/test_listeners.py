"""What the public listener of a service answers, and what only the internal one does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice

import httpx
import pytest
from pydantic import SecretStr

from deploy.local.addresses import is_free
from services import SERVICES
from services.chassis.identity.caller import OF_INSTALLATION
from services.chassis.identity.guard import Grants
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.service import Service
from services.chassis.settings.service_settings import ServiceSettings
from services.openapi import applications

OF_EVERY_SERVICE = {
    "/metrics",
    "/status",
    "/v1/audit",
    "/v1/counts",
    "/v1/dead-letters",
    "/v1/dead-letters/{number}/discard",
    "/v1/dead-letters/{number}/process",
    "/v1/lost-records",
    "/v1/lost-records/{number}/acknowledge",
    "/v1/token-uses",
}
OF_ONE = {
    "ingest": {"/v1/profiles", "/v1/profiles/reload"},
    "reconciliation": {"/v1/discrepancies/summary"},
    "relief": {"/v1/reviews/summary"},
}
WITH_A_REASON = "/v1/dead-letters/{number}"
"""A dead letter's content is for an operator who says why."""


@pytest.mark.parametrize("service", SERVICES)
def test_what_only_who_runs_the_installation_may_call_is_not_public(service: str) -> None:
    every, public = applications()[service], applications(public=True)[service]

    internal = {each.path for each in every.edge_routes} - {each.path for each in public.edge_routes}
    assert internal == OF_EVERY_SERVICE | {WITH_A_REASON} | OF_ONE.get(service, set())
    for each in public.edge_routes:
        guard = each.guard
        assert not isinstance(guard, Grants) or set(guard.roles) - OF_INSTALLATION, each.path
    assert set(public.openapi()["paths"]) == {each.path_format for each in public.edge_routes} - {
        "/openapi.json"
    }


def free_ports(number: int) -> list[int]:
    return list(islice((each for each in range(22_000, 23_000) if is_free(each)), number))


@asynccontextmanager
async def listening(public_port: int | None, http_port: int) -> AsyncIterator[None]:
    """A service that waits for its servers, and answers HTTP meanwhile."""
    settings = ServiceSettings(
        kafka_bootstrap="127.0.0.1:1",
        database_url=SecretStr("postgresql://toy:toy@127.0.0.1:1/toy"),
        http_port=http_port,
        public_port=public_port,
    )
    service = Service("toy", settings, SystemClock())
    running = asyncio.create_task(service.run())
    try:
        yield
    finally:
        service.stop()
        await asyncio.wait_for(running, 180)


async def ask(port: int, path: str) -> int:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        while True:
            try:
                return (await http.get(path)).status_code
            except httpx.ConnectError:
                await asyncio.sleep(0.02)


async def test_two_ports_answer_what_is_theirs() -> None:
    internal, public = free_ports(2)
    async with listening(public, internal):
        assert [await ask(internal, path) for path in ("/metrics", "/healthz", "/v1/audit")] == [
            200,
            200,
            401,
        ]
        assert [await ask(public, path) for path in ("/metrics", "/healthz", "/v1/audit")] == [404, 200, 404]
