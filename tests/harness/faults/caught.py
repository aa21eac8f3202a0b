"""Whether the faults show each deliberate defect: within how many seeds, and not without it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness.faults.defects import FAULTS, ON
from tests.harness.faults.fleet import Zygote
from tests.harness.faults.machine import Template, clean_environment
from tests.harness.faults.observation import Observation
from tests.harness.faults.run import Outcome, new_folder, run_seed
from tests.harness.faults.schedule import REPLICAS, schedule

PATIENCE = 10
"""Seeds in which a defect must be caught."""


@dataclass(frozen=True)
class Caught:
    """What became of one defect. ``seed`` None: no seed caught it."""

    defect: str
    seed: int | None
    outcome: Outcome
    unbroken: Outcome | None
    """The same seed and schedule without the defect: it must pass, or the seed caught something else."""

    @property
    def convincing(self) -> bool:
        return self.unbroken is not None and not self.unbroken.differences

    def __str__(self) -> str:
        if self.seed is None:
            return f"{self.defect}: NOT caught in {PATIENCE} seeds"
        end = f"{self.defect}: caught at seed {self.seed}: {self.outcome.differences[0]}"
        return end if self.convincing else f"{end}\n  BUT the same seed without the defect does not pass"


async def caught(template: Template, root: Path, defect: str, undisturbed: Observation) -> Caught:
    """Seeds from 1 on until one catches the defect; then that seed again without it."""

    async def run(zygote: Zygote, seed: int) -> Outcome:
        faults = schedule(seed, FAULTS[defect], ON.get(defect, REPLICAS))
        folder = new_folder(root, seed)
        outcome, _ = await run_seed(template, zygote, folder, seed, faults=faults, undisturbed=undisturbed)
        return outcome

    async with _services(defect) as broken:
        for seed in range(1, PATIENCE + 1):
            outcome = await run(broken, seed)
            if outcome.differences:
                break
        else:
            return Caught(defect, None, outcome, None)
    async with _services("") as unbroken:
        return Caught(defect, seed, outcome, await run(unbroken, seed))


@asynccontextmanager
async def _services(defect: str) -> AsyncIterator[Zygote]:
    zygote = await Zygote.start(defect, clean_environment())
    try:
        yield zygote
    finally:
        await zygote.stop()
