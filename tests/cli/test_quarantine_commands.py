"""How the quarantine and dead-letters commands end when they are called wrongly, or are stopped."""

from typing import Any
from uuid import UUID

import pytest

from services.cli import main, quarantine
from services.cli.terminal.exit import Refused

WRONG = [
    ("quarantine list --county nowhere", "los-angeles"),
    ("quarantine resubmit --all --county nowhere", "los-angeles"),
    ("quarantine list --limit 0", ">= 1"),
    ("quarantine summary --state shut", '"all"'),
    ("dead-letters summary --county nowhere", "los-angeles"),
    ("dead-letters list --limit 0", ">= 1"),
    ("dead-letters list --state shut", '"all"'),
    ("export quarantine --out /dev/null.csv --state shut", '"all"'),
    ("export quarantine --out /dev/null.csv --county nowhere", "los-angeles"),
]


@pytest.mark.parametrize(("line", "told"), WRONG, ids=[line for line, _ in WRONG])
def test_a_wrong_call_is_told_what_there_is(line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(line.split()) == 2
    shown = capsys.readouterr()
    assert told in shown.out + shown.err


def test_discarding_what_is_no_entry_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [UUID(int=1), UUID(int=2), UUID(int=3)]
    monkeypatch.setattr(quarantine, "ask", lambda *_, **__: {"discarded": 1, "unknown": [str(ids[2])]})
    with pytest.raises(Refused, match=str(ids[2])):
        quarantine.discard(ids, why="w")
    assert capsys.readouterr().out == "1 discarded.\n1 were not open: nothing changed for them.\n"


def test_a_stopped_resubmit_tells_what_was_done_so_far(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies: list[dict[str, Any]] = []

    def answer(*_: str, body: dict[str, Any] | None = None, **__: Any) -> dict[str, Any]:
        if body is None:
            return {"states": [{"entries": 2}]}
        bodies.append(body)
        if len(bodies) == 2:
            raise KeyboardInterrupt
        return {"entries": [{"quarantine_id": "q", "outcome": "recorded", "problems": []}], "next": "more"}

    monkeypatch.setattr(quarantine, "ask", answer)
    with pytest.raises(KeyboardInterrupt):
        quarantine.resubmit(all_=True)
    assert bodies[0]["all"] is True
    shown = capsys.readouterr().out
    assert "1 tried: 1 recorded" in shown and "the same command goes on" in shown


def test_what_may_be_sealed_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    def answer(*path: str, body: dict[str, Any]) -> dict[str, Any]:
        asked.append((path, body))
        return {"quarantine_id": "q", "outcome": "recorded", "problems": []}

    monkeypatch.setattr(quarantine, "ask", answer)
    one = str(UUID(int=1))
    assert main.run(f"quarantine tell-apart {one} --as another-person --basis register".split()) == 0
    body = {"what": "another_person", "basis": "register"}
    assert asked == [(("ingest", "POST", f"/v1/quarantine/{one}/tell-apart"), body)]
    assert "1 recorded" in capsys.readouterr().out
