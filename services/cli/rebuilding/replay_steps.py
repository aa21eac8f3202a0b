"""The steps of a replay on a service's database. An error that an operator can fix ends the command with its text."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from importlib import import_module
from typing import TypeVar

import asyncpg
import uvloop
from aiokafka.errors import KafkaError

from deploy.local.servers.requirements import ServerMissingError
from deploy.local.supervision import control
from deploy.local.supervision.holding import stopped
from services.chassis.consumer.topic_scan import CannotScan
from services.chassis.rebuild.rebuild import Comparison, Rebuilding
from services.chassis.rebuild.rebuildable import CannotReplay, SwitchedAlready
from services.chassis.rebuild.switch import stopped_and_published, take_over
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.migrate import MigrationFailed, migrate
from services.chassis.runtime.telemetry import configure_logging
from services.cli.client.local_root import local_root
from services.cli.rebuilding.installation import make_database, target
from services.cli.terminal.exit import Broken, Refused, ServerMissing

T = TypeVar("T")
READY_WITHIN_S = 90.0


class DatabaseReplay:
    """The rebuild of one service's database; ``say`` is told each step."""

    def __init__(self, service: str, into: str | None, say: Callable[[str], None]) -> None:
        """Raises WrongUsage, ServerMissing."""
        self._target = target(service, into, local_root(), os.environ)
        self._say = say

    @property
    def database(self) -> str:
        """The name of the new database."""
        return self._target.database

    def rebuild(self, *, anew: bool) -> None:
        """Takes what the service has consumed into the new database, up to where it is now."""
        make_database(self._target, anew=anew)
        try:
            migrate(self._target.service, self._target.into)
        except MigrationFailed as error:
            raise ServerMissing(f"The database of {error}") from None

        async def work(rebuilding: Rebuilding) -> None:
            await rebuilding.rebuild()
            async with rebuilding.snapshot() as old:
                await rebuilding.catch_up(old)

        self._run(work)

    def compare(self) -> Comparison:
        """How the new database differs from the old one, and from what is published."""
        return self._run(Rebuilding.compare)

    def switch(self, decide: Callable[[Comparison | None], None]) -> int:
        """Puts the new database in the old one's place; returns how many events are published as new versions.

        ``decide`` is given the comparison (None: an earlier switch, cut off, had compared) and raises to refuse.
        """
        found = self._target

        async def work(rebuilding: Rebuilding) -> int:
            if found.layout is None:
                await stopped_and_published(rebuilding)
            await rebuilding.rebuild()
            decide(None if await rebuilding.given_up() else await rebuilding.compare())
            with stopped(found.layout, found.service) if found.layout else nullcontext():
                out = await take_over(rebuilding)
                found.keep_as_current()
            return out

        try:
            return self._run(work)
        except SwitchedAlready:
            self._only_if_given_up()
            found.keep_as_current()
            return 0

    def until_ready(self) -> bool:
        """Returns once a local service is ready on the new database; False where it is not for us to start it."""
        layout, service = self._target.layout, self._target.service
        if layout is None:
            return False
        deadline = time.monotonic() + READY_WITHIN_S
        while not any(each.name == service and each.ready for each in control.status(layout)):
            if time.monotonic() > deadline:
                raise ServerMissing(f"{service} does not come up; see {layout.log(service)}")
            time.sleep(0.2)
        return True

    def _run(self, work: Callable[[Rebuilding], Awaitable[T]]) -> T:
        found = self._target
        configure_logging(found.service, "replay", "CRITICAL")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            try:
                return runner.run(self._opened(work))
            except SwitchedAlready:
                raise
            except (CannotReplay, CannotScan) as error:
                raise Broken(f"{found.service}: {error}.") from None
            except asyncpg.InvalidCatalogNameError:
                raise ServerMissing(
                    f"No database {found.database}. Begin with: reliefstream replay rebuild {found.service}"
                ) from None
            except (
                asyncpg.UndefinedColumnError,
                asyncpg.UndefinedTableError,
                asyncpg.UndefinedFunctionError,
            ):
                raise Broken(
                    "The two databases are not of one schema: reliefstream prepare brings the old one to the newest, "
                    f"reliefstream replay rebuild {found.service} the new one."
                ) from None
            except ServerMissingError as error:
                raise ServerMissing(str(error)) from None
            except (OSError, asyncpg.PostgresError, KafkaError) as error:
                raise ServerMissing(
                    f"Kafka or Postgres does not answer ({type(error).__name__}). Start them: reliefstream up"
                ) from None

    async def _opened(self, work: Callable[[Rebuilding], Awaitable[T]]) -> T:
        found = self._target
        clock = SystemClock(found.settings.as_of)
        rebuilt = import_module(f"services.{found.service}.rebuild").Rebuilt(found.rebuilt_settings(), clock)
        for url in (found.old, found.into):
            await (await asyncpg.connect(url, timeout=10)).close()
        old = Database(found.old, found.service, clock)
        rebuilding = Rebuilding(rebuilt, old, found.settings.kafka.client_options(), self._say)
        try:
            await rebuilding.open()
            return await work(rebuilding)
        finally:
            await rebuilding.close()

    def _only_if_given_up(self) -> None:
        """A switch that was cut off at its very end is only noted; anything else is a wrong target."""

        async def numbering() -> int:
            db = await asyncpg.connect(self._target.old, timeout=10)
            try:
                number: int = await db.fetchval("SELECT last_batch FROM relay_numbering")
                return number
            finally:
                await db.close()

        if asyncio.run(numbering()) >= 0:
            raise Refused(f"{self.database} has been a service's database before: rebuild into another one.")
