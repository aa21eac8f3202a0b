"""`reliefstream seal list` prints each dismissal once, page after page."""

from typing import Any

import pytest

from services.cli import seal
from services.cli.main import run


def a_dismissal(number: int) -> dict[str, Any]:
    return {
        "relief_id": f"00000000-0000-0000-0000-00000000000{number}", "stage": "person", "section": "HS 11357",
        "court": "Los Angeles", "case_number": f"BA{number}", "conviction_date": "2001-02-03", "subject_id": "s",
        "order_number": "SO-1", "ordered_on": "2026-11-02", "shown_by": ["court"], "told_on": None, "legal_hold": None,
        "discrepancies": [],
    }  # fmt: skip


def test_the_pages_follow_each_other_under_the_same_filter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = {None: ([a_dismissal(1), a_dismissal(2)], "after-2"), "after-2": ([a_dismissal(3)], None)}

    def ask(service: str, method: str, path: str, *, query: Any) -> Any:
        assert (service, method, path) == ("relief", "GET", "/v1/counties/los-angeles/seals/dismissals")
        assert query["stage"] == "person"
        found, following = pages[query["after"]]
        return {"dismissals": found, "next": following}

    monkeypatch.setattr(seal, "ask", ask)
    assert run(["seal", "list", "--county", "los-angeles", "--stage", "person"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [number for line in lines for number in "123" if f"BA{number}" in line] == ["1", "2", "3"]


def test_the_open_discrepancy_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = {"discrepancy_id": "00000000-0000-0000-0000-0000000000aa", "kind": "only_in_doj"}
    one = a_dismissal(1) | {"stage": "discrepancy", "discrepancies": [entry]}
    monkeypatch.setattr(seal, "ask", lambda *_, **__: {"dismissals": [one], "next": None})
    assert run(["seal", "list", "--county", "los-angeles"]) == 0
    told = f"waits with an open discrepancy, only_in_doj {entry['discrepancy_id']}\n"
    assert capsys.readouterr().out.endswith(told)


def test_where_no_dismissal_fits_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(seal, "ask", lambda *_, **__: {"dismissals": [], "next": None})
    assert run(["seal", "list", "--county", "los-angeles", "--case", "BA1"]) == 0
    assert capsys.readouterr().out.startswith("No dismissal")
    assert run(["seal", "list", "--county", "los-angeles", "--case", "BA1", "--json"]) == 0
    assert capsys.readouterr().out == ""
