"""Starts, stops and reports the local servers, from the command line or a test."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from typing import Any

import psutil

from deploy.local import addresses
from deploy.local.addresses import KAFKA, POSTGRES, Addresses
from deploy.local.layout import Layout
from deploy.local.plan import Plan
from deploy.local.servers import kafka, readiness
from deploy.local.servers.postgres import WrongPassword
from deploy.local.servers.requirements import ServerMissingError, java
from deploy.local.supervision.lock import folder_lock
from deploy.local.supervision.process_status import ProcessStatus, listening, processes, progress
from deploy.local.supervision.processes import SUPERVISOR, running, started_at, stop_orphans
from deploy.local.supervision.supervisor import FAILED, STOPPING, UP

Say = Callable[[str], None]
BROKEN_AFTER = 3
"""That many restarts before it was ready once: waiting longer will not help."""


class OtherPlanError(Exception):
    """The servers run already with another date or policy; the text says which and what to do."""


def up(layout: Layout, plan: Plan, environ: Mapping[str, str], say: Say, timeout_s: float = 180) -> bool:
    """Starts servers and services in the background and waits until all are ready.

    True when it started them, False when they ran already. OtherPlanError when they run with another date or
    policy; ServerMissingError, with the name of the log, when something did not come up.
    """
    deadline = time.monotonic() + timeout_s
    java(environ)
    _check_owner(layout)
    if not kafka.jars_are_fetched(plan.jars):
        say("fetching Apache Kafka's jars (43 MB, once)")
        kafka.fetch_jars(plan.jars, environ)
    layout.make()
    _until_stopped(layout, deadline)
    if _supervisor_pid(layout):
        _check_same(progress(layout).get("plan", {}), plan)
        with suppress(_SupervisorEndedError):  # killed a moment ago, and only seen to be gone now
            _until_ready(layout, None, say, deadline)
            return False
    _until_ready(layout, _start_supervisor(layout, plan, environ), say, deadline)
    return True


def down(layout: Layout, say: Say, timeout_s: float = 120) -> bool:
    """Stops services and servers in order, also those that a killed supervisor left; False when none ran."""
    layout.make()
    stopped = False
    if pid := _supervisor_pid(layout):
        say("stopping the services, then Kafka, then Postgres")
        with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            supervisor = psutil.Process(pid)
            supervisor.terminate()
            # A zombie has ended: it waits for its parent, another program, to collect it.
            until = time.monotonic() + timeout_s
            while started_at(pid) is not None and time.monotonic() < until:
                time.sleep(0.05)
            supervisor.wait(0)
        stopped = True
    with folder_lock(layout, patience_s=5) as ours:
        if not ours:
            raise ServerMissingError(f"The supervisor does not stop; see {layout.log(SUPERVISOR)}")
        return stop_orphans(layout, (KAFKA, POSTGRES)) > 0 or stopped


def status(layout: Layout, ready: Container[str] = ()) -> list[ProcessStatus]:
    """Every process that runs or ran last, with whether it answers when asked; empty before the first start.

    ``ready``: names of those that answered a moment ago and are not asked again.
    """
    if not layout.state.exists():
        return []
    return processes(layout, asyncio.run(_answers(layout, addresses.read(layout.root), ready)))


async def _answers(layout: Layout, given: Addresses, known: Container[str]) -> dict[str, bool]:
    async def ask(name: str, ready: readiness.Ready) -> bool:
        try:
            return running(layout, name) is not None and (name in known or await ready())
        except WrongPassword:
            return False

    def service(url: str) -> readiness.Ready:
        return lambda: readiness.http_answers(url)

    asked: dict[str, readiness.Ready] = {
        POSTGRES: lambda: readiness.postgres_answers(given.postgres_admin_dsn),
        KAFKA: lambda: readiness.kafka_answers(given.kafka),
        **{name: service(url) for name, url in listening(given)},
    }
    answers = await asyncio.gather(*(ask(name, ready) for name, ready in asked.items()))
    return dict(zip(asked, answers, strict=True))


class _SupervisorEndedError(ServerMissingError):
    def __init__(self, layout: Layout) -> None:
        super().__init__(f"The supervisor ended; the reason is in {layout.log(SUPERVISOR)}")


def _until_ready(layout: Layout, daemon: subprocess.Popen[bytes] | None, say: Say, deadline: float) -> None:
    found = _supervisor_pid(layout)
    while (now := progress(layout)).get("phase") != UP or now["pid"] != _supervisor_pid(layout):
        phase = now.get("phase", "starting")
        if phase == FAILED and now["pid"] in (found, daemon and daemon.pid):
            _until_stopped(layout, deadline)
            raise ServerMissingError(now["message"])
        if not running(layout, SUPERVISOR) and (daemon is None or daemon.poll() is not None):
            raise _SupervisorEndedError(layout)
        _still_time(deadline, f"{phase}, see {layout.log(SUPERVISOR)}")
        say(phase)
        time.sleep(0.1)
    seen = status(layout)
    while unready := [each for each in seen if not each.ready]:
        waiting = [each.name for each in unready]
        if daemon and (broken := [each.name for each in unready if each.restarts >= BROKEN_AFTER]):
            raise ServerMissingError(
                f"{broken[0]} ends again and again; the reason is in {layout.log(broken[0])}. "
                "Stop the rest with: reliefstream down"
            )
        if not running(layout, SUPERVISOR):
            raise _SupervisorEndedError(layout)
        _still_time(deadline, f"waiting for {', '.join(waiting)}, see {layout.log(waiting[0])}")
        say(f"waiting for {', '.join(waiting)}")
        time.sleep(0.2)
        seen = status(layout, {each.name for each in seen if each.ready})


def _start_supervisor(layout: Layout, plan: Plan, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    layout.log(SUPERVISOR).touch(0o600)
    with layout.log(SUPERVISOR).open("ab") as log:
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "deploy.local.supervision.supervisor",
                str(layout.root.resolve()),
                plan.model_dump_json(),
            ],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,  # its children's too
        )


def _supervisor_pid(layout: Layout) -> int | None:
    note = running(layout, SUPERVISOR)
    return note["pid"] if note else None


def _until_stopped(layout: Layout, deadline: float) -> None:
    while running(layout, SUPERVISOR) and progress(layout).get("phase") in (STOPPING, FAILED):
        _still_time(deadline, "what ran before still stops")
        time.sleep(0.1)


def _check_same(current: dict[str, Any], plan: Plan) -> None:
    asked = {"as_of": plan.as_of and plan.as_of.isoformat(), "policy": plan.policy}
    for option, value in asked.items():
        if value and current.get(option) != value:
            raise OtherPlanError(
                f"The services run already with {option} {current.get(option) or 'not set'}, "
                f"not with {value}. Stop them first: reliefstream down"
            )


def _check_owner(layout: Layout) -> None:
    if layout.state.exists() and layout.state.stat().st_uid != psutil.Process().uids().effective:
        owner = layout.state.owner()
        raise ServerMissingError(
            f"{layout.root} belongs to {owner}: run this as {owner}, "
            "or name another folder in RELIEFSTREAM_LOCAL"
        )


def _still_time(deadline: float, doing: str) -> None:
    if time.monotonic() > deadline:
        raise ServerMissingError(f"Not everything came up in time: {doing}")
