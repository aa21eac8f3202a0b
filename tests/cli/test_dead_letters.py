"""``reliefstream dead-letters``, against answers as the services give them."""

from collections.abc import Callable

import httpx
import pytest

from services.cli import dead_letters as module
from services.cli.client import services as asking
from services.cli.client.dead_letters import Choice
from services.cli.terminal.exit import Refused, WrongUsage
from tests.cli.answering import Answering

LETTER = {
    "id": 12,
    "topic": "histories-v1",
    "partition": 0,
    "offset": 7,
    "reason": "defect",
    "detail": "ValueError at judge.py:1 judge",
    "at": "2026-11-22T08:00:00+00:00",
    "size": 99,
    "consumer": "eligibility.histories-v1",
    "state": "open",
    "by": "yolo",
    "ended_at": None,
    "ended_why": "",
    "ended_by": "",
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answers with what the test gives by service and path; returns what was asked."""

    def serve(answers: dict[str, dict[str, object]]) -> list[str]:
        seen: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            name = f"{request.method} {request.url.host}{request.url.path}"
            seen.append(name)
            return httpx.Response(200, json=answers.get(name, {"dead_letters": []}))

        monkeypatch.setattr(asking, "addresses", lambda: Answering(answer))
        return seen

    return serve


def test_open_letters_of_every_service_are_listed_by_a_name_to_use(asked, capsys) -> None:
    asked({"GET eligibility/v1/dead-letters": {"dead_letters": [LETTER]}})
    module.list_()
    assert "eligibility/12" in capsys.readouterr().out


def test_letters_are_counted_by_what_they_have_in_common_open_ones_first(asked, capsys) -> None:
    ended = {**LETTER, "id": 14, "state": "discarded"}
    asked({"GET eligibility/v1/dead-letters": {"dead_letters": [ended, LETTER, {**LETTER, "id": 13}]}})
    module.summary()
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if "histories" in line]
    assert [(line[0], line[-1]) for line in lines] == [("open", "2"), ("discarded", "1")]


def test_only_letters_of_the_county_that_is_meant_are_processed(asked) -> None:
    other = {**LETTER, "id": 13, "by": "napa"}
    path = "POST eligibility/v1/dead-letters/12/process"
    seen = asked(
        {"GET eligibility/v1/dead-letters": {"dead_letters": [LETTER, other]}, path: {"status": "processed"}}
    )
    module.process(choice=Choice(county="yolo"), all_=True)
    assert [each for each in seen if each.startswith("POST")] == [path]


def test_a_list_goes_on_behind_a_letter(asked, capsys) -> None:
    seen = asked({"GET relief/v1/dead-letters": {"dead_letters": [LETTER, {**LETTER, "id": 13}]}})
    module.list_(limit=1, after="relief/11")
    assert "--after relief/12" in capsys.readouterr().out
    assert seen == ["GET relief/v1/dead-letters"], "what stands before it is not read again"


def test_all_are_discarded_only_by_a_filter() -> None:
    with pytest.raises(WrongUsage, match="at least one filter"):
        module.discard(all_=True, why="w")


def test_all_letters_are_processed_and_what_fails_again_is_said(asked, capsys) -> None:
    asked(
        {
            "GET eligibility/v1/dead-letters": {"dead_letters": [LETTER, {**LETTER, "id": 13}]},
            "POST eligibility/v1/dead-letters/12/process": {"status": "processed"},
            "POST eligibility/v1/dead-letters/13/process": {
                "status": "open",
                "reason": "defect",
                "detail": "here",
            },
        }
    )
    with pytest.raises(Refused, match="1 dead letters fail as before"):
        module.process(all_=True)
    told = capsys.readouterr().out
    assert "eligibility/12: processed" in told and "eligibility/13: still fails: defect: here" in told


def test_a_discarded_letter_carries_its_reason(asked) -> None:
    path = "POST relief/v1/dead-letters/3/discard"
    seen = asked({path: {"status": "discarded", "before": False}})
    module.discard(["relief/3"], why="a stray message")
    assert seen == [path]


@pytest.mark.parametrize("name", ["12", "eligibility", "eligibility/x", "nobody/1", "eligibility/-1"])
def test_a_wrong_name_is_told_how_names_look(name: str) -> None:
    with pytest.raises(WrongUsage, match="SERVICE/NUMBER"):
        module.show(name)


def test_letters_are_named_or_all_are_meant_not_both() -> None:
    with pytest.raises(WrongUsage):
        module.process()
    with pytest.raises(WrongUsage):
        module.process(["eligibility/1"], all_=True)
