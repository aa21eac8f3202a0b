"""Routes of every service that need no token: liveness, readiness, metrics and remaining work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.responses import Response

from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.shared_answer import SharedAnswer
from services.chassis.identity.guard import INTERNAL, PUBLIC
from services.chassis.runtime.database import Database

STATUS_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Running:
    """The facts about the service that these routes show."""

    name: str
    status: "SharedAnswer[Status]"
    ready: Callable[[], bool]


class Health(BaseModel):
    status: str


class Status(BaseModel):
    """Totals; nothing of a person. All of them 0 and empty: everything that came in is processed and published."""

    service: str
    outbox: int
    dead_letters: int
    held_up: list[str]
    pending: dict[str, int]


operations = router()
Given = Annotated[Running, Depends(dependency(Running))]


@operations.get("/healthz", summary="Whether the process lives", dependencies=[PUBLIC])
async def healthz() -> Health:
    return Health(status="alive")


@operations.get(
    "/readyz",
    summary="Whether the service takes work",
    dependencies=[PUBLIC],
    responses=problems({503: "The service is starting or stopping."}),
)
async def readyz(running: Given) -> Health:
    if not running.ready():
        raise Refusal(503, "not_ready", "Not ready", "The service is starting or stopping.")
    return Health(status="ready")


@operations.get(
    "/metrics",
    summary="Metrics in Prometheus' text format",
    dependencies=[INTERNAL],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@operations.get("/status", summary="How much the service still has to do", dependencies=[INTERNAL])
async def status(running: Given) -> Status:
    return await running.status.get()


def status_of(
    name: str, database: Database, held_up: Callable[[], Sequence[str]], pending: Mapping[str, str]
) -> SharedAnswer[Status]:
    """The status of a service, from one connection however many ask, as anybody may.

    ``held_up``: topic and partition of each that waits for a person. ``pending``: by name, the query that counts what a
    job still has to do.
    """

    async def ask() -> Status:
        async with database.pool.acquire() as db:
            outbox = await db.fetchval("SELECT coalesce(sum(events), 0)::bigint FROM outbox")
            dead = await db.fetchval("SELECT count(*) FROM dead_letters WHERE ended IS NULL")
            left = {job: await db.fetchval(query) for job, query in pending.items()}
        return Status(service=name, outbox=outbox, dead_letters=dead, held_up=sorted(held_up()), pending=left)

    return SharedAnswer(ask, STATUS_PAUSE_SECONDS)
