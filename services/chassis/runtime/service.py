"""One service: its consumers, jobs, routes and relay, from start to a graceful stop."""

import asyncio
import gc
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

import uvicorn
from fastapi import APIRouter

from reliefstream_contracts.event import Event
from services.chassis.audit import heads as audit_heads
from services.chassis.audit import log as audit_log
from services.chassis.audit.endpoints import AuditLog, audit_router
from services.chassis.consumer import dead_letters
from services.chassis.consumer.consumption import Consumption, Recreated, Redaction, as_it_came
from services.chassis.consumer.dead_letter_endpoints import DeadLetters, dead_letter_router
from services.chassis.consumer.dead_letters import decode, event_types
from services.chassis.consumer.fair_consumer import AdmissionControl, AdmitAll
from services.chassis.consumer.lost_record_endpoints import LostRecords, lost_record_router
from services.chassis.consumer.subscriber import broker, subscribe, use_fair_consumers
from services.chassis.http.application import Application
from services.chassis.http.operations import Running, operations, status_of
from services.chassis.http.server import http_server
from services.chassis.identity import failed_attempts
from services.chassis.identity.accounts import LOOK_S
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import shared_tokens
from services.chassis.identity.endpoints import identity_router
from services.chassis.identity.failed_attempts import Attempts
from services.chassis.identity.service_accounts import accounts_of
from services.chassis.identity.token_use_endpoints import TokenUseLog, token_use_router
from services.chassis.identity.token_uses import SECONDS_BETWEEN_WRITES
from services.chassis.outbox.relay import Relay
from services.chassis.runtime import memory
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.database import Database, transient
from services.chassis.runtime.kafka import until_reachable
from services.chassis.runtime.server_metrics import ServerMetrics
from services.chassis.runtime.telemetry import defect, log
from services.chassis.runtime.tombstones import in_turn
from services.chassis.runtime.unit_of_work import E, Erased, Handler, Job, RawHandler, Received, Work
from services.chassis.runtime.watchdog import watch_progress
from services.chassis.settings.service_settings import ServiceSettings


async def cancelled(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancels the tasks until each has ended.

    In Python 3.11 ``asyncio.wait_for`` loses a cancellation that comes in the moment of its result, and the clients of
    Kafka and Postgres use it.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=1)


class StartRefused(Exception):
    """What is configured does not fit what is stored. Its text is for the operator, and holds no data of a person."""


class Service:
    """A service as its ``app.py`` composes it. Nothing runs before ``run``."""

    def __init__(self, name: str, settings: ServiceSettings, clock: Clock) -> None:
        self.name, self._settings = name, settings
        self.database = Database(settings.database_url.get_secret_value(), name, clock)
        self._broker = broker(settings)
        self._server_metrics = ServerMetrics(
            self.database,
            settings.kafka.client_options(),
            settings.watched,
            lambda: self._relay.holding,
            settings.watch_seconds,
        )
        self._relay = Relay(name, self.database, settings.kafka.client_options(), settings.outbox_limit)
        self._consumptions: list[Consumption] = []
        self.inputs: list[tuple[Consumption, tuple[str, ...]]] = []
        """Each consumer and its topics, for a rebuild, which reads them without a consumer group."""
        self._loops: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._checks: list[Callable[[Work], Awaitable[None]]] = []
        self._routers: list[APIRouter] = []
        self._dependencies: list[object] = []
        self._accounts = accounts_of(settings, clock)
        self._attempts = Attempts(time.monotonic)
        self._pending: dict[str, str] = {}
        self._admission: AdmissionControl = AdmitAll()
        self._stop = asyncio.Event()
        self._failure: Exception | None = None
        self._ready = False
        self.every(audit_log.SECONDS_BETWEEN_LINKS, audit_log.chain)
        self.every(failed_attempts.SECONDS_BETWEEN_ROWS, self._attempts.write)
        self.background(self._accounts.keep_looking)
        self.every(LOOK_S, self._accounts.write_changes)
        self.every(SECONDS_BETWEEN_WRITES, self._accounts.uses.write)
        self.every(3600.0, dead_letters.erase_old)
        if key := settings.audit_key.get_secret_value():
            self.every(audit_heads.SECONDS_BETWEEN_LOOKS, audit_heads.publish_head(name, key))

    # --- composition

    def consume(
        self,
        topics: Sequence[str],
        events: Sequence[type[E]],
        handler: Handler[E],
        erased: Erased | None = None,
        *,
        unread: Sequence[type[Event]] = (),
        patient: bool = False,
    ) -> None:
        """Consumes events of these types in batches; a record of another type becomes a dead letter.

        ``erased`` takes the keys of tombstones, behind the events that came before them; None: they change nothing. A
        tombstone erases dead letters of its key, too. ``unread``: types that stand on the topics as well and do not
        concern the service: their content is not parsed. ``patient``: as in Consumption.
        """
        types = event_types(events)
        passed_over = {event.TYPE.encode() for event in unread if event.TYPE not in types}

        async def decoded(records: Sequence[Received], work: Work) -> None:
            for tombstones, run in in_turn(records):
                if not tombstones:
                    found = [decode(record, types) for record in run if record.type not in passed_over]
                    if found:
                        await handler(found, work)
                    continue
                keys = [record.key for record in run if record.key is not None]
                for topic in topics:
                    await dead_letters.erase(work.db, topic, keys)
                if erased is not None:
                    await erased(keys, work)

        self.consume_raw(topics, decoded, patient=patient)

    def admit_by(self, admission: AdmissionControl) -> None:
        """Consumes records only as far as this admits them."""
        self._admission = admission

    def consume_raw(
        self,
        topics: Sequence[str],
        handler: RawHandler,
        name: str = "",
        *,
        fetch_bytes: int = 1024 * 1024,
        redact: Redaction = as_it_came,
        patient: bool = False,
    ) -> None:
        """Consumes raw records in batches. ``name`` keeps the offsets when topics are added or removed.

        ``fetch_bytes``: as in ``subscribe``. ``redact`` returns a record without what no dead letter may keep.
        """
        name = f"{self.name}.{name or topics[0]}"
        consumption = Consumption(
            name,
            handler,
            self.database,
            self._relay.shallow,
            self._fail,
            dead_letter_limit=self._settings.dead_letter_limit,
            redact=redact,
            patient=patient,
        )
        subscribe(self._broker, topics, consumption, self._settings, self._fail, fetch_bytes=fetch_bytes)
        self._consumptions.append(consumption)
        self.inputs.append((consumption, tuple(topics)))

    def check_first(self, check: Callable[[Work], Awaitable[None]]) -> None:
        """Runs a check before anything is consumed or answered as ready; it raises StartRefused."""
        self._checks.append(check)

    async def check(self) -> None:
        """Runs the checks, on an open database. Raises StartRefused."""
        for check in self._checks:
            async with self.database.transaction() as work:
                await check(work)

    def keep_compacted(self, *topics: str) -> None:
        """Writes a heartbeat into each partition of these topics, hourly: compaction then reaches what came before."""
        self._relay.topics.extend(topics)

    def every(self, seconds: float, job: Job, when: Callable[[], bool] = lambda: True) -> None:
        """Runs a job in a transaction of its own, again at once while it returns True, else after the pause.

        ``when``: whether there may be anything to do, asked before each transaction.
        """

        async def loop() -> None:
            while True:
                more = False
                try:
                    if when():
                        async with self.database.transaction() as work:
                            more = await job(work)
                except Exception as error:
                    more = False
                    log().error("job failed", job=job.__qualname__, defect=defect(error))
                if not more:
                    await asyncio.sleep(seconds)

        self._loops.append(loop)

    def background(self, task: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs a task beside the consumers; starts it again, after a pause, when it ends or meets a transient error."""

        async def loop() -> None:
            while True:
                try:
                    await task()
                except Exception as error:
                    log().error("background task failed", defect=defect(error))
                    if not transient(error):
                        raise
                await asyncio.sleep(1)

        self._loops.append(loop)

    def serve(self, routers: Sequence[APIRouter], *dependencies: object) -> None:
        """Adds the service's own routes; ``dependencies``: what their endpoints work with, each found by its type."""
        self._routers.extend(routers)
        self._dependencies.extend(dependencies)

    def accept_tokens(
        self, *, counties: Mapping[str, str] | None = None, integrators: Mapping[str, str] | None = None
    ) -> None:
        """Lets counties and integrators call, by name and bearer token; the operator always may."""
        operator = self._settings.operator_token.get_secret_value()
        self._accounts.shared = shared_tokens(operator, counties, integrators)

    def ask_strengths(self, strengths: Mapping[str, str]) -> None:
        """How strongly a person has to sign in for the grants of each county; as InstallationAccounts."""
        self._accounts.ask_strengths(strengths)

    def grants_of(self, account: str) -> tuple[Grant, ...] | None:
        """What an account is granted now; as InstallationAccounts."""
        return self._accounts.grants_of(account)

    def pending(self, name: str, count_query: str) -> None:
        """Tells ``/status``, and so ``settle``, how much a job of the service still has to do."""
        self._pending[name] = count_query

    def transaction(self) -> AbstractAsyncContextManager[Work]:
        """A transaction for an HTTP handler; emits through the outbox like any other."""
        return self.database.transaction()

    # --- life

    @property
    def ready(self) -> bool:
        """Whether it consumes and serves: after its start, before its stop."""
        return self._ready

    def stop(self) -> None:
        """Ends ``run`` as SIGTERM does: what is at work is finished. Returns at once."""
        self._stop.set()

    async def run(self) -> None:
        """Runs until SIGTERM, SIGINT or ``stop``.

        Raises StartRefused, or the error that a consumer or the relay cannot go on after.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        servers = list(self._http_servers())
        serving = [asyncio.create_task(server.serve()) for server in servers]
        stopping = asyncio.create_task(self._stop.wait())
        if not await self._servers_answer(stopping):
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*serving)
            await self.database.close()
            log().info("stopped")
            return
        await self._broker.connect()
        use_fair_consumers(self._broker, self._admission)
        await self._broker.start()
        gc.freeze()  # what is loaded by now stays; collections skip it
        gc.set_threshold(
            100_000, 20, 100
        )  # rare, as a batch makes many objects; 500,000 kept 150 MB of cycles
        relay = asyncio.create_task(self._relay.run())
        watch = asyncio.create_task(
            watch_progress(self._consumptions, self._admission, self._settings.stall_seconds)
        )
        watching = self._server_metrics
        self._loops += [watching.postgres, watching.kafka, watching.compaction, memory.trim_forever]
        loops = [asyncio.create_task(task()) for task in self._loops]
        self._ready = True
        log().info("running")
        tasks: set[asyncio.Task[Any]] = {relay, watch, stopping, *serving, *loops}
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self._ready = False
        for task in done:
            if error := task.exception():  # its traceback changes when it is raised again
                log().critical("task ended", defect=defect(error))
        for consumption in self._consumptions:
            consumption.stopping = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._broker.stop(), 25)
        ending = asyncio.create_task(cancelled((watch, *loops)))
        self._relay.draining.set()
        with suppress(TimeoutError, Exception):
            await asyncio.wait_for(asyncio.shield(relay), 10)
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*serving, ending, return_exceptions=True)
        relay.cancel()
        await self.database.close()
        for task in done - {stopping, *serving}:
            task.result()
        if self._failure is not None:
            raise self._failure
        log().info("stopped")

    async def _servers_answer(self, stopping: "asyncio.Task[Any]") -> bool:
        """Waits for Postgres and Kafka; False: told to stop first."""

        async def reached() -> None:
            await self.database.open()
            await until_reachable(self._settings.kafka)
            await self.check()

        waiting = asyncio.create_task(reached())
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            waiting.result()
            return True
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return False

    def _fail(self, error: Exception) -> None:
        """Ends the service: a consumer met an error that it cannot go on after."""
        known = (
            {"detail": str(error)} if isinstance(error, Recreated) else {}
        )  # other texts may hold a person's data
        log().critical("consumer stopped", defect=defect(error), **known)
        self._failure = self._failure or error
        self._stop.set()

    def application(self, *, public: bool = False) -> Application:
        """The HTTP application: what every service answers, and its own routes; ``public``: of the public listener.

        Raises Undeclared.
        """
        status = status_of(self.name, self.database, self._held_up, self._pending)
        running = Running(self.name, status, lambda: self._ready)
        letters = DeadLetters(self.transaction, {one.name: one.handler for one in self._consumptions})
        return Application(
            self.name,
            [
                operations,
                identity_router,
                dead_letter_router,
                lost_record_router,
                audit_router,
                token_use_router,
                *self._routers,
            ],
            [
                running,
                letters,
                LostRecords(self.transaction),
                AuditLog(self.transaction),
                TokenUseLog(self.transaction),
                *self._dependencies,
            ],
            self._accounts,
            self._attempts,
            public=public,
        )

    def _held_up(self) -> list[str]:
        return [f"{p.topic}/{p.partition}" for one in self._consumptions for p in one.waiting]

    def _http_servers(self) -> Iterator[uvicorn.Server]:
        """The internal listener, which answers everything, and the public one where there is one."""
        settings = self._settings
        yield http_server(self.application(), settings.http_host, settings.http_port, settings)
        if settings.public_port is not None:
            yield http_server(
                self.application(public=True), settings.public_host, settings.public_port, settings
            )
