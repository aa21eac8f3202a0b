"""Which small changes of the code no test notices: ``python -m tests.harness.mutation --area law --mutants 100``.

Each mutant is one change of one line (operators.py), drawn at random from a seed, in a copy of the repository. Its
area's tests run until the first of them fails. Prints each survivor, then a line for the table in docs/measurements.md.
"""

import argparse
import concurrent.futures
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.harness.mutation.areas import AREAS, Area
from tests.harness.mutation.operators import Mutant, mutants

REPOSITORY = Path(__file__).parents[3]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".local", "__pycache__", ".*_cache", ".hypothesis")


class Result(NamedTuple):
    """One mutant and how its tests ended."""

    path: str
    mutant: Mutant
    ended: str
    """``killed``, ``survived`` or ``timeout`` (which a test noticed, too)."""


def drawn(area: Area, number: int, seed: int) -> list[tuple[str, Mutant]]:
    """That many mutants of an area, each equally likely."""
    files = sorted({path for glob in area.sources for path in REPOSITORY.glob(glob)})
    every = [(str(path.relative_to(REPOSITORY)), one) for path in files for one in mutants(path.read_text())]
    return Random(seed).sample(every, min(number, len(every)))


def tried(tree: Path, area: Area, path: str, source: str | None, limit: float | None) -> str:
    """How the area's tests end with this source in that tree; None: as it is."""
    file = tree / path
    before = file.read_text()
    if source is not None:
        file.write_text(source)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *area.tests],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": f"{tree}:{tree / 'contracts'}", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    finally:
        file.write_text(before)
    return "survived" if done.returncode == 0 else "killed"


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--area", choices=sorted(AREAS), required=True)
    asked.add_argument("--mutants", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = asked.parse_args()
    area = AREAS[given.area]
    chosen = drawn(area, given.mutants, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        trees: queue.Queue[Path] = queue.Queue()
        for worker in range(given.workers):
            tree = Path(folder) / f"tree{worker}"
            shutil.copytree(REPOSITORY, tree, ignore=NOT_COPIED)
            trees.put(tree)
        first = trees.get()
        began = time.monotonic()
        if tried(first, area, chosen[0][0], None, None) != "survived":
            print("the tests fail without any change: mend them first", file=sys.stderr)
            return 1
        limit = 60 + 5 * (time.monotonic() - began)
        trees.put(first)

        def result(one: tuple[str, Mutant]) -> Result:
            tree = trees.get()
            try:
                return Result(*one, tried(tree, area, one[0], one[1].source, limit))
            finally:
                trees.put(tree)

        with concurrent.futures.ThreadPoolExecutor(given.workers) as pool:
            results = []
            for found in pool.map(result, chosen):
                results.append(found)
                if found.ended == "survived":
                    print(f"survived: {found.path}:{found.mutant.line}: {found.mutant.what}", flush=True)
    survived = sum(found.ended == "survived" for found in results)
    print(f"| {given.area} | {len(results)} | {given.seed} | {len(results) - survived} | {survived} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
