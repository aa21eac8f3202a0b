"""What ``reliefstream subject link`` sends, and what it refuses."""

from typing import Any

import pytest

from services.cli import subject
from services.cli.terminal.exit import WrongUsage

SIDES = ("court/los-angeles/C1", "doj/los-angeles/R1")


def test_a_decision_goes_to_reconciliation_with_who_and_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: list[Any] = []

    def ask(service: str, method: str, path: str, *, body: dict[str, Any]) -> dict[str, list[str]]:
        sent.append((service, method, path, body))
        return {"subjects": ["one"]}

    monkeypatch.setattr(subject, "ask", ask)
    subject.link(*SIDES, same=True, reason="fingerprints")
    body = {"one": SIDES[0], "other": SIDES[1], "same": True, "reason": "fingerprints"}
    assert sent == [("reconciliation", "POST", "/v1/link-decisions", body)]
    assert "one subject now: one" in capsys.readouterr().out


@pytest.mark.parametrize("said", [{}, {"same": True, "apart": True}])
def test_one_of_same_and_apart_must_be_said(said: dict[str, bool]) -> None:
    with pytest.raises(WrongUsage):
        subject.link(*SIDES, **said, reason="fingerprints")
