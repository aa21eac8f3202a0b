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


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_such_file_is_refused_in_words(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BAD[name])
    with pytest.raises(WrongUsage) as refused:
        read_statements(tmp_path / name)
    assert "ROE" not in str(refused.value)
