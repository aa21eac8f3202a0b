"""What each kind of fault does to the machine, and how it is undone."""

import asyncio
import signal
from contextlib import suppress
from random import Random
from typing import Any

import asyncpg

from services import SERVICES
from tests.harness.faults.machine import Machine
from tests.harness.faults.schedule import Fault

JUMPS_S = (-86_400.0, -600.0, -5.0, 5.0, 600.0, 86_400.0)


async def inflict(fault: Fault, machine: Machine) -> bool:
    """One fault from its beginning to its end; False when this system does not let us."""
    kind, target = fault.kind, fault.target
    if kind in ("kill", "leave"):
        machine.fleet.stop_for_now(target, signal.SIGKILL if kind == "kill" else signal.SIGTERM)
        await asyncio.sleep(fault.length)
        machine.fleet.start(target)
    elif kind in ("stop", "zombie"):
        machine.fleet.send(target, signal.SIGSTOP)
        if kind == "zombie":  # Postgres gives its connections up, the locks with them; Kafka knows it no more
            await asyncio.sleep(0.2)
            machine.to_postgres[target].abandon()
        await asyncio.sleep(fault.length)
        machine.fleet.send(target, signal.SIGCONT)
    elif kind in ("kill_kafka", "kill_postgres", "stop_kafka", "stop_postgres"):
        server = machine.kafka if target == "kafka" else machine.postgres
        server.send(signal.SIGKILL if kind.startswith("kill") else signal.SIGSTOP)
        await asyncio.sleep(fault.length)
        server.send(signal.SIGCONT)
        server.start()
    elif kind == "mute_kafka":
        for proxy in machine.to_kafka.values():
            proxy.hold(requests=False)
        await asyncio.sleep(fault.length)
        for proxy in machine.to_kafka.values():
            proxy.let_go()
    elif kind.split("_")[0] in ("cut", "unheard", "hold", "delay"):
        await _on_the_way(fault, machine)
    elif kind == "disk_full":
        if machine.disk is None:
            return False
        machine.disk.fill()
        await asyncio.sleep(fault.length)
        machine.disk.free()
    elif kind == "no_connections":
        await _no_connections(fault.length, machine)
    elif kind == "clock":
        machine.fleet.set_clock(target, Random(str(fault)).choice(JUMPS_S))
        await asyncio.sleep(fault.length)
        machine.fleet.set_clock(target, 0.0)
    else:
        raise ValueError(kind)
    return True


async def _on_the_way(fault: Fault, machine: Machine) -> None:
    how, where = fault.kind.split("_")
    proxy = (machine.to_kafka if where == "kafka" else machine.to_postgres)[fault.target]
    if how == "cut":
        proxy.cut()
    elif how == "delay":
        proxy.delay_s = 0.15
    else:
        proxy.hold(requests=how == "hold")
    await asyncio.sleep(fault.length)
    if how == "unheard":  # what was asked is done, and who asked never hears of it
        proxy.cut()
    proxy.refusing, proxy.delay_s = False, 0.0
    proxy.let_go()


async def _no_connections(length: float, machine: Machine) -> None:
    """Takes every connection there is, those of the services included."""
    held: list[Any] = []
    url = machine.given.database_urls[SERVICES[0]]
    end = asyncio.get_running_loop().time() + length
    try:
        admin = await asyncpg.connect(machine.given.postgres_admin_dsn, timeout=5)
        held.append(admin)
        await _take_all(url, held)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY($1) AND pid <> ALL($2)",
            list(SERVICES),
            [each.get_server_pid() for each in held],
        )
        while asyncio.get_running_loop().time() < end:
            await _take_all(url, held)
            await asyncio.sleep(0.05)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await asyncio.sleep(max(0.0, end - asyncio.get_running_loop().time()))
    finally:
        for each in held:
            each.terminate()


async def _take_all(url: str, held: list[Any]) -> None:
    with suppress(asyncpg.TooManyConnectionsError):
        while True:
            held.append(await asyncpg.connect(url, timeout=5))
