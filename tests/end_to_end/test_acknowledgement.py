"""What the court shows comes back as an ordinary record, and closes the loop."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.product import Product
from tests.harness.replay.streamed import CASE

pytestmark = pytest.mark.servers


def send(product: Product, folder: Path, case: dict[str, Any]) -> None:
    (folder / "case.jsonl").write_text(json.dumps(case) + "\n")
    done = product.run("submit", "--county", "los-angeles", "--format", "court", folder / "case.jsonl")
    assert done.returncode == 0, done.stdout + done.stderr
    assert product.run("settle", "--timeout", "600").returncode == 0


def relief(product: Product, folder: Path) -> dict[str, Any]:
    assert (
        product.run("export", "relief", "--out", folder / "relief.jsonl", acting_as="trial-signer").returncode
        == 0
    )
    lines = [json.loads(line) for line in (folder / "relief.jsonl").read_text().splitlines()]
    (found,) = (line for line in lines if line["case_number"] == CASE["case_number"])
    return dict(found)


def test_relief_is_ordered_then_acknowledged_by_the_court_that_shows_it(
    product: Product, tmp_path: Path
) -> None:
    send(product, tmp_path, CASE)
    assert relief(product, tmp_path)["state"] == "ordered"
    shown = {"kind": "hs_11361_8_dismissal", "relief_date": "2026-11-02", "order_number": "SO-1"}
    send(
        product, tmp_path, CASE | {"revision": 2, "charges": [CASE["charges"][0] | {"later_relief": [shown]}]}
    )
    found = relief(product, tmp_path)
    assert found["acknowledged_by_court_at"] and not found["acknowledged_by_doj_at"]
    assert not found["discrepancy_open"]


def test_a_determination_that_changes_after_the_order_opens_a_discrepancy_and_reverses_nothing(
    product: Product, tmp_path: Path
) -> None:
    changed = CASE | {"record_id": "loop-2", "case_number": "LOOP-0002"}
    send(product, tmp_path, changed)
    late = changed["charges"][0] | {"disposition_date": "2019-03-04"}
    send(product, tmp_path, changed | {"revision": 2, "charges": [late]})
    assert (
        product.run(
            "export", "relief", "--out", tmp_path / "relief.jsonl", acting_as="trial-signer"
        ).returncode
        == 0
    )
    lines = [json.loads(line) for line in (tmp_path / "relief.jsonl").read_text().splitlines()]
    (found,) = (line for line in lines if line["case_number"] == "LOOP-0002")
    assert found["state"] == "ordered"
    assert found["discrepancy_open"]
    looked_at = product.run("order", "differing", "--county", "los-angeles", acting_as="trial-signer")
    assert "HS 11358, case LOOP-0002" in looked_at.stdout, looked_at.stderr
    assert "determined now: " in looked_at.stdout
