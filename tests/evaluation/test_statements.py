"""``evaluate --statements``: what offices stated, applied to files without a server."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.statements import FactStated
from services.cli.export import write_csv, write_jsonl
from services.cli.file_options import FileOptions
from services.cli.terminal.exit import WrongUsage
from services.evaluation.statements import WrongStatements, read_statements
from tests.evaluation.doj_rows import a_file, a_row
from tests.evaluation.test_evaluate import CASE, judged

LA = CountyName("los-angeles")
UNKNOWN_LEVEL = CASE | {
    "charges": [{name: text for name, text in CASE["charges"][0].items() if name != "level_convicted"}]
}
OTHER = UNKNOWN_LEVEL | {
    "record_id": "LA-2",
    "case_number": "BA200002",
    "defendant": {"surname": "DOE", "given_name": "JANE", "birth_date": "1980-05-06"},
}


def a_count(record: str, case_number: str) -> dict[str, Any]:
    key = f"court/los-angeles/{record}/1"
    return {"count": key, "section": "HS 11357(c)", "disposed_on": "2003-04-05", "case_number": case_number}


def stated(statement_id: str, *counts: dict[str, Any], basis: str = "=court file") -> dict[str, Any]:
    """As ``export statements`` has it."""
    event = FactStated.of(
        {
            "county": "los-angeles",
            "statement_id": statement_id,
            "revision": 1,
            "stated_by": {"role": "clerk", "account": "cl-1"},
            "stated_on": "2019-11-11",
            "basis": basis,
            "counts": counts,
            "facts": [{"fact": "level", "value": "misdemeanor"}],
        }
    )
    return event.to_dict()


def lines(folder: Path, statements: Path, *cases: dict[str, Any]) -> dict[str, dict[str, str]]:
    folder.mkdir()
    text = "\n".join(map(json.dumps, cases))
    found = judged(folder, text, policy="los-angeles-2021", reading=FileOptions(statements=statements))
    return {line["case_number"]: line for line in found}


def test_a_statement_is_applied_to_the_case_that_it_names_from_both_forms_of_the_export(
    tmp_path: Path,
) -> None:
    given = [stated("S1", a_count("LA-1", "BA200001"))]
    write_jsonl(given, tmp_path / "s.jsonl")
    write_csv(given, tmp_path / "s.csv")
    for form in ("jsonl", "csv"):
        found = lines(tmp_path / form, tmp_path / f"s.{form}", UNKNOWN_LEVEL, OTHER)
        assert (found["BA200001"]["level"], found["BA200002"]["level"]) == ("misdemeanor", "")
        assert "clerk cl-1" in found["BA200001"]["grounds"]
        assert "fact_stated" not in found["BA200002"]["grounds"]


def test_one_that_names_counts_of_two_persons_is_applied_to_neither(tmp_path: Path) -> None:
    write_jsonl(
        [stated("S1", a_count("LA-1", "BA200001"), a_count("LA-2", "BA200002"))], tmp_path / "s.jsonl"
    )
    found = lines(tmp_path / "out", tmp_path / "s.jsonl", UNKNOWN_LEVEL, OTHER)
    assert [line["level"] for line in found.values()] == ["", ""]


def test_a_statement_on_a_rap_sheet_that_stands_alone_is_applied(tmp_path: Path) -> None:
    row = a_row()
    (before,) = judged(tmp_path, a_file(row))
    key = json.loads(before["grounds"]) and f"doj/los-angeles/{before['source_subject_id']}/001002001"
    count = {
        "count": key,
        "section": before["section"],
        "disposed_on": before["disposition_date"],
        "case_number": before["case_number"],
    }
    write_jsonl([stated("S1", count)], tmp_path / "s.jsonl")
    (after,) = judged(tmp_path, a_file(row), reading=FileOptions(statements=tmp_path / "s.jsonl"))
    assert "fact_stated" in after["grounds"]


def test_a_file_that_is_no_export_is_refused_with_the_place(tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_text(json.dumps(stated("S1", a_count("LA-1", "BA200001"))) + '\n{"surname": "ROE"}\n')
    with pytest.raises(WrongStatements, match=r"entry 2: this is no statement") as refused:
        read_statements(file, LA)
    assert "ROE" not in str(refused.value)
    with pytest.raises(WrongUsage):
        judged(tmp_path, a_file(a_row()), reading=FileOptions(statements=file))


GIVEN = stated("S1", a_count("LA-1", "BA200001"))
FELONY = GIVEN | {"facts": [{"fact": "level", "value": "felony"}]}


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ([GIVEN, GIVEN], []),
        ([GIVEN, FELONY], ["revision_taken"]),
        ([FELONY, GIVEN], ["revision_taken"]),
        ([GIVEN | {"county": "orange"}], ["another_county"]),
        ([stated("S1", {"count": "court/orange/LA-1/1", "section": "HS 11357(c)"})], ["another_county"]),
        ([stated("S1", a_count("LA-9", "BA200001"))], ["no_such_count"]),
        ([stated("S1", a_count("LA-1", "BA999999"))], ["statement_stale"]),
        ([stated("S1", {"count": "LA-1", "section": "HS 11357(c)"})], ["not_a_count"]),
        ([GIVEN | {"withdrawn": True}], []),
    ],
)
def test_a_statement_that_nothing_is_made_of_is_told(
    tmp_path: Path, given: list[dict[str, Any]], codes: list[str]
) -> None:
    write_jsonl(given, tmp_path / "s.jsonl")
    found = lines(tmp_path / "out", tmp_path / "s.jsonl", UNKNOWN_LEVEL)
    with (tmp_path / "out" / "out" / "refused.csv").open(newline="") as file:
        told = list(csv.DictReader(file))
    assert [(line["file"], line["code"]) for line in told] == [("s.jsonl", code) for code in codes]
    assert all(line["where"].startswith("record ") for line in told)
    assert found["BA200001"]["level"] == ("misdemeanor" if given == [GIVEN, GIVEN] else "")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("s.jsonl", '{"basis": "é"}'.encode("latin-1")),
        ("s.jsonl", '{"basis": "x"}'.encode("utf-16")),
        ("s.jsonl", b"\x80\x00\xff"),
        ("s.jsonl", b"[" * 100_000),
        ("s.jsonl", b'{"a":' * 100_000),
        ("s.jsonl", b'{"revision": NaN}'),
        ("s.jsonl", b'{"revision": ' + b"9" * 5_000 + b"}"),
        ("s.jsonl", b'{"basis": "\\ud800"}'),
        ("s.csv", b"basis,counts\n" + b"x" * 1_000_001 + b",[]\n"),
        ("s.csv", b"basis,counts\nx," + b"[" * 10_000 + b"\n"),
        ("s.csv", b"basis,counts\n\xe9,[]\n"),
    ],
)
def test_bytes_of_any_kind_are_refused_in_a_sentence(tmp_path: Path, name: str, raw: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(raw)
    with pytest.raises(WrongStatements, match=name):
        read_statements(file, LA)


def test_a_byte_order_mark_is_no_part_of_the_first_statement(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text(json.dumps(GIVEN), encoding="utf-8-sig")
    assert read_statements(tmp_path / "s.jsonl", LA).entries
