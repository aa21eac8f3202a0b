"""What is printed and kept: schedules, differences, evidence of what failed, the summary."""

import importlib
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.harness.faults.run import SHOWN, Outcome
from tests.harness.faults.schedule import Fault


class Report:
    """Of one invocation; ``kept`` is where the evidence of failed seeds goes."""

    def __init__(self, defect: str, kept: Path) -> None:
        self._defect, self._kept = defect, kept
        self._began = time.monotonic()
        self._outcomes: list[Outcome] = []

    @property
    def failed(self) -> int:
        return sum(bool(each.differences) for each in self._outcomes)

    def provoking(self) -> tuple[str, ...]:
        """The kinds of faults that the defect needs; all for none."""
        if not self._defect:
            return ()
        found: tuple[str, ...] = importlib.import_module("tests.harness.faults.defects").FAULTS[self._defect]
        return found

    def undisturbed(self, outcome: Outcome, folder: Path) -> None:
        print(f"undisturbed run: {_times(outcome)}", flush=True)
        if outcome.differences:
            self._keep(outcome, folder)

    def begins(self, seed: int, faults: Sequence[Fault]) -> None:
        print(f"seed {seed}", *(f"  {fault}" for fault in faults), sep="\n", flush=True)

    def ended(self, outcome: Outcome, folder: Path) -> None:
        """Says how it went, and keeps the logs of a seed that did not pass."""
        self._outcomes.append(outcome)
        itself = "".join(f"; {name} x{n}" for name, n in outcome.ended_by_itself.items())
        print(f"  {'FAILED' if outcome.differences else 'passed'}: {_times(outcome)}{itself}", flush=True)
        for said, number in outcome.reactions.items():
            if said.startswith(("ended", "consumer stopped")):
                print(f"  {said} x{number}")
        if not outcome.differences:
            return
        self._keep(outcome, folder)

    def _keep(self, outcome: Outcome, folder: Path) -> None:
        for line in outcome.differences[:SHOWN]:
            print(f"  difference: {line}")
        replay = f"make faults SEEDS=1 FIRST={outcome.seed}" + (
            f" DEFECT={self._defect}" * bool(self._defect)
        )
        evidence = self._kept / f"{self._defect or 'seed'}-{outcome.seed}"
        shutil.rmtree(evidence, ignore_errors=True)
        shutil.copytree(folder / "logs", evidence)
        (evidence / "differences.txt").write_text(
            "\n".join([*map(str, outcome.faults), *outcome.differences])
        )
        print(f"  replay: {replay}; logs: {evidence}", flush=True)

    def summary(self, file: Path | None) -> None:
        """Of all seeds so far."""
        outcomes, seconds = self._outcomes, time.monotonic() - self._began
        if not outcomes:
            return
        injected, refused, ended, reactions = (Counter[str]() for _ in range(4))
        for each in outcomes:
            injected += each.injected
            refused += each.refused
            reactions += each.reactions
            ended += Counter(name.rpartition(" ")[2] for name in each.ended_by_itself.elements())
        lines = [
            f"seeds {outcomes[0].seed} to {outcomes[-1].seed}: "
            f"{len(outcomes) - self.failed} passed, {self.failed} failed"
            + (f" (defect {self._defect})" * bool(self._defect)),
            f"{sum(injected.values())} faults: " + ", ".join(f"{k} {n}" for k, n in sorted(injected.items())),
            "the services: " + ", ".join(f"{said} {n}" for said, n in sorted(reactions.items())),
            f"processes that ended by themselves, by exit status: {dict(ended) or 'none'}",
            f"{seconds:.0f} s, {seconds / len(outcomes):.1f} s a seed",
        ]
        if refused:
            lines.append(f"not done, as this system does not let us: {dict(refused)}")
        failing = [str(each.seed) for each in outcomes if each.differences]
        if failing:
            lines.append(f"failed: {', '.join(failing)}")
        print(*lines, sep="\n", flush=True)
        if file is not None:
            file.write_text("\n".join(lines) + "\n")


def _times(outcome: Outcome) -> str:
    parts = ", ".join(f"{part} {seconds}" for part, seconds in outcome.seconds.items())
    return f"{sum(outcome.seconds.values()):.1f} s ({parts})"
