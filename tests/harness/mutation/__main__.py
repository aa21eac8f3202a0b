"""Which small changes of the code no test notices: ``python -m tests.harness.mutation --area law --mutants 100``.

Each mutant is one change of one line (operators.py), drawn at random from a seed. The tests of its area that call the
changed function run, the quickest first, until one fails; all of them where the change is outside of functions. Prints
each survivor, then a line for docs/measurements.md.
"""

import argparse
import sys
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.harness.mutation.areas import AREAS, Area
from tests.harness.mutation.operators import Mutant, mutant, places
from tests.harness.mutation.reached import file_of
from tests.harness.mutation.trial import ended, prepare, reached, start

REPOSITORY = Path(__file__).parents[3]


class Placed(NamedTuple):
    """A mutant and its file's path below the repository."""

    path: str
    mutant: Mutant


def drawn(area: Area, number: int, seed: int) -> list[Placed]:
    """That many mutants of an area, each equally likely."""
    files = sorted({path for glob in area.sources for path in REPOSITORY.glob(glob)})
    every = [(path, place) for path in files for place in places(path.read_text())]
    return [
        Placed(str(path.relative_to(REPOSITORY)), mutant(path.read_text(), place))
        for path, place in Random(seed).sample(every, min(number, len(every)))
    ]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--area", choices=sorted(AREAS), required=True)
    asked.add_argument("--mutants", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument(
        "--slowest", type=float, help="leave out tests that take more seconds of CPU, with the tracer"
    )
    asked.add_argument("--tests", nargs="+", help="globs, in the place of the area's")
    asked.add_argument("--only", nargs="+", default=[], help="of those drawn, these alone: FILE.py:LINE")
    given = asked.parse_args()
    area = AREAS[given.area]
    tests = sorted(
        {
            str(file.relative_to(REPOSITORY))
            for glob in given.tests or area.tests
            for file in REPOSITORY.glob(glob)
        }
    )
    chosen = [
        placed
        for placed in drawn(area, given.mutants, given.seed)
        if not given.only or f"{placed.path}:{placed.mutant.line}".endswith(tuple(given.only))
    ]
    prepare([*tests, *area.options])
    unchanged = reached([*tests, *area.options], REPOSITORY / "services", given.slowest)
    for test in sorted(unchanged.left_out):
        print(f"left out, as it is slow, or fails without any change: {test}", file=sys.stderr, flush=True)
    survived = 0
    running: dict[int, Placed] = {}
    waiting = chosen[::-1]
    while waiting or running:
        if waiting and len(running) < given.workers:
            placed = waiting.pop()
            path, mutated = REPOSITORY / placed.path, placed.mutant
            tried = unchanged.calling.get((str(path), mutated.function or ""))
            if tried is None:  # what no test calls may run when its module is imported
                mutated = mutated._replace(function=None)
            files = sorted(set(map(file_of, tried))) if tried else tests
            running[start([*files, *area.options], tried, unchanged, path, mutated)] = placed
            continue
        process, how = ended()
        placed = running.pop(process)
        print(f"{how}: {placed.path}:{placed.mutant.line}", file=sys.stderr, flush=True)
        if how == "passed":
            survived += 1
            print(f"survived: {placed.path}:{placed.mutant.line}: {placed.mutant.what}", flush=True)
    print(f"| {given.area} | {len(chosen)} | {given.seed} | {len(chosen) - survived} | {survived} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
