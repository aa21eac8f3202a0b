"""The background process of the local servers and services: `python -m deploy.local.supervision.supervisor ROOT PLAN`.

It holds a lock as long as it lives, so that a folder has one supervisor, and tells its progress in
`run/progress.json`. On SIGTERM it stops the services, then Kafka, then Postgres.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import partial
from pathlib import Path

from deploy.kafka import access as kafka_access
from deploy.kafka.credentials import set_passwords
from deploy.kafka.topic_map import topic_map
from deploy.local.addresses import (
    CONTROLLER,
    KAFKA,
    POSTGRES,
    SIGN_IN,
    Addresses,
    addresses,
    choose_ports,
    database_passwords,
)
from deploy.local.layout import Layout
from deploy.local.passwords import county_tokens, integrator_tokens, password
from deploy.local.plan import (
    Plan,
    base_environment,
    console_environment,
    prepare_environment,
    service_environment,
    sign_in_command,
)
from deploy.local.servers import kafka, postgres
from deploy.local.servers.readiness import kafka_answers, postgres_answers, until
from deploy.local.servers.requirements import ServerMissingError, java
from deploy.local.supervision.keeper import Keeper, bound_log, say, spawn, stop
from deploy.local.supervision.lock import folder_lock
from deploy.local.supervision.processes import SUPERVISOR, Program, stop_orphans, write_pid
from deploy.local.trial_accounts import NAMES, write_trial_grants
from deploy.rewriting import until as until_time
from services import CONSOLE
from services.chassis.runtime.private_file import write_private
from services.chassis.settings.located_yaml import WrongFile

SERVERS_PATIENCE_S = 90.0
LOCK_PATIENCE_S = 5.0
"""A supervisor that was killed may hold the lock until the system has cleared it away."""
LOG_LIMIT_BYTES = 16 * 2**20
REWRITING_AT = time(3)
UP, FAILED, STOPPING = "up", "failed", "stopping"


class Supervisor:
    """Starts everything in order and keeps it running until told to stop."""

    def __init__(self, layout: Layout, plan: Plan, environ: Mapping[str, str]) -> None:
        self._layout, self._plan = layout, plan
        self._environ = base_environment(environ)
        self._keepers: list[Keeper] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self, stopped: asyncio.Event) -> bool:
        """Returns after `stopped`, everything ended; False when the start failed and was undone."""
        start = asyncio.create_task(self._start())
        told = asyncio.create_task(stopped.wait())
        beside = [asyncio.create_task(each) for each in (self._bound_logs(), self._rewrite_nightly())]
        try:
            await asyncio.wait((start, told), return_when=asyncio.FIRST_COMPLETED)
            if start.done():
                start.result()
                self.progress(UP, "")
                await told
            self.progress(STOPPING, "")
        except (ServerMissingError, TimeoutError) as fault:
            self.progress(FAILED, str(fault))
            return False
        finally:
            for task in (start, *beside):
                task.cancel()
            await asyncio.gather(start, *beside, return_exceptions=True)
            await self._stop()
        return True

    def progress(self, phase: str, message: str) -> None:
        """Writes the progress of the start, for those who wait for it."""
        say(f"{phase} {message}".strip())
        note = {
            "pid": os.getpid(),
            "phase": phase,
            "message": message,
            "plan": self._plan.model_dump(mode="json"),
        }
        write_private(self._layout.run / "progress.json", json.dumps(note))

    async def _start(self) -> None:
        layout, plan = self._layout, self._plan
        self.progress("stopping what an earlier supervisor left", "")
        await asyncio.to_thread(stop_orphans, layout, (KAFKA, POSTGRES))
        ports = choose_ports(layout, self._names())
        given = await self._start_servers(ports)
        for number, argv in enumerate(plan.prepare):
            self.progress("making topics and tables", "")
            await self._to_its_end(
                f"prepare-{number}" if number else "prepare", argv, prepare_environment(given)
            )
        if plan.sign_in:
            self._start_sign_in(given)
        self.progress("starting the services", "")
        for name, argv in plan.services.items():
            environment = partial(self._environment_of, name, ports)
            self._keep(Program(name, list(argv), environment(), layout.root), environment)
        if plan.console:
            environ = self._environ | console_environment(layout, plan, given)
            self._keep(Program(CONSOLE, list(plan.console), environ, layout.root))

    def _names(self) -> tuple[str, ...]:
        """Of everything that listens on a port."""
        people = ((SIGN_IN,) if self._plan.sign_in else ()) + ((CONSOLE,) if self._plan.console else ())
        return (KAFKA, CONTROLLER, POSTGRES, *people, *self._plan.services)

    def _start_sign_in(self, given: Addresses) -> None:
        from deploy.local.sign_in.accounts import administrators, names  # here: in no image

        layout = self._layout
        try:
            write_trial_grants(layout.grants, layout.secrets, administrators(given.sign_in or ""))
            layout.account_names.write_text(json.dumps({"names": names(given.sign_in or "") | NAMES}))
        except WrongFile as wrong:
            raise ServerMissingError(str(wrong)) from None
        self._keep(Program(SIGN_IN, sign_in_command(given), self._environ, layout.root))

    def _environment_of(self, name: str, ports: dict[str, int]) -> dict[str, str]:
        return self._environ | service_environment(
            self._layout, self._plan, addresses(self._layout, ports), name
        )

    async def _start_servers(self, ports: dict[str, int]) -> Addresses:
        layout, plan = self._layout, self._plan
        county_tokens(layout.secrets, plan.counties)
        integrator_tokens(layout.secrets, plan.integrators)
        given = addresses(layout, ports)
        users = {
            user: password(layout.secrets, f"kafka-{user}")
            for user in kafka_access.rules(topic_map(), plan.counties, plan.integrators)
        }
        self.progress("starting Postgres and Kafka", "")
        postgres_argv, kafka_argv = await asyncio.gather(
            asyncio.to_thread(
                postgres.prepare,
                layout,
                ports[POSTGRES],
                password(layout.secrets, "postgres-superuser"),
                plan.postgres,
            ),
            asyncio.to_thread(
                kafka.prepare,
                layout,
                java(self._environ),
                plan.jars,
                port=ports[KAFKA],
                controller_port=ports[CONTROLLER],
                password=given.kafka_password,
                others=plan.kafka,
            ),
        )
        self._keep(
            Program(
                POSTGRES, postgres_argv, {"PATH": os.defpath, "TZ": "UTC"}, layout.postgres, signal.SIGINT
            )
        )
        self._keep(Program(KAFKA, kafka_argv, self._environ, layout.kafka, grace_s=30))
        try:
            async with asyncio.timeout(SERVERS_PATIENCE_S):
                await until(lambda: postgres_answers(given.postgres_admin_dsn))
                await postgres.create_databases(
                    given.postgres_admin_dsn, database_passwords(layout.secrets, given.database_urls)
                )
                await until(lambda: kafka_answers(given.kafka))
                await asyncio.to_thread(set_passwords, given.kafka, users)
                await asyncio.to_thread(
                    kafka_access.grant, given.kafka, topic_map(), plan.counties, plan.integrators
                )
        except TimeoutError:
            raise ServerMissingError(
                f"Postgres and Kafka did not both answer within {SERVERS_PATIENCE_S:.0f} s; the reason is in "
                f"{layout.log(POSTGRES)} or {layout.log(KAFKA)}"
            ) from None
        except postgres.WrongPassword:
            raise ServerMissingError(
                f"Postgres refuses the password in {layout.secrets}: bring back the secrets that belong to "
                f"{layout.postgres}, or remove {layout.root} to begin anew, without its data"
            ) from None
        return given

    async def _to_its_end(self, name: str, argv: tuple[str, ...], environment: dict[str, str]) -> None:
        program = Program(name, list(argv), self._environ | environment, self._layout.root)
        process = await spawn(self._layout, program)
        try:
            status = await process.wait()
        finally:
            await stop(process, signal.SIGTERM, 5)
        if status != 0:
            raise ServerMissingError(f"{name} ended with {status}; the reason is in {self._layout.log(name)}")

    async def _rewrite_nightly(self) -> None:
        local = {"RELIEFSTREAM_LOCAL": str(self._layout.root.resolve())}
        while self._plan.rewriting:
            await asyncio.sleep(until_time(REWRITING_AT, datetime.now().astimezone()).total_seconds())
            try:
                await self._to_its_end("rewriting", self._plan.rewriting, local)
            except ServerMissingError as fault:
                say(str(fault))

    def _keep(self, program: Program, environment: Callable[[], Mapping[str, str]] | None = None) -> None:
        keeper = Keeper(self._layout, program, environment)
        self._keepers.append(keeper)
        self._tasks.append(asyncio.create_task(keeper.keep()))

    async def _stop(self) -> None:
        services = [keeper for keeper in self._keepers if keeper.program.name not in (KAFKA, POSTGRES)]
        await asyncio.gather(*(keeper.stop() for keeper in services))
        for name in (KAFKA, POSTGRES):
            await asyncio.gather(*(keeper.stop() for keeper in self._keepers if keeper.program.name == name))
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _bound_logs(self) -> None:
        while True:
            for path in self._layout.logs.glob("*.log"):
                bound_log(path, LOG_LIMIT_BYTES)
            await asyncio.sleep(10)


async def supervise(layout: Layout, plan: Plan, environ: Mapping[str, str]) -> bool:
    """Runs the plan until SIGTERM or SIGINT; False when it could not start."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return await Supervisor(layout, plan, environ).run(stopped)


def main() -> int:
    """Exit status 0 after an orderly stop or where another supervisor runs, 3 after a failed start."""
    layout, plan = Layout(Path(sys.argv[1])), Plan.model_validate_json(sys.argv[2])
    layout.make()
    with folder_lock(layout, LOCK_PATIENCE_S) as ours:
        if not ours:
            say("another supervisor runs already")
            return 0
        write_pid(layout, SUPERVISOR, os.getpid())
        done = asyncio.run(supervise(layout, plan, os.environ))
        (layout.run / f"{SUPERVISOR}.pid").unlink(missing_ok=True)
    return 0 if done else 3


if __name__ == "__main__":
    sys.exit(main())
