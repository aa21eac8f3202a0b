"""``reliefstream defender``, against answers as relief and reconciliation give them."""

from collections.abc import Callable
from typing import Any

import pytest

from services.cli.defender import defender
from tests.cli.answering import Asked

ID = "5b0f3c1e-6f4f-5a0e-9a7e-1d2c3b4a5f60"
AT = "2026-11-22T17:00:00+00:00"
CHALLENGES = "/v1/counties/los-angeles/challenges"
RELIEF: dict[str, Any] = {
    "relief_id": ID, "kind": "dismissal", "conviction": {"case_number": "BA1", "section": "HS 11359"},
    "challenge": {"at": AT, "reason_code": "identity", "ruling": None},
}  # fmt: skip
SHOWN = {
    "relief": RELIEF, "answers": [{"at": AT, "account": "person-1", "text": "Another man."}],
    "contacts": [{"at": AT, "account": "person-1", "how": "letter", "outcome": "not_reached", "note": "moved"}],
    "handed_over": None,
}  # fmt: skip


def run(*words: str) -> None:
    defender([*words, "--county", "los-angeles"], result_action="return_value", exit_on_error=False)


def test_the_list_says_what_is_answered(
    service: Callable[[dict[str, Any]], Asked], capsys: pytest.CaptureFixture[str]
) -> None:
    listed = RELIEF | {"answered_at": None, "handed_over_at": AT}
    service({f"GET {CHALLENGES}": {"reliefs": [listed], "next": ID}})
    run("list")
    told = capsys.readouterr().out
    for said in (
        ID,
        "case BA1, HS 11359",
        "identity",
        "not answered, handed over 2026-11-22",
        f"--after {ID}",
    ):
        assert said in told


@pytest.mark.parametrize(
    ("words", "path", "sent"),
    [
        (("answer", ID, "--text", "Another man."), "/answer", {"text": "Another man."}),
        (
            ("contact", ID, "--how", "letter", "--outcome", "reached"),
            "/contacts",
            {"how": "letter", "outcome": "reached", "note": None},
        ),
        (("hand-over", ID, "--note", "n"), "/hand-over", {"to_account": None, "note": "n"}),
    ],
)
def test_each_act_goes_to_its_own_path(
    service: Callable[[dict[str, Any]], Asked], words: tuple[str, ...], path: str, sent: dict[str, Any]
) -> None:
    called = f"POST {CHALLENGES}/{ID}{path}"
    asked = service({called: SHOWN})
    run(*words)
    assert asked == [(called, sent)]


def test_a_challenge_is_shown_with_answers_and_contacts(
    service: Callable[[dict[str, Any]], Asked], capsys: pytest.CaptureFixture[str]
) -> None:
    service({f"GET {CHALLENGES}/{ID}": SHOWN})
    run("show", ID)
    told = capsys.readouterr().out
    assert "answered by person-1: Another man." in told
    assert "letter, not reached: moved" in told


def test_a_client_who_asks_is_looked_up_with_the_reason(
    service: Callable[[dict[str, Any]], Asked], capsys: pytest.CaptureFixture[str]
) -> None:
    on_record = [
        {"case_number": "BA1", "section": "HS 11359", "stage": "proposed", "text": "Relief is proposed."}
    ]
    called = "POST /v1/counties/los-angeles/clients"
    asked = service({called: {"answer": "found", "text": "On record.", "convictions": on_record}})
    run(
        "client",
        "--surname",
        "Reyes",
        "--given-name",
        "Alma",
        "--born",
        "1975-03-02",
        "--reason",
        "she asked",
    )
    assert (asked[0][1]["birth_date"], asked[0][1]["reason"]) == ("1975-03-02", "she asked")
    assert "case BA1, HS 11359: Relief is proposed." in capsys.readouterr().out
