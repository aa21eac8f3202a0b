"""``reliefstream order``, against answers as the relief service gives them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.client import services as module
from services.cli.order import order
from services.cli.terminal.exit import Ending, Refused, ServerMissing, WrongUsage
from tests.cli.answering import Answering

RELIEF = "5b0f3c1e-6f4f-5a0e-9a7e-1d2c3b4a5f60"
LINES = [
    {
        "line": 1,
        "case_number": "0BA-12,34",
        "county": "los-angeles",
        "court": None,
        "code_section": "HS 11359",
        "level": "felony",
        "conviction_date": "1998-04-02",
        "relief": "dismissal",
        "redesignated_to": None,
        "counts": ["court/los-angeles/c1/1", "doj/los-angeles/d1/1"],
        "relief_id": RELIEF,
        "result": None,
    },
    {
        "line": 2,
        "case_number": None,
        "county": "los-angeles",
        "court": None,
        "code_section": "HS 11357",
        "level": None,
        "conviction_date": None,
        "relief": "dismissal",
        "redesignated_to": None,
        "counts": ["court/los-angeles/c1/1", "doj/los-angeles/d1/1"],
        "relief_id": RELIEF,
        "result": None,
    },
]
DIGEST = "d" * 64
Answers = dict[tuple[str, str], tuple[int, Any]]
Asked = list[tuple[str, str, Any]]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Answers], Asked]:
    """Answers by method and path; returns what was asked."""
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path / "local"))

    def answering(answers: Answers) -> Asked:
        asked: Asked = []

        def answer(request: httpx.Request) -> httpx.Response:
            body = json.loads(request.content) if request.content else None
            asked.append((request.method, request.url.path, body))
            status, content = answers[request.method, request.url.path]
            return httpx.Response(status, json=content)

        monkeypatch.setattr(module, "addresses", lambda: Answering(answer))
        return asked

    return answering


def run(*words: str) -> None:
    order(list(words), result_action="return_value", exit_on_error=False)


def test_the_attachment_has_the_case_number_exactly_and_no_name(service, tmp_path: Path, capsys) -> None:
    proposed = {"proposed_order_id": "los-angeles-1"}
    service(
        {
            ("POST", "/v1/counties/los-angeles/proposed-orders"): (
                201,
                {"proposed_order": proposed, "lines": LINES},
            )
        }
    )
    out = tmp_path / "list.csv"
    run("propose", "--county", "los-angeles", "--out", str(out))
    rows = list(csv.DictReader(out.open(newline="")))
    assert rows[0]["case_number"] == "0BA-12,34"
    assert list(rows[0]) == [
        "case_number",
        "county",
        "court",
        "code_section",
        "level",
        "conviction_date",
        "relief",
        "redesignated_to",
        "counts",
        "relief_id",
        "line",
    ]
    assert rows[0]["counts"] == "court/los-angeles/c1/1 doj/los-angeles/d1/1"
    said = capsys.readouterr().out
    assert "los-angeles-1: 2 lines" in said
    assert "1 line at the end without a case number" in said


def test_nothing_waiting_is_said_in_plain_words(service, tmp_path: Path, capsys) -> None:
    service({("POST", "/v1/counties/fresno/proposed-orders"): (200, {"proposed_order": None, "lines": []})})
    run("propose", "--county", "fresno", "--out", str(tmp_path / "list.csv"))
    assert capsys.readouterr().out == "Nothing waits for an order in fresno.\n"
    assert not (tmp_path / "list.csv").exists()


def test_an_order_is_entered_with_its_exceptions(service, tmp_path: Path, capsys) -> None:
    lines = [{"line": 1, "result": "unconfirmed"}, {"line": 2, "result": "excepted"}]
    answer = {
        "proposed_order": {"state": "waiting"},
        "results": {"unconfirmed": 1, "excepted": 1},
        "lines": lines,
    }
    asked = service({("POST", "/v1/proposed-orders/fresno-1/enter"): (200, answer)})
    left_out = tmp_path / "except.txt"
    left_out.write_text("\ufeffF-1\n\n  F-2  \n", encoding="utf-8")
    words = [
        "--county",
        "fresno",
        "--order",
        "fresno-1",
        "--number",
        "B7",
        "--judge",
        "M. O.",
        "--on",
        "2026-11-20",
    ]
    run("enter", *words, "--except", str(left_out))
    assert asked[0][2] == {
        "order_number": "B7",
        "judge": "M. O.",
        "on": "2026-11-20",
        "except": ["F-1", "F-2"],
    }
    said = capsys.readouterr().out
    assert "1 waiting for the confirmation" in said
    assert "not ordered: line" not in said
    assert "reliefstream order confirm B7 --county fresno" in said


def entered_in_fresno(**standing: Any) -> Answers:
    """A standing order, and an order on a list, both numbered B7, and a list without one."""
    order = {"number": "B7", "judge": "M. O.", "on": "2026-11-20"}
    entered = {"entered_by": "clerk-1", "entered_at": "2026-11-20T09:30:00Z", "digest": DIGEST}
    facts = {
        **order,
        **entered,
        "scope": "all",
        "covers_decisions": False,
        "ended_at": None,
        "confirmed_at": None,
    }
    lists = [
        {"proposed_order_id": "fresno-2", "state": "open", "court_order": None},
        {
            "proposed_order_id": "fresno-1",
            "state": "waiting",
            "court_order": order,
            "excepted": [3, 5],
            **entered,
        },
    ]
    return {
        ("GET", "/v1/counties/fresno/standing-orders"): (200, {"standing_orders": [{**facts, **standing}]}),
        ("GET", "/v1/counties/fresno/proposed-orders"): (200, {"proposed_orders": lists}),
    }


def test_what_waits_for_another_clerk_is_listed_exactly_as_it_was_entered(service, capsys) -> None:
    service(entered_in_fresno(confirmed_at="2026-11-21T10:00:00Z"))
    run("list", "--county", "fresno")
    assert capsys.readouterr().out.splitlines() == [
        "confirmed  standing order B7",
        "    M. O., 2026-11-20; entered by clerk-1 at 2026-11-20T09:30",
        "    scope: all (decisions not covered)",
        "waiting  order B7 on fresno-1",
        "    M. O., 2026-11-20; entered by clerk-1 at 2026-11-20T09:30",
        "    lines that the court left out: 3, 5",
    ]


def test_another_clerk_confirms_an_order_by_its_number(service, capsys) -> None:
    lines = [{"line": 2, "result": "challenged"}]
    told = {"results": {"ordered": 1, "challenged": 1}, "lines": lines}
    asked = service(
        {
            **entered_in_fresno(confirmed_at="2026-11-21T10:00:00Z"),
            ("POST", "/v1/proposed-orders/fresno-1/confirm"): (200, told),
        }
    )
    run("list", "--county", "fresno")
    run("confirm", "B7", "--county", "fresno")
    assert [each for each in asked if each[0] == "POST"] == [
        ("POST", "/v1/proposed-orders/fresno-1/confirm", {"number": "B7", "digest": DIGEST})
    ]
    said = capsys.readouterr().out
    assert "1 ordered" in said
    assert "not ordered: line 2" in said


def test_an_order_that_was_not_looked_at_is_not_confirmed(service) -> None:
    asked = service(entered_in_fresno(confirmed_at="2026-11-21T10:00:00Z"))
    with pytest.raises(WrongUsage, match="Look at it first: reliefstream order list --county fresno"):
        run("confirm", "B7", "--county", "fresno")
    assert not any(method == "POST" for method, *_ in asked)


def test_who_entered_an_order_is_told_that_another_confirms_it(service) -> None:
    problem = {"detail": "You entered it: another clerk of the county confirms it.", "status": 409}
    service(
        {
            **entered_in_fresno(ended_at="2026-11-21T10:00:00Z"),
            ("POST", "/v1/proposed-orders/fresno-1/confirm"): (409, problem),
        }
    )
    run("list", "--county", "fresno")
    with pytest.raises(Refused, match="another clerk of the county confirms it"):
        run("confirm", "B7", "--county", "fresno")


def test_a_number_that_nobody_entered_is_neither_confirmed_nor_discarded(service) -> None:
    service(entered_in_fresno())
    for verb in ("confirm", "discard-entry"):
        with pytest.raises(Refused, match="No order B8 waits in fresno: reliefstream order list"):
            run(verb, "B8", "--county", "fresno")


def test_what_was_entered_wrongly_is_discarded(service, capsys) -> None:
    asked = service(
        {
            **entered_in_fresno(),
            ("POST", "/v1/counties/fresno/standing-orders/discard"): (200, {}),
            ("POST", "/v1/proposed-orders/fresno-1/discard-entry"): (200, {}),
        }
    )
    run("discard-entry", "B7", "--county", "fresno")
    assert [body for method, _, body in asked if method == "POST"] == [{"number": "B7"}] * 2
    assert "Discarded: standing order B7" in capsys.readouterr().out


def test_an_order_of_another_county_is_wrong_usage(service) -> None:
    service({})
    with pytest.raises(WrongUsage, match="fresno-1 is no proposed order of los-angeles"):
        run(
            *("enter", "--county", "los-angeles", "--order", "fresno-1"),
            *("--number", "1", "--judge", "J", "--on", "2026-01-01"),
        )


def test_a_challenge_by_count_finds_the_relief(service, capsys) -> None:
    found = {"reliefs": [{"relief_id": RELIEF}]}
    asked = service(
        {
            ("GET", "/v1/reliefs"): (200, found),
            ("POST", f"/v1/reliefs/{RELIEF}/challenge"): (200, {"state": "challenged", "warning": None}),
        }
    )
    run("challenge", "--count", "court/fresno/c1/1", "--reason", "identity")
    assert asked[1][2] == {"reason_code": "identity", "still_serving": False}
    out = capsys.readouterr().out
    assert "is challenged" in out
    assert "Warning" not in out


def test_a_late_challenge_shows_the_warning(service, capsys) -> None:
    late = {"state": "challenged", "warning": "The prosecution had until 2020-07-01 (reading I-66)."}
    service({("POST", f"/v1/reliefs/{RELIEF}/challenge"): (200, late)})
    run("challenge", RELIEF, "--reason", "identity")
    out = capsys.readouterr().out
    assert "is challenged" in out
    assert "Warning: The prosecution had until 2020-07-01 (reading I-66).\n" in out


def test_a_case_lists_the_reliefs_of_all_defendants_with_their_counts(service, capsys) -> None:
    known = {"county": "fresno", "section": "HS 11359", "counts": ["court/fresno/c1/1", "doj/fresno/d1/1"]}
    service(
        {
            ("GET", "/v1/reliefs"): (
                200,
                {"reliefs": [{"relief_id": RELIEF, "state": "proposed", "conviction": known}]},
            )
        }
    )
    run("find", "--case", "BA1")
    assert capsys.readouterr().out == (
        f"{RELIEF}  fresno  HS 11359  proposed\n  court/fresno/c1/1, doj/fresno/d1/1\n"
    )


def test_a_count_without_relief_is_refused(service) -> None:
    service({("GET", "/v1/reliefs"): (200, {"reliefs": []})})
    with pytest.raises(Refused, match="No relief on this count"):
        run("acknowledge", "--count", "court/fresno/c9/1", "--by", "doj")


@pytest.mark.parametrize("words", [[], [RELIEF, "--count", "court/fresno/c1/1"]])
def test_a_relief_is_named_in_exactly_one_way(service, words: list[str]) -> None:
    service({})
    with pytest.raises(WrongUsage, match="either the relief's id or --count"):
        run("resolve", *words, "--outcome", "overruled")


def test_the_result_of_a_challenge_has_both_names(service, capsys) -> None:
    asked = service({("POST", f"/v1/reliefs/{RELIEF}/challenge/resolve"): (200, {"state": "ordered"})})
    run("challenge-result", RELIEF, "--outcome", "overruled")
    run("resolve", RELIEF, "--outcome", "overruled")
    assert asked[0] == asked[1]
    assert "the relief is now ordered" in capsys.readouterr().out


def test_a_refusal_is_told_in_the_services_words(service) -> None:
    problem = {"detail": "This relief cannot be acknowledged: it is proposed.", "status": 409}
    service({("POST", f"/v1/reliefs/{RELIEF}/acknowledge"): (409, problem)})
    with pytest.raises(Refused, match="it is proposed"):
        run("acknowledge", RELIEF, "--by", "court")


def test_a_standing_order_needs_all_its_facts(service) -> None:
    service({})
    with pytest.raises(WrongUsage, match="--judge, --on, --scope"):
        run("standing", "--county", "fresno", "--number", "S1")


def test_a_standing_order_is_entered_and_waits_for_another_clerk(service, capsys) -> None:
    service({("POST", "/v1/counties/fresno/standing-orders"): (201, {"confirmed_at": None})})
    run(
        *("standing", "--county", "fresno", "--number", "S 1", "--judge", "J"),
        *("--on", "2026-01-05", "--scope", "all unchallenged"),
    )
    said = capsys.readouterr().out
    assert "is entered" in said
    assert "reliefstream order confirm 'S 1' --county fresno" in said


@pytest.mark.parametrize(
    ("mode", "told"), [("batch", "it has no effect"), ("standing", "3 proposals that waited will be ordered")]
)
def test_a_confirmed_standing_order_says_what_it_does(service, capsys, mode: str, told: str) -> None:
    answers = entered_in_fresno()
    answers["GET", "/v1/counties/fresno/proposed-orders"] = (200, {"proposed_orders": []})
    confirmed = {"order_mode": mode, "waiting": 3}
    service({**answers, ("POST", "/v1/counties/fresno/standing-orders/confirm"): (200, confirmed)})
    run("list", "--county", "fresno")
    run("confirm", "B7", "--county", "fresno")
    assert told in capsys.readouterr().out


def test_a_standing_order_says_whether_it_reaches_what_people_decided(service, capsys) -> None:
    sent = service({("POST", "/v1/counties/fresno/standing-orders"): (201, {"confirmed_at": None})})
    facts = ("--number", "S1", "--judge", "J", "--on", "2026-01-05", "--scope", "all")
    run("standing", "--county", "fresno", *facts)
    run("standing", "--county", "fresno", *facts, "--covers-decisions")
    assert [body["covers_decisions"] for _, _, body in sent] == [False, True]


def test_the_list_says_why_proposals_wait(service, capsys) -> None:
    answer = {
        "county": "fresno",
        "order_mode": "standing",
        "standing_orders": [],
        "waiting": 2,
        "why": "no standing order is in force: enter one",
    }
    service({("GET", "/v1/counties/fresno/standing-orders"): (200, answer)})
    run("standing", "--county", "fresno", "--list")
    assert "2 proposals waiting: no standing order is in force" in capsys.readouterr().out


def test_a_service_that_does_not_answer_is_a_missing_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    monkeypatch.setattr(module, "addresses", lambda: Answering(refuse))
    with pytest.raises(ServerMissing) as missing:
        run("acknowledge", RELIEF, "--by", "court")
    assert isinstance(missing.value, Ending)
    assert "reliefstream up" in str(missing.value)
