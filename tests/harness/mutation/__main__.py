"""Which small changes of the code no test notices: ``python -m tests.harness.mutation --area law --mutants 100``.

Each mutant is one change of one line (operators.py), drawn at random from a seed. The tests of its area that call the
changed function run, those named most like the changed file first, until one fails; all of them where the change is
outside of functions. Prints each survivor, then a line for docs/measurements.md.
"""

import argparse
import re
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


def nearest_first(path: str, tests: list[str]) -> list[str]:
    """Those tests; first the files whose paths share most words with that path."""
    of_path = set(re.findall("[a-z0-9]+", path))
    return sorted(tests, key=lambda file: -len(of_path & set(re.findall("[a-z0-9]+", file))))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--area", choices=sorted(AREAS), required=True)
    asked.add_argument("--mutants", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--workers", type=int, default=1)
    given = asked.parse_args()
    area = AREAS[given.area]
    tests = sorted(
        {str(file.relative_to(REPOSITORY)) for glob in area.tests for file in REPOSITORY.glob(glob)}
    )
    chosen = drawn(area, given.mutants, given.seed)
    prepare([*tests, *area.options])
    calling = reached([*tests, *area.options], REPOSITORY / "services")
    if calling is None:
        print("a test fails without any change: mend it first", file=sys.stderr)
        return 1
    survived = 0
    running: dict[int, Placed] = {}
    waiting = chosen[::-1]
    while waiting or running:
        if waiting and len(running) < given.workers:
            placed = waiting.pop()
            path, mutated = REPOSITORY / placed.path, placed.mutant
            tried = calling.get((str(path), mutated.function or ""))
            if tried is None:  # what no test calls may run when its module is imported
                mutated = mutated._replace(function=None)
            files = sorted(set(map(file_of, tried))) if tried else tests
            ordered = [*nearest_first(placed.path, files), *area.options]
            running[start(ordered, tried, area.seconds, path, mutated)] = placed
            continue
        process, how = ended()
        placed = running.pop(process)
        if how == "passed":
            survived += 1
            print(f"survived: {placed.path}:{placed.mutant.line}: {placed.mutant.what}", flush=True)
    print(f"| {given.area} | {len(chosen)} | {given.seed} | {len(chosen) - survived} | {survived} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
