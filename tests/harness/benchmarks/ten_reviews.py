"""How long ten reviews take by command: five answered, five decided by one person and signed by another.

Each command is a process of its own, as an office calls it; the commands alone are timed, and then how long it takes
until everything that follows has passed. Prints one row for each step.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from tests.harness.installation import empty_installation

AS_OF = date(2026, 11, 2)
COUNTY, HALF = "los-angeles", 5
PREPARER, SIGNER, CLERK = "trial-preparer", "trial-signer", "trial-clerk"


class Offices:
    """Calls the command as accounts of an installation, and adds up the time that it takes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.calls, self.seconds = 0, 0.0

    def call(self, *words: str | Path, acting_as: str = "", statuses: tuple[int, ...] = (0,)) -> str:
        """What the command prints. Raises RuntimeError where it ends with another status."""
        given = {"RELIEFSTREAM_LOCAL": str(self._root), "RELIEFSTREAM_ACT_AS": acting_as}
        started = time.perf_counter()
        done = subprocess.run(
            [Path(sys.executable).with_name("reliefstream"), *map(str, words)],
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            check=False,
        )
        self.calls, self.seconds = self.calls + 1, self.seconds + time.perf_counter() - started
        if done.returncode not in statuses:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def first(self, *query: str) -> list[dict[str, Any]]:
        """The first due of the queue."""
        told = self.call("review", "list", "--county", COUNTY, *query, "--json", acting_as=CLERK)
        found: list[dict[str, Any]] = json.loads(told)["reviews"][:HALF]
        return found


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as temporary, empty_installation("ten-reviews", as_of=AS_OF) as layout:
        folder, setting_up = Path(temporary), Offices(layout.root)
        setting_up.call("sample", "--scale", "1/200", "--seed", "7", "--out", folder)
        for form, file in (("doj", "doj.csv"), ("court", "court.jsonl")):
            setting_up.call("submit", "--county", COUNTY, "--format", form, folder / file, statuses=(0, 1))
        setting_up.call("settle", "--timeout", "600")
        print("| step | commands | seconds | seconds a review |\n|---|---|---|---|")
        _timed("five answered: list, show, answer", layout.root, _answer)
        _timed("five decided: list, show, decide, show, sign", layout.root, _decide)
        settling = Offices(layout.root)
        settling.call("settle", "--timeout", "600")
        print(f"| until all that follows has passed | 1 | {settling.seconds:.1f} | |")


def _answer(offices: Offices) -> None:
    for one in offices.first("--question", "conviction_date"):
        offices.call("review", "show", one["review_id"], acting_as=CLERK)
        words = ("--question", "conviction_date", "--value", "1994-05-06", "--basis", "docket, page 1")
        offices.call("review", "answer", one["review_id"], *words, acting_as=CLERK)


def _decide(offices: Offices) -> None:
    found = offices.first("--reason", "possible_plea_bargain")
    for one in found:
        offices.call("review", "show", one["review_id"], acting_as=PREPARER)
        words = ("--as", "petition", "--reason", "court_to_decide")
        offices.call("review", "decide", one["review_id"], *words, acting_as=PREPARER)
    for one in found:
        offices.call("review", "show", one["review_id"], acting_as=SIGNER)
        offices.call("review", "sign", one["review_id"], acting_as=SIGNER)


def _timed(what: str, root: Path, work: Any) -> None:
    offices = Offices(root)
    work(offices)
    print(f"| {what} | {offices.calls} | {offices.seconds:.1f} | {offices.seconds / HALF:.1f} |", flush=True)


if __name__ == "__main__":
    main()
