"""``reliefstream order outcomes``, ``differing`` and ``settle``, against answers as the relief service gives them."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.client import services
from services.cli.order import order
from services.cli.terminal.exit import Refused
from services.table_files import XLSX
from tests.cli.answering import Answering
from tests.console.differing import a_differing_order, ordered_twice

TABLE = "/v1/proposed-orders/los-angeles-1/outcomes/table"


def run(*words: str) -> Any:
    return order(list(words), result_action="return_value", exit_on_error=False)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """What was sent as a file; the answer keeps one of two lines."""
    found: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        found.append(request)
        if b"lost" in request.content:
            return httpx.Response(422, json={"detail": "Nothing was kept. Row 2."})
        return httpx.Response(200, json={"told": 2, "not_taken": [9], "outcomes": {"not_found": 1}})

    monkeypatch.setattr(services, "addresses", lambda: Answering(answer))
    return found


@pytest.mark.parametrize(("name", "kind"), [("list.csv", "text/csv"), ("LIST.XLSX", XLSX)])
def test_a_file_of_outcomes_is_sent_as_it_is_and_the_lines_that_are_not_on_it_are_named(
    sent: list[httpx.Request], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b"line,outcome\n1,not found\n9,done\n")
    assert run("outcomes", str(file), "--order", "los-angeles-1") == 1
    (request,) = sent
    assert (request.url.path, request.headers["content-type"]) == (TABLE, kind)
    assert request.content == file.read_bytes()
    said = capsys.readouterr().out
    assert "1 line kept on los-angeles-1." in said
    assert "not found: 1" in said
    assert "1 line not on it, or not ordered: 9" in said


def test_rows_that_are_wrong_are_told_in_the_services_words(
    sent: list[httpx.Request], tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("1,lost\n")
    with pytest.raises(Refused, match=r"Nothing was kept\. Row 2\."):
        run("outcomes", str(file), "--order", "los-angeles-1")


def test_orders_to_look_at_say_what_is_found_now_whose_they_are_and_how_to_settle(service, capsys) -> None:
    place = "/v1/counties/los-angeles/differing-orders"
    found = {"number": 2, "orders": [a_differing_order(1), ordered_twice(2)], "next": None}
    one = found["orders"][0]["relief_id"]
    asked = service({f"GET {place}": found, f"POST {place}/{one}/settle": {"done": True}})
    run("differing", "--county", "los-angeles")
    said = capsys.readouterr().out
    assert "2 orders to look at in los-angeles." in said
    assert "determined now: not_eligible (super_strike_prior); the district attorney's" in said
    assert "two orders on one conviction" in said
    assert "the other order: SO-1, A. Reyes, 2026-11-01" in said
    run("settle", one, "--county", "los-angeles", "--version", "1", "--reason", "The record was corrected.")
    assert asked[-1] == (f"POST {place}/{one}/settle", {"version": 1, "reason": "The record was corrected."})
    assert "settled" in capsys.readouterr().out
