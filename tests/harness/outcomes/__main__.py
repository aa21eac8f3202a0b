"""How many outcomes are wrong: ``python -m tests.harness.outcomes [--tree CHECKOUT] [--lives 10000] [--sample 1/10]``.

Fabricated lives with disqualifiers are judged under ``statute`` and ``los-angeles-2020`` by the ``evaluate`` of a
checkout (this one, or another with a ``.venv``), and held against the oracle of the statute's words. A sample is judged
under ``los-angeles-2021`` and held against its truth.
"""

import argparse
import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.eligibility.law.oracles.oracle_of_the_statute import RANK, minimum
from tests.evaluation.doj_rows import a_file
from tests.harness.outcomes.lives import Life, lives

AS_OF = "2019-11-11"


def judged(tree: Path, policy: str, as_of: str, out: Path, *files: Path) -> list[dict[str, str]]:
    """What the checkout's ``evaluate`` finds in the files."""
    command = [tree / ".venv/bin/python", "-m", "services.cli.main", "evaluate", "--workers", "1"]
    command += ["--county", "los-angeles", "--policy", policy, "--as-of", as_of, "--out", out, *files]
    done = subprocess.run(list(map(str, command)), cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr)
    with (out / "determinations.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def wrong_of(life: Life, outcome: str, policy: str) -> str:
    """What is wrong with the outcome, by the statute's words; empty when nothing is."""
    least, is_open = minimum(life.offense)
    if outcome == "not_eligible":
        return (
            "denied, though relief is compelled" if least else "denied, though it is open" if is_open else ""
        )
    if outcome == "needs_review":
        return "reviewed, though relief is compelled" if policy == "statute" and least else ""
    if policy == "statute" and RANK[outcome] > RANK[least]:
        return f"{outcome}, which nothing compels"
    return f"{outcome}, less than is compelled" if RANK[outcome] < RANK[least] else ""


def of_lives(tree: Path, number: int, seed: int, folder: Path) -> Iterator[str]:
    """A row of the table for each policy."""
    every = {life.case_number: life for life in lives(number, seed)}
    file = folder / f"lives-{number}-{seed}.csv"
    file.write_text(a_file(*(row for life in every.values() for row in life.rows)))
    for policy in ("statute", "los-angeles-2020"):
        lines = judged(tree, policy, AS_OF, folder / "out", file)
        own = [
            (every[line["case_number"]], line["outcome"])
            for line in lines
            if line["case_number"] in every
            and line["section"][3:] == every[line["case_number"]].offense.section
        ]
        wrong = Counter(what for life, outcome in own if (what := wrong_of(life, outcome, policy)))
        yield f"| {policy} | {len(own):,} | {wrong.total():,} | {_told(wrong)} |"


def of_sample(tree: Path, sample: Path, folder: Path) -> str:
    """The row of the table for the sample."""
    expected: dict[tuple[str, str, str], Counter[str]] = {}
    for line in (sample / "truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        if truth["kind"] == "conviction" and truth["outcome"]:
            for number in truth["case_number"].values():
                key = (number, truth["section"][:8], truth["date"])
                expected.setdefault(key, Counter())[truth["outcome"]] += 1
    files = (sample / "doj.csv", sample / "court.jsonl")
    lines = judged(tree, "los-angeles-2021", "2026-11-02", folder / "out", *files)
    wrong: Counter[str] = Counter()
    for line in lines:
        truths = expected.get((line["case_number"], line["section"][:8], line["disposition_date"]))
        if truths is None or line["outcome"] in truths or line["outcome"] == "needs_review":
            continue
        wrong[f"{line['outcome']} instead of {' or '.join(sorted(truths))}"] += 1
    return f"| los-angeles-2021, sample | {len(lines):,} | {wrong.total():,} | {_told(wrong)} |"


def _told(wrong: Counter[str]) -> str:
    return "; ".join(f"{number:,} {what}" for what, number in sorted(wrong.items())) or "none"


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--tree", type=Path, default=Path(__file__).parents[3])
    asked.add_argument("--lives", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--sample", type=Path, help="a folder that reliefstream sample wrote")
    asked.add_argument("--folder", type=Path, default=Path("/tmp/outcomes"))
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    print("| Policy | Determinations | Wrong | What |\n|---|---|---|---|")
    for row in of_lives(given.tree, given.lives, given.seed, given.folder):
        print(row, flush=True)
    if given.sample:
        print(of_sample(given.tree, given.sample, given.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
