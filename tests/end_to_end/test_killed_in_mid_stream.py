"""Whatever is killed while records stream, the end is that of an undisturbed run.

The undisturbed run is the law offline (``evaluate``), and the sample's truth.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.conftest import AS_OF, Product, Sample

pytestmark = pytest.mark.servers
VICTIMS = (
    "ingest",
    "reconciliation",
    "eligibility",
    "relief",
    "notification",
    "kafka",
    "postgres",
    "supervisor",
)
SEED = 64


@pytest.fixture(scope="module")
def streamed(product: Product, sample: Sample) -> Product:
    """Both files streamed under a standing order, each process killed once on the way."""
    entered = product.run(
        "order", "standing", "--county", "los-angeles", "--number", "SO-1", "--judge", "A. Judge",
        "--on", "2021-09-27", "--scope", "HS 11361.8",
    )  # fmt: skip
    assert entered.returncode == 0, entered.stderr
    victims = random.Random(SEED).sample(VICTIMS, len(VICTIMS))
    print(f"killed in this order (seed {SEED}): {victims}")
    for form, file in (("doj", sample.doj), ("court", sample.court)):
        half, victims = victims[:4], victims[4:]
        submit_while_killing(product, form, file, half)
    settled = product.run("settle", "--timeout", "120")
    assert settled.returncode == 0, settled.stderr + settled.stdout
    return product


def submit_while_killing(product: Product, form: str, file: Path, victims: list[str]) -> None:
    command = [
        sys.executable,
        "-m",
        "services.cli.main",
        "submit",
        "--county",
        "los-angeles",
        "--format",
        form,
    ]
    environment = {**os.environ, "RELIEFSTREAM_LOCAL": str(product.layout.root)}

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*command, str(file)], env=environment, stdout=subprocess.DEVNULL)

    submitting = start()
    for victim in victims:
        time.sleep(1.5)
        os.kill(product.pids()[victim], signal.SIGKILL)
        product.up()
    for _ in range(5):
        if submitting.wait(120) in (0, 1):
            return
        product.up()
        submitting = start()  # goes on where it stopped
    raise AssertionError("submit did not come through")


def test_every_unit_was_answered_once(streamed: Product, sample: Sample) -> None:
    counts = json.loads(streamed.run("counts").stdout)["ingest"]["counties"]["los-angeles"]
    wanted = [sample.truth[file] for file in ("doj.csv", "court.jsonl")]
    assert counts["received"] == counts["recorded"] + counts["repeats"] + counts["quarantined"]
    assert counts["recorded"] == sum(each["recorded"] for each in wanted)
    assert counts["quarantined"] == sum(each["quarantined"] for each in wanted)


def test_streaming_and_the_law_offline_give_the_same_bytes(
    streamed: Product, sample: Sample, tmp_path: Path
) -> None:
    exported = tmp_path / "exported.csv"
    done = streamed.run("export", "determinations", "--as-of", AS_OF.isoformat(), "--out", exported)
    assert done.returncode == 0, done.stderr
    offline = streamed.run(
        "evaluate", "--county", "los-angeles", "--policy", "los-angeles-2021", "--as-of", AS_OF.isoformat(),
        "--out", tmp_path / "offline", sample.doj, sample.court,
    )  # fmt: skip
    assert offline.returncode == 1, "the sample has bad rows, and evaluate says so"
    assert exported.read_bytes() == (tmp_path / "offline" / "determinations.csv").read_bytes()


def test_each_conviction_due_is_relieved_and_no_other(
    streamed: Product, sample: Sample, tmp_path: Path
) -> None:
    for what in ("relief", "determinations", "dismissals"):
        assert streamed.run("export", what, "--out", tmp_path / f"{what}.jsonl").returncode == 0
    relief, determinations, dismissals = (
        [json.loads(line) for line in (tmp_path / f"{what}.jsonl").read_text().splitlines()]
        for what in ("relief", "determinations", "dismissals")
    )
    assert {r["state"] for r in relief} == {"ordered"}
    relieved = {count for each in relief for count in each["counts"]}
    due = [d for d in determinations if relieved & set(d["counts"])]
    assert len(due) == sample.truth["relief"]["convictions"]
    assert {d["outcome"] for d in due} == {"dismissal"}
    ids = Counter(each["dismissal_id"] for each in dismissals)
    assert set(ids) == {each["relief_id"] for each in relief}
    assert set(ids.values()) == {1}


def test_sending_the_same_files_again_changes_nothing_and_says_so(streamed: Product, sample: Sample) -> None:
    before = json.loads(streamed.run("counts").stdout)
    again = streamed.run("submit", "--county", "los-angeles", "--format", "doj", sample.doj)
    assert f"repeats {sample.truth['doj.csv']['units']}" in again.stdout
    assert streamed.run("settle", "--timeout", "60").returncode == 0
    after = json.loads(streamed.run("counts").stdout)
    assert after["ingest"] != before["ingest"]
    assert {s: after[s] for s in after if s != "ingest"} == {s: before[s] for s in before if s != "ingest"}
