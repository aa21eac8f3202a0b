"""What became of a file, as a person reads it: what a court ordered sealed is left out, and is no refusal."""

from pathlib import Path
from typing import Any

from services.cli.submission.report import report
from services.cli.submission.submission import Outcome


def said(status: str, code: str) -> tuple[int, str]:
    problem: dict[str, Any] = {
        "code": code,
        "what": "w",
        "remedy": "r",
        "row": None,
        "line": None,
        "where": "record",
    }
    outcome = Outcome()
    outcome.add({"status": status, "unit": 1, "problems": [problem]})
    return outcome.refused, report(Path("f.jsonl"), "los-angeles", outcome)


def test_a_sealed_conviction_that_is_left_out_is_told_and_is_no_refusal() -> None:
    for status in ("recorded", "repeat"):
        refused, text = said(status, "sealed_count_left_out")
        assert refused == 0
        assert "1 x sealed_count_left_out" in text
        assert "refused" not in text
        assert "quarantine list" not in text, "nothing of it is there"


def test_a_row_that_is_refused_is_told_of_the_recorded_or_of_the_repeats() -> None:
    assert "Of the recorded, 1 had rows that were refused" in said("recorded", "column_count")[1]
    refused, text = said("repeat", "column_count")
    assert refused == 1
    assert "Of the repeats, 1 had rows that were refused:\n  1 x column_count" in text
    assert "quarantine list" in text
