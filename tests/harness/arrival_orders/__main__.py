"""``make arrival-orders``: the two waves in three orders, and what differs in the end.

DOJ's file first and the court's after; both mixed, with two replicas of reconciliation, eligibility and relief
of which one each is killed half way; all backwards. Offices state facts at the end, half way and before the first
record, and decide what waits half way and in the end. Each is an installation of its own, begun empty. The same
subjects, determinations and discrepancies must stand in the end, ids, versions and times aside; where relief
differs, an open discrepancy must say why.
"""

import argparse
import logging
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from services.cli.evaluate import evaluate
from services.cli.file_options import FileOptions
from services.cli.sample import sample
from services.ingest.core.message_headers import headers_of
from tests.harness.arrival_orders import trial
from tests.harness.arrival_orders.differences import difference
from tests.harness.arrival_orders.holdings import Held, relieved
from tests.harness.arrival_orders.orders import ORDERS, STATED_AFTER, doj_first
from tests.harness.faults.observation import Sent
from tests.harness.faults.stating import Stated, statements
from tests.harness.installation import empty_installation


def main() -> int:
    """0 when every order ended the same."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--scale", default="1/20", help="1 is 124,000 convictions (default 1/20)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    ends: dict[str, Held] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sample(county=trial.COUNTY, scale=asked.scale, seed=asked.seed, out=folder)
        said = stated(folder)
        print(
            "| order | messages | seconds | subjects | determinations | convictions relieved | ordered twice |"
        )
        print("|---|---|---|---|---|---|---|")
        for name, order in ORDERS.items():
            with empty_installation("arrival-orders", as_of=trial.AS_OF) as layout:
                out = folder / f"{name}.csv"
                end, messages, took = trial.run(
                    layout,
                    order(folder, asked.seed),
                    said,
                    out,
                    after=STATED_AFTER[name],
                    doubled=name == "mixed",
                )
            orders = relieved(end)
            twice = sum(number > 1 for number in orders.values())
            print(
                f"| {name} | {messages:,} | {took:,.0f} | {len(end.subjects):,} | {len(end.determinations):,} "
                f"| {len(orders):,} | {twice:,} |",
                flush=True,
            )
            ends[name] = end
        same = compare(ends)
        return 0 if as_in_one_batch(folder, [f"{name}.csv" for name in ends]) and same else 1


def stated(folder: Path) -> list[Stated]:
    """What offices state of the court's first cases, the same in every order."""
    court = [message for form, message in doj_first(folder, 0) if form == "court"]
    sent = [
        Sent(
            trial.COUNTY,
            m.key,
            tuple((name, text.encode()) for name, text in headers_of(m.metadata).items()),
            m.value,
        )
        for m in court
    ]
    return statements(sent, trial.AS_OF)


def as_in_one_batch(folder: Path, streamed: list[str]) -> bool:
    """Whether the law offline, on the two files at once, writes the same determinations, byte for byte."""
    offline = folder / "offline"
    with redirect_stdout(StringIO()):
        evaluate(
            folder / "doj.csv", folder / "court.jsonl", county=trial.COUNTY, policy="los-angeles-2021",
            as_of=trial.AS_OF, out=offline,
            reading=FileOptions(statements=folder / "doj first.statements.jsonl"),
        )  # fmt: skip
    wanted = (offline / "determinations.csv").read_bytes()
    unlike = [name for name in streamed if (folder / name).read_bytes() != wanted]
    print(
        f"One batch without any server (evaluate): {len(unlike) or 'none'} of {len(streamed)} differ from it."
    )
    return not unlike


def compare(ends: dict[str, Held]) -> bool:
    """Prints what differs from the first order; True when nothing does that no open discrepancy explains."""
    first, *others = ends
    print(
        "\n| against | subjects | determinations | discrepancies | relief | of it without a discrepancy | decisions |"
    )
    print("|---|---|---|---|---|---|---|")
    same = True
    for name in others:
        found = difference(ends[first], ends[name])
        same = same and found.none_matters
        print(
            f"| {first} / {name} | {found.subjects} | {found.determinations} | {found.discrepancies} "
            f"| {found.relief} | {found.unexplained} | {found.decisions} |"
        )
    print("\nThe same end in every order." if same else "\nNOT the same end in every order.")
    return same


if __name__ == "__main__":
    sys.exit(main())
