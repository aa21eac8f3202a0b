"""``reliefstream replay``: a service's database built anew from the topics, compared, put in the old one's place."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Annotated, TypeVar

import asyncpg
import uvloop
from aiokafka.errors import KafkaError
from cyclopts import App, Parameter
from rich.console import Console

from deploy.local.layout import Layout
from deploy.local.passwords import write_private
from deploy.local.servers.requirements import ServerMissingError
from deploy.local.supervision import control
from deploy.local.supervision.holding import stopped
from services.chassis.rebuild.rebuild import Comparison, Rebuilding
from services.chassis.rebuild.rebuildable import CannotReplay, SwitchedAlready
from services.chassis.rebuild.switch import stopped_and_published, take_over
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.migrate import MigrationFailed, migrate
from services.chassis.runtime.telemetry import configure_logging
from services.cli.replay.installation import Target, here, make_database, target
from services.cli.servers import local_root
from services.cli.terminal.exit import Broken, Refused, ServerMissing

app = App(name="replay", help="A service's database, built anew from the topics while the old one serves.")
T = TypeVar("T")
Service = Annotated[str, Parameter(help="reconciliation, eligibility or notification")]
Into = Annotated[
    str | None,
    Parameter(help="the new database's URL; local servers: one beside the old is made, SERVICE_2 and so on"),
]
Keys = Annotated[Path, Parameter(help="where the keys of what differs go; readable by you alone")]
READY_WITHIN_S = 90.0
KEYS = Path("replay-differences.txt")


@app.command
def rebuild(
    service: Service,
    *,
    into: Into = None,
    anew: Annotated[bool, Parameter(negative="", help="drop what an earlier rebuild has built")] = False,
) -> None:
    """Take all that a service has consumed into a new database. It serves on; going on after a stop is fine."""
    found = target(service, into, local_root(), here())
    make_database(found, anew=anew)
    _migrate(found)

    async def work(rebuilding: Rebuilding) -> None:
        await rebuilding.rebuild()
        async with rebuilding.snapshot() as old:
            await rebuilding.catch_up(old)

    _run(found, work)
    print(f"{found.database} is where {service} is. Next: reliefstream replay compare {service}")


@app.command
def compare(service: Service, *, into: Into = None, keys: Keys = KEYS) -> None:
    """Compare the new database with the old one and with what is published. Exit status 1 when they differ."""
    found = target(service, into, local_root(), here())
    result = _run(found, Rebuilding.compare)
    _tell(result)
    if not result.equal:
        raise _differs(result, keys)
    print(f"Equal. Next: reliefstream replay switch {service}")


@app.command
def switch(
    service: Service,
    *,
    into: Into = None,
    keys: Keys = KEYS,
    publish_differences: Annotated[
        bool,
        Parameter(negative="", help="switch although they differ; what differs goes out as new versions"),
    ] = False,
) -> None:
    """Compare, stop the service, bring the new database up to date, and run the service on it.

    The old database is kept, and no service can publish from it any more. Where the services are not the local
    ones, stop all replicas of this one before, and give them the new URL afterwards.
    """
    found = target(service, into, local_root(), here())

    async def work(rebuilding: Rebuilding) -> int:
        if found.layout is None:
            await stopped_and_published(rebuilding)
        await rebuilding.rebuild()
        if await rebuilding.given_up():
            print("An earlier switch was cut off after it had compared; this one ends it.")
        else:
            result = await rebuilding.compare()
            _tell(result)
            if not (result.equal or publish_differences):
                raise _differs(result, keys)
        with stopped(found.layout, service) if found.layout else nullcontext():
            out = await take_over(rebuilding)
            found.keep_as_current()
        return out

    try:
        published = _run(found, work)
    except SwitchedAlready:
        _only_if_given_up(found)
        published = 0
        found.keep_as_current()
    print(
        f"{published} events go out as new versions."
        if published
        else "Nothing differs from what is published."
    )
    if found.layout is None:
        print(
            f"Start {service} with RELIEFSTREAM_DATABASE_URL naming {found.database}. The old database is kept."
        )
        return
    _until_ready(service, found.layout)
    print(f"{service} runs on {found.database}. The old database is kept.")


def _run(found: Target, work: Callable[[Rebuilding], Awaitable[T]]) -> T:
    configure_logging(found.service, "replay", "CRITICAL")

    async def whole(say: Callable[[str], None]) -> T:
        clock = SystemClock(found.settings.as_of)
        replay = import_module(f"services.{found.service}.rebuild").Rebuilt(found.rebuilt_settings(), clock)
        for url in (found.old, found.into):
            await (await asyncpg.connect(url, timeout=10)).close()
        rebuilding = Rebuilding(
            replay, Database(found.old, found.service, clock), found.settings.kafka.client_options(), say
        )
        try:
            await rebuilding.open()
            return await work(rebuilding)
        finally:
            await rebuilding.close()

    with _progress() as say, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            return runner.run(whole(say))
        except SwitchedAlready:
            raise
        except CannotReplay as error:
            raise Broken(f"{found.service}: {error}.") from None
        except asyncpg.InvalidCatalogNameError:
            raise ServerMissing(
                f"No database {found.database}. Begin with: reliefstream replay rebuild {found.service}"
            ) from None
        except (asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError, asyncpg.UndefinedFunctionError):
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


def _migrate(found: Target) -> None:
    try:
        migrate(found.service, found.into)
    except MigrationFailed as error:
        raise ServerMissing(f"The database of {error}") from None


def _only_if_given_up(found: Target) -> None:
    """A switch that was cut off at its very end is only noted; anything else is a wrong target."""

    async def numbering() -> int:
        db = await asyncpg.connect(found.old, timeout=10)
        try:
            number: int = await db.fetchval("SELECT last_batch FROM relay_numbering")
            return number
        finally:
            await db.close()

    if asyncio.run(numbering()) >= 0:
        raise Refused(f"{found.database} has been a service's database before: rebuild into another one.")


def _tell(result: Comparison) -> None:
    for table, each in result.tables.items():
        print(
            f"{table}: {each.equal} equal, {len(each.differing)} differing, {len(each.missing)} missing, "
            f"{len(each.additional)} additional"
        )
    print(f"otherwise than published: {len(result.to_publish)} events")


def _differs(result: Comparison, keys: Path) -> Refused:
    lines = [
        f"{table}\t{how}\t{key}"
        for table, each in result.tables.items()
        for how in ("differing", "missing", "additional")
        for key in getattr(each, how)
    ]
    lines += [f"{topic}\tto publish\t{key}" for topic, key in result.to_publish]
    write_private(keys, "".join(f"{line}\n" for line in lines))
    return Refused(f"They differ; the keys are in {keys}. To switch all the same: --publish-differences")


def _until_ready(service: str, layout: Layout) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not any(each.name == service and each.ready for each in control.status(layout)):
        if time.monotonic() > deadline:
            raise ServerMissing(f"{service} does not come up; see {layout.log(service)}")
        time.sleep(0.2)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status("starting") as line:
        yield line.update
