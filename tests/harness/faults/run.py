"""Seeds one after another: run, heal, wait for quiet, compare; what was found, and how to replay it."""

import asyncio
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.terminal.exit import Refused, ServerMissing
from tests.harness.faults import checker, workload
from tests.harness.faults.deciding import Offices
from tests.harness.faults.faults import inflict
from tests.harness.faults.fleet import Zygote
from tests.harness.faults.machine import Machine, Template
from tests.harness.faults.observation import Observation, Sealing, Sent
from tests.harness.faults.patience import Patience
from tests.harness.faults.quiet import quiet
from tests.harness.faults.reactions import logged, retries
from tests.harness.faults.schedule import SEALING_S, WINDOW_S, Fault, while_sealing
from tests.harness.faults.sealing import chosen, seal
from tests.harness.faults.seeing import ends, observe
from tests.harness.faults.sending import send
from tests.harness.faults.stating import state
from tests.harness.faults.zygote import die_with_parent

SHOWN = 10
DECIDING = "relief-0"
"""The replica that the offices decide at."""


@dataclass
class Outcome:
    """One seed's. ``differences`` empty: it passed."""

    seed: int
    faults: tuple[Fault, ...]
    differences: list[str]
    seconds: dict[str, float] = field(default_factory=dict)
    ended_by_itself: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    reactions: Counter[str] = field(default_factory=Counter)
    """What the services logged as a warning or worse, and ``batch retried``."""
    refused: Counter[str] = field(default_factory=Counter)
    """Faults that this system does not let us do."""


async def run_seed(
    template: Template,
    zygote: Zygote,
    folder: Path,
    seed: int,
    *,
    faults: Sequence[Fault] = (),
    undisturbed: Observation | None = None,
    sealing: bool = False,
) -> tuple[Outcome, Observation | None]:
    """One run in ``folder``, which stays; None: it never came to rest.

    ``undisturbed`` None: this is the undisturbed run, held against itself. ``sealing``: whether the clerk has
    convictions sealed at its end.
    """
    outcome = Outcome(seed, tuple(faults), [])
    seen: Observation | None = None
    clock = Stopwatch(outcome.seconds)
    try:
        async with Machine(template, zygote, folder) as machine, receiver(template, folder) as url:
            outcome.ended_by_itself = machine.fleet.ended_by_itself
            clock.lap("start")
            urls, token = machine.given.http, machine.given.operator_token
            clerks = machine.accounts["clerk"], machine.accounts["second-clerk"]
            await workload.begin(urls, clerks, token, url)
            records = tuple(workload.deliveries(seed))
            clock.lap("begin")
            patience = Patience()
            offices = Offices(
                machine.given.http["relief"], machine.accounts, workload.COUNTIES, patience.moved
            )
            stated = await _under_faults(machine, records, offices, outcome, patience)
            clock.lap("faults")
            await machine.heal()
            clock.lap("heal")
            await quiet(machine.given)
            clock.lap("quiet")
            await _decided(machine, offices, patience, disturbed=bool(faults))
            clock.lap("decide")
            sealed, again = Sealing(), ()
            if sealing:
                sealed, again = await _sealed(machine, offices, patience, seed, undisturbed)
                clock.lap("seal")
            decided = tuple(offices.decided)
            seen = await observe(
                machine.given,
                folder / "deliveries.jsonl",
                sent=records + again,
                stated=stated,
                decided=decided,
                sealing=sealed,
            )
            outcome.reactions["batch retried"] = await retries(machine.urls.values())
        clock.lap("look")
    except (Refused, ServerMissing, TimeoutError) as error:
        outcome.differences.append(f"it never came to rest ({type(error).__name__}): {error}")
        clock.lap("failed")
    outcome.reactions += logged(folder / "logs")
    if seen is not None:
        outcome.differences += map(str, checker.differences(seen, undisturbed or seen))
        clock.lap("check")
    return outcome, seen


async def _under_faults(
    machine: Machine, records: tuple[Sent, ...], offices: Offices, outcome: Outcome, patience: Patience
) -> tuple[str, ...]:
    """Sends what counties and offices send while faults hit; returns what was stated."""

    async def one(fault: Fault) -> None:
        done = await _later(fault, machine)
        (outcome.injected if done else outcome.refused)[fault.kind] += 1
        patience.moved()

    options = {**machine.given.kafka.client_options(), "bootstrap_servers": machine.county_bootstrap()}
    window = WINDOW_S if outcome.faults else 1.0
    url, token = machine.given.http["ingest"], machine.accounts["import"]
    async with patience.while_it_moves():
        stated, *_ = await asyncio.gather(
            state(url, token, workload.stated(), window, patience.moved),
            send(options, records, window, patience.moved),
            offices.while_records_come(window),
            *(one(fault) for fault in outcome.faults),
        )
    return stated


async def _decided(machine: Machine, offices: Offices, patience: Patience, *, disturbed: bool) -> None:
    """The offices bring everything to its end, once the records stand; the relief that answers them may be killed."""
    async with patience.while_it_moves():
        if disturbed:
            killed = Fault(0.1, "kill", DECIDING, 0.3)
            await asyncio.gather(offices.to_the_end(), inflict(killed, machine))
            await machine.ready()
        else:
            await offices.to_the_end()
    await quiet(machine.given)


async def _sealed(
    machine: Machine, offices: Offices, patience: Patience, seed: int, undisturbed: Observation | None
) -> tuple[Sealing, tuple[Sent, ...]]:
    """The clerk has convictions sealed while counties send their records again and replicas are killed; then
    everything is sent once more. Returns what was sent, too."""
    options = machine.given.kafka.client_options()
    sending = {**options, "bootstrap_servers": machine.county_bootstrap()}
    meanwhile, after = workload.sent_again(seed)
    began = await ends(options)
    async with patience.while_it_moves():
        (ordered, held), *_ = await asyncio.gather(
            seal(offices, chosen(undisturbed), SEALING_S),
            send(sending, meanwhile, SEALING_S, patience.moved),
            *(_later(fault, machine) for fault in while_sealing(seed)),
        )
        await machine.heal()
    await quiet(machine.given)
    async with patience.while_it_moves():
        await send(sending, after, 1.0, patience.moved)
    await quiet(machine.given)
    # What was sealed at once counts for nothing any more: a decision that had rested on it waits again.
    async with patience.while_it_moves():
        await offices.to_the_end()
    await quiet(machine.given)
    return Sealing(ordered, held, began), (*meanwhile, *after)


async def _later(fault: Fault, machine: Machine) -> bool:
    await asyncio.sleep(fault.at)
    return await inflict(fault, machine)


@asynccontextmanager
async def receiver(template: Template, folder: Path) -> AsyncIterator[str]:
    """The webhook's receiver: outside of the product, and no fault hits it."""
    port = template.ports["receiver"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.harness.faults.receiver", str(port), str(folder / "deliveries.jsonl"),
        cwd=Path(__file__).parents[3], preexec_fn=die_with_parent,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class Stopwatch:
    """Notes the seconds of each part."""

    def __init__(self, parts: dict[str, float]) -> None:
        self._parts, self._last = parts, time.monotonic()

    def lap(self, part: str) -> None:
        now = time.monotonic()
        self._parts[part], self._last = round(now - self._last, 1), now


def new_folder(root: Path, seed: int) -> Path:
    """An empty folder for one run."""
    folder = root / f"seed-{seed}-{random.randrange(16**6):06x}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
