"""How quarantine tells that the same was sent more than once."""

from typing import Any

import pytest

from services.cli.printed.quarantine_entries import listed, print_summary, whole

ENTRY: dict[str, Any] = {
    "quarantine_id": "q",
    "state": "open",
    "county": "yolo",
    "kind": "record",
    "format": "court",
    "profile": "",
    "day": "2026-11-20",
    "record_id": "r1",
    "revision": 1,
    "quarantined_at": "2026-11-20T20:00:00+00:00",
    "receipt_id": "the first",
    "sent": 3,
    "last_sent_at": "2026-11-22T20:00:00+00:00",
    "headers": {},
    "file_sha256": "",
    "problems": [],
    "history": [{"at": "2026-11-21", "outcome": "opened again", "receipt_id": "r", "was": "discarded"}],
    "raw": "{}",
}


def test_an_entry_tells_how_often_it_was_sent_and_when_last() -> None:
    assert "2026-11-20, sent 3 times" in "\n".join(listed(ENTRY))
    shown = "\n".join(whole(ENTRY))
    assert "came       2026-11-20T20:00:00+00:00, receipt the first" in shown
    assert "sent       3 times, last on 2026-11-22T20:00:00+00:00" in shown
    assert "opened again, was discarded, receipt r" in shown


def test_what_was_sent_once_says_no_more_of_it() -> None:
    once = ENTRY | {"sent": 1}
    assert "sent" not in "\n".join(listed(once)) and "times" not in "\n".join(whole(once))


def test_a_summary_counts_entries_and_how_often_they_were_sent(capsys: pytest.CaptureFixture[str]) -> None:
    state = {"state": "open", "county": "yolo", "entries": 1000, "sent": 3000, "oldest_age_seconds": 60}
    print_summary({"states": [state], "reasons": [], "days": []})
    told = capsys.readouterr().out
    assert "times sent" in told and "1,000" in told and "3,000" in told
