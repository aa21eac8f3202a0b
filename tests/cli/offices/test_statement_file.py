"""A file of statements as an office's case system writes it: JSON, JSON lines or CSV."""

import json
from pathlib import Path

import pytest

from services.cli.offices.statement_file import read_statements
from services.cli.terminal.exit import WrongUsage

COUNT = {"count": "court/los-angeles/C1/1", "section": "HS 11358"}
PLANTS = {"fact": "plants", "value": "at_most_six"}
ONE = {"statement_id": "S1", "basis": "report", "counts": [COUNT], "facts": [PLANTS]}
CSV = """statement_id,revision,withdrawn,basis,count,section,fact,value
S1,,,report,court/los-angeles/C1/1,HS 11358,plants,at_most_six
S2,2,true,,court/los-angeles/C1/1,HS 11358,,
S1,,,report,doj/los-angeles/R1/001001001,HS 11358,weight,within_the_limit
"""


def test_the_three_forms_say_the_same(tmp_path: Path) -> None:
    forms = {
        "a.json": json.dumps([ONE]),
        "b.json": json.dumps(ONE),
        "c.jsonl": json.dumps(ONE) + "\n\n",
        "d.csv": "\ufeff" + "\n".join(CSV.splitlines()[:2]) + "\r\n",
    }
    for name, text in forms.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert read_statements(tmp_path / name)[1] == [ONE], name


def test_rows_of_one_statement_and_revision_are_united(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    first, second = read_statements(tmp_path / "a.csv")[1]
    assert [one["count"] for one in first["counts"]] == [
        "court/los-angeles/C1/1",
        "doj/los-angeles/R1/001001001",
    ]
    assert [one["fact"] for one in first["facts"]] == ["plants", "weight"]
    assert (second["statement_id"], second["revision"], second["withdrawn"]) == ("S2", 2, True)


BAD = {"a.txt": "", "a.json": "{", "a.csv": "surname,count\nROE,1\n"}


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.jsonl", "é".encode("latin-1"), "not UTF-8"),
        ("a.jsonl", '{"basis": "x"}'.encode("utf-16"), "not UTF-8"),
        ("a.jsonl", b"{}\n\n{", "line 3: not JSON"),
        ("a.jsonl", b"{}\n" + b"[" * 100_000, "line 2: this JSON cannot be read"),
        ("a.json", b"[" * 100_000, "cannot be read"),
        ("a.jsonl", b'{"revision": NaN}', "line 1: this JSON cannot be read"),
        ("a.json", b'{"revision": ' + b"9" * 5_000 + b"}", "cannot be read"),
        ("a.jsonl", b'{"basis": "\\ud800"}', "half a surrogate pair"),
        ("a.csv", b"basis,count\n" + b"x" * 2_000_000 + b",y\n", "cannot be read as CSV"),
    ],
)
def test_bytes_of_any_kind_are_refused_with_the_place(
    tmp_path: Path, name: str, raw: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(WrongUsage, match=said):
        read_statements(tmp_path / name)


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_such_file_is_refused_in_words(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BAD[name])
    with pytest.raises(WrongUsage) as refused:
        read_statements(tmp_path / name)
    assert "ROE" not in str(refused.value)
