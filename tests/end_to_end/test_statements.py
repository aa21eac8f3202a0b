"""What offices state goes through the product, and offline evaluation of what is exported gives the same bytes."""

import csv
import hashlib
import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Streamed
from tests.harness.product import AS_OF, Product, Sample

pytestmark = pytest.mark.servers
COUNTY = "los-angeles"


def a_value(answer: dict[str, Any]) -> str:
    """A day within a span of days; any other value as it is."""
    first, _, day = answer["value"].partition(" ")
    if first == "before":
        return str(AS_OF.fromisoformat(day) - timedelta(days=1))
    return day if first == "from" else answer["value"]


def answers(determinations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first answer to each question that a value answers, a statement each."""
    found = {}
    for one in determinations:
        for question in one["open_questions"]:
            if question["code"] in ("rap_sheet", "birth_date"):
                continue
            name = hashlib.sha256(f"{question['code']}{question['count']}".encode()).hexdigest()[:20]
            fact = {"fact": question["code"], "value": a_value(question["answers"][0])}
            found[name] = {
                "statement_id": name,
                "basis": "court file, page 1",
                "counts": question["counts"],
                "facts": [fact],
            }
    return list(found.values())


def of_the_sample(path: Path, sample: Sample) -> list[dict[str, str]]:
    """The lines on the sample's own files: other tests sent others."""
    own = {hashlib.sha256(file.read_bytes()).hexdigest() for file in (sample.doj, sample.court)}
    with path.open(newline="") as file:
        return [line for line in csv.DictReader(file) if line["file_sha256"] in own]


def test_answers_of_offices_change_the_outcomes_and_evaluate_gives_the_same_bytes(
    product: Product, streamed: Streamed, sample: Sample, tmp_path: Path
) -> None:
    given = answers(streamed.lines("determinations"))
    assert len(given) > 5, "the sample has questions"
    first = given[0]
    never = [{"count": f"court/{COUNTY}/never/1", "section": "HS 11357"}]
    waiting = first | {"statement_id": "waits", "counts": never}
    other = [first["counts"][0] | {"section": "PC 1"}, *first["counts"][1:]]
    stale = first | {"statement_id": "stale", "counts": other}
    unknown = first | {"statement_id": "unknown", "facts": [{"fact": "colour", "value": "green"}]}
    file = tmp_path / "statements.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in [*given, waiting, stale, unknown]))

    offices = partial(product.run, acting_as="trial-import")
    imported = offices("statement", "import", file, "--county", COUNTY)
    assert imported.returncode == 1
    assert (
        f"{len(given) + 3} statements: {len(given) + 2} recorded, 0 known already, 1 refused"
        in imported.stdout
    )
    again = offices("statement", "import", file, "--county", COUNTY)
    assert f"0 recorded, {len(given) + 2} known already" in again.stdout
    assert product.run("settle", "--timeout", "600").returncode == 0

    for status, statement_id in (
        ("waiting", "waits"),
        ("stale", "stale"),
        ("applied", first["statement_id"]),
    ):
        listed = offices("statement", "list", "--county", COUNTY, "--status", status, "--limit", "500")
        assert statement_id in listed.stdout, listed.stdout + listed.stderr
    for name in ("statements.jsonl", "statements.csv"):
        assert offices("export", "statements", "--out", tmp_path / f"exported-{name}").returncode == 0
    online = tmp_path / "online.csv"
    exported = offices("export", "determinations", "--as-of", str(AS_OF), "--out", online)
    assert exported.returncode == 0, exported.stderr
    lines = of_the_sample(online, sample)
    assert any('"fact_stated"' in line["grounds"] for line in lines)
    for name in ("statements.jsonl", "statements.csv"):
        evaluated = product.run(
            "evaluate", "--county", COUNTY, "--policy", "los-angeles-2021", "--as-of", str(AS_OF),
            "--statements", tmp_path / f"exported-{name}", "--out", tmp_path / f"by-{name}", sample.doj, sample.court,
        )  # fmt: skip
        assert evaluated.returncode == 1, "the sample has bad rows, and evaluate says so"
        assert lines == of_the_sample(tmp_path / f"by-{name}" / "determinations.csv", sample)

    withdrawn = offices("statement", "withdraw", "stale", "--county", COUNTY, "--basis", "the wrong section")
    assert "withdrawn with revision 2" in withdrawn.stdout, withdrawn.stderr
    trace = product.run("trace", withdrawn.stdout.split()[-1])
    assert "reliefstream.statement.fact-stated.v1" in trace.stdout, trace.stdout + trace.stderr
    assert product.run("settle", "--timeout", "600").returncode == 0
    shown = json.loads(offices("statement", "show", "stale", "--county", COUNTY).stdout)
    assert shown["now"]["status"] == "withdrawn"
    assert [one["revision"] for one in shown["revisions"]] == [1, 2]
