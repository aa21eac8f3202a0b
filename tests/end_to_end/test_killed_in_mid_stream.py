"""Whatever is killed while records stream, the end is that of an undisturbed run.

The undisturbed run is the law offline (``evaluate``), and the sample's truth.
"""

import json
from collections import Counter
from pathlib import Path

import httpx
import pytest

from deploy.local.addresses import read
from services import SERVICES
from tests.end_to_end.conftest import Streamed
from tests.harness.product import AS_OF, Product, Sample

pytestmark = pytest.mark.servers


def test_every_unit_was_answered_once(streamed: Streamed, sample: Sample) -> None:
    counts = streamed.counts["ingest"]["counties"]["los-angeles"]
    wanted = [sample.truth[file] for file in ("doj.csv", "court.jsonl")]
    assert counts["received"] == counts["recorded"] + counts["repeats"] + counts["quarantined"]
    assert counts["recorded"] == sum(each["recorded"] for each in wanted)
    assert counts["quarantined"] == sum(each["quarantined"] for each in wanted)


def test_streaming_and_the_law_offline_give_the_same_bytes(
    product: Product, streamed: Streamed, sample: Sample, tmp_path: Path
) -> None:
    offline = product.run(
        "evaluate", "--county", "los-angeles", "--policy", "los-angeles-2021", "--as-of", AS_OF.isoformat(),
        "--out", tmp_path, sample.doj, sample.court,
    )  # fmt: skip
    assert offline.returncode == 1, "the sample has bad rows, and evaluate says so"
    assert (streamed.exports / "determinations.csv").read_bytes() == (
        tmp_path / "determinations.csv"
    ).read_bytes()


def test_each_conviction_due_is_relieved_and_no_other(streamed: Streamed, sample: Sample) -> None:
    relief = streamed.lines("relief")
    assert {each["state"] for each in relief} == {"ordered"}
    relieved = {count for each in relief for count in each["counts"]}
    due = [d for d in streamed.lines("determinations") if relieved & set(d["counts"])]
    assert len(due) == sample.truth["relief"]["convictions"]
    assert {d["outcome"] for d in due} == {"dismissal"}
    dismissals = Counter(each["dismissal_id"] for each in streamed.lines("dismissals"))
    assert set(dismissals) == {each["relief_id"] for each in relief}
    assert set(dismissals.values()) == {1}


def test_the_balance_of_dojs_list_is_the_samples_truth(streamed: Streamed, sample: Sample) -> None:
    found = {name: streamed.balance[name] for name in ("listed", "parts")}
    assert found == sample.truth["doj_list"]


def test_nothing_became_a_dead_letter(streamed: Streamed, product: Product) -> None:

    assert streamed.counts
    urls = read(product.layout.root).http
    for service in SERVICES:
        assert httpx.get(f"{urls[service]}/status").json()["dead_letters"] == 0, service


def test_sending_the_same_file_again_changes_nothing_and_says_so(product: Product, sample: Sample) -> None:
    before = json.loads(product.run("counts").stdout)
    again = product.run("submit", "--county", "los-angeles", "--format", "doj", sample.doj)
    assert f"repeats {sample.truth['doj.csv']['units']}" in again.stdout
    assert product.run("settle", "--timeout", "600").returncode == 0
    after = json.loads(product.run("counts").stdout)
    assert after["ingest"] != before["ingest"]
    assert {s: after[s] for s in after if s != "ingest"} == {s: before[s] for s in before if s != "ingest"}
