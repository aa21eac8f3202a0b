"""``reliefstream review``, against answers as relief and ingest give them."""

from pathlib import Path

import pytest

from services.cli.review import review
from services.cli.terminal.exit import Refused, WrongUsage

ID, OTHER = "5b0f3c1e-6f4f-5a0e-9a7e-1d2c3b4a5f60", "5b0f3c1e-6f4f-5a0e-9a7e-1d2c3b4a5f61"
DIGEST = "a" * 64
LISTED = {
    "review_id": ID, "digest": DIGEST, "state": "open", "office": "district_attorney", "city": None, "note": None,
    "due_on": "2026-12-22", "section": "HS 11358", "case_number": "BA1", "reason": "unknown_plants", "why": None,
    "questions": ["plants"], "level": "felony", "conviction_date": None, "county": "los-angeles", "court": None,
    "subject_id": ID, "traceparent": None, "held_until": None, "claimed_by": None, "prepared": None, "changed": [],
}  # fmt: skip
QUESTION = {
    "code": "plants", "question": "How many living plants were there?", "asked_of": ["district_attorney"],
    "counts": [{"count": "doj/los-angeles/d1/1"}],
    "answers": [{"value": "at_most_six", "words": "six or fewer", "outcome": "dismissal", "reason": "lesser"}],
}  # fmt: skip
SHOWN = LISTED | {
    "age_days": 3, "determination_label": "Review", "reason_label": "Plants", "legal_minimum": "redesignation",
    "grounds": [{"rule": "plants", "citation": "HS 11358", "finding": "unknown"}], "open_questions": [QUESTION],
}  # fmt: skip
QUEUE = "/v1/counties/los-angeles/reviews"
ONE = {f"GET {QUEUE}/{ID}": SHOWN}


def run(*words: str) -> None:
    review(list(words), result_action="return_value", exit_on_error=False)


def test_the_queue_is_listed_with_counts_by_filter(service, capsys) -> None:
    counts = {
        "total": {"number": 7, "held": 1, "claimed": 2, "overdue": 3},
        "reason": {"unknown_plants": 4, "x": 3},
    }
    service({f"GET {QUEUE}": {"reviews": [LISTED], "next": None}, f"GET {QUEUE}/counts": {"counts": counts}})
    run("list", "--county", "los-angeles")
    out = capsys.readouterr().out
    assert "7 wait: 3 overdue, 1 on hold, 2 claimed." in out
    assert "reason: unknown_plants 4, x 3" in out
    assert ID in out


def test_the_queue_says_what_a_signer_would_sign(service, capsys) -> None:
    decided = {"still_serving": False, "redesignated_to": None}
    moved = decided | {
        "decision": "redesignation",
        "redesignated_to": "infraction",
        "reason_code": "file_reviewed",
    }
    objected = decided | {"decision": "challenge", "reason_code": "unreasonable_risk", "still_serving": True}
    both = [LISTED | {"state": "prepared", "prepared": one} for one in (moved, objected)]
    page = {"reviews": both, "next": None}
    counts = {"counts": {"total": {"number": 1, "held": 0, "claimed": 0, "overdue": 0}}}
    service({f"GET {QUEUE}": page, f"GET {QUEUE}/counts": counts})
    run("list", "--county", "los-angeles")
    said = capsys.readouterr().out
    assert "(prepared: redesignation to infraction (file_reviewed))" in said
    assert "(prepared: challenge (unreasonable_risk, stating that the sentence still runs))" in said


def test_a_review_is_told_in_sentences_with_what_each_answer_leads_to(service, capsys) -> None:
    service(ONE)
    run("show", ID, "--county", "los-angeles")
    out = capsys.readouterr().out
    assert "HS 11358, felony, of an unknown day, case BA1" in out
    assert "at_most_six: six or fewer -> dismissal (lesser)" in out


def test_a_decision_carries_the_digest_of_what_was_shown(service, capsys) -> None:
    done = {"results": {"done": 1}, "not_done": []}
    asked = service(ONE | {f"POST {QUEUE}/decide": done})
    run("show", ID, "--county", "los-angeles")
    run("decide", ID, "--as", "redesignation", "--level", "misdemeanor", "--reason", "file_reviewed")
    assert asked[-1][1] == {
        "lines": [{"review_id": ID, "digest": DIGEST}],
        "decision": "redesignation",
        "redesignated_to": "misdemeanor",
        "reason_code": "file_reviewed",
    }
    assert "1 review prepared: another has to sign" in capsys.readouterr().out


def test_what_was_not_shown_is_not_decided(service) -> None:
    service({})
    with pytest.raises(WrongUsage, match="Look first"):
        run("decide", OTHER, "--as", "dismissal", "--reason", "file_reviewed")


def test_what_was_not_done_is_listed_and_is_status_1(service, capsys) -> None:
    left = {
        "review_id": OTHER,
        "result": "changed",
        "code": "x",
        "why": "The determination changed",
        "changed": [],
    }
    page = {"reviews": [LISTED, LISTED | {"review_id": OTHER}], "next": None}
    counts = {"counts": {"total": {"number": 2, "held": 0, "claimed": 0, "overdue": 0}}}
    answer = {"results": {"done": 1, "changed": 1}, "not_done": [left]}
    service({f"GET {QUEUE}": page, f"GET {QUEUE}/counts": counts, f"POST {QUEUE}/sign": answer})
    run("list", "--county", "los-angeles")
    with pytest.raises(Refused, match=f"1 not done:\n  {OTHER}: The determination changed") as refused:
        run("sign", ID, OTHER)
    assert refused.value.status == 1
    assert "1 review signed." in capsys.readouterr().out


def test_a_file_of_the_queue_is_taken_back(service, tmp_path: Path, capsys) -> None:
    asked = service({f"POST {QUEUE}/claim": {"results": {"done": 1}, "not_done": []}})
    rows = tmp_path / "queue.csv"
    rows.write_text(f"review_id,digest,section\n{ID},{DIGEST},HS 11358\n")
    run("claim", "--file", str(rows), "--county", "los-angeles")
    assert asked[0][1]["lines"] == [{"review_id": ID, "digest": DIGEST}]


@pytest.mark.parametrize(
    ("text", "ending", "said"),
    [
        ("zork\n", WrongUsage, "the columns review_id and digest"),
        ("review_id,digest\n", WrongUsage, "no review stands in it"),
        (
            f"review_id,digest\n{ID},{DIGEST}\nzork,{DIGEST}\n{ID}\n",
            Refused,
            "line 3: review_id .*\n  line 4: digest",
        ),
    ],
)
def test_a_line_that_names_no_review_is_told_and_nothing_is_done(
    service, tmp_path: Path, text: str, ending: type[Exception], said: str
) -> None:
    asked = service({})
    rows = tmp_path / "queue.csv"
    rows.write_text(text)
    with pytest.raises(ending, match=said):
        run("decide", "--file", str(rows), "--county", "los-angeles", "--as", "dismissal", "--reason", "x")
    assert asked == []


def test_an_answer_is_stated_at_ingest_on_all_counts_of_the_question(service, capsys) -> None:
    taken = {"status": "recorded", "statement_id": "s1", "revision": 1, "trace_id": "t1", "problems": []}
    asked = service(ONE | {"POST /v1/counties/los-angeles/statements": {"statements": [taken]}})
    run(
        "answer",
        ID,
        "--county",
        "los-angeles",
        "--question",
        "plants",
        "--value",
        "at_most_six",
        "--basis",
        "p. 3",
    )
    said = asked[-1][1][0]
    assert (said["counts"], said["facts"]) == (
        QUESTION["counts"],
        [{"fact": "plants", "value": "at_most_six"}],
    )
    assert "Stated plants: at_most_six" in capsys.readouterr().out


def test_a_question_that_is_not_open_is_wrong_usage(service) -> None:
    service(ONE)
    with pytest.raises(WrongUsage, match="the review asks plants"):
        run(
            "answer", ID, "--county", "los-angeles", "--question", "weight", "--value", "x", "--basis", "p. 3"
        )


def test_only_a_redesignation_has_a_level(service) -> None:
    service(ONE)
    run("show", ID, "--county", "los-angeles")
    for words in (("dismissal", "--level", "infraction"), ("redesignation",)):
        with pytest.raises(WrongUsage, match="--level is of a redesignation"):
            run("decide", ID, "--as", *words, "--reason", "file_reviewed")
