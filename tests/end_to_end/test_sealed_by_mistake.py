"""A conviction is sealed, the seal was a mistake: the clerk takes it away, the court sends the case again, and relief
begins anew; by the command, on the real product."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.product import Product
from tests.harness.replay.streamed import CASE

pytestmark = pytest.mark.servers
COUNTY = ("--county", "los-angeles")
MISTAKEN = CASE | {
    "record_id": "mistake-1",
    "case_number": "MIST-0001",
    "defendant": {"source_subject_id": "MIST-P1", "surname": "Wrongly", "birth_date": "1971-03-04"},
}


def test_what_was_sealed_by_mistake_gets_a_new_relief_once_its_court_sends_it_again(
    product: Product, tmp_path: Path
) -> None:
    def clerk(*arguments: str) -> str:
        done = product.run(*arguments, acting_as="trial-clerk")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def send(case: dict[str, Any]) -> str:
        (tmp_path / "case.jsonl").write_text(json.dumps(case) + "\n")
        sent = product.run("submit", *COUNTY, "--format", "court", tmp_path / "case.jsonl")
        assert sent.returncode in (0, 1), sent.stdout + sent.stderr  # 1: a count was left out
        assert product.run("settle", "--timeout", "600").returncode == 0
        return sent.stdout

    def dismissals() -> list[str]:
        shown = clerk("seal", "list", *COUNTY, "--case", "MIST-0001", "--json")
        return [json.loads(line)["relief_id"] for line in shown.splitlines()]

    send(MISTAKEN)
    (relief,) = dismissals()
    clerk("seal", "now", relief, "--reason", "asked for at the counter")
    assert product.run("settle", "--timeout", "600").returncode == 0
    clerk("seal", "run", *COUNTY)
    assert "sealed_count_left_out" in send(MISTAKEN | {"revision": 2})
    assert dismissals() == [], "while it is sealed, it does not come back"

    assert clerk("seal", "find", *COUNTY, "--case", "mist 0001", "--section", "HS 11358").split() == [relief]
    clerk("seal", "remove", relief, "--reason", "the order was of another person")
    assert "No conviction" in clerk("seal", "find", *COUNTY, "--case", "MIST-0001")
    send(MISTAKEN | {"revision": 2})
    (anew,) = dismissals()
    assert anew != relief
