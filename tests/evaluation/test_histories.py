"""Histories of everyone in files, by workers and in little memory: the same for any workers, splitting and order."""

import csv
import json
import os
import random
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.records import SourceRecord
from services import COUNTIES
from services.cli.evaluate import evaluate
from services.cli.file_options import FileOptions
from services.cli.sample import sample
from services.evaluation import histories as offline_histories
from services.evaluation.files import index as offline_index
from services.evaluation.histories import OfflineHistories
from services.evaluation.processes.workers import WorkerKilled
from services.ingest.core.intake_decision import StoredRecord, decide
from services.ingest.core.parse import parse
from services.ingest.core.parsed import ParsedCase, Unparseable
from services.ingest.http.bodies import CSV, NDJSON, messages_of
from services.ingest.profiles.counties import sending_counties
from services.reconciliation.linkage.conviction.histories import build_histories
from services.reconciliation.weights_file import load_model
from tests.evaluation.doj_rows import a_file, a_row
from tests.evaluation.test_evaluate import CASE

INTAKE = sending_counties(COUNTIES)["los-angeles"].intake  # type: ignore[index]
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("county")
    sample(scale="1/500", seed=7, out=out)
    return out


@pytest.fixture
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files were large: many parts to index, many parcels to read, and processes worth their while."""
    monkeypatch.setattr(offline_index, "CHUNK", 10_000)
    monkeypatch.setattr(offline_histories, "PARCEL", 5_000)
    monkeypatch.setattr(offline_histories, "GROUPS", 7)
    monkeypatch.setattr(offline_histories, "WORTH_A_PROCESS", 0)


def told(history: HistoryChanged) -> str:
    return history.to_json().decode()


def histories(files: Sequence[Path], **how: Any) -> tuple[list[str], list[tuple[Path, Problem]]]:
    found = OfflineHistories(files, INTAKE, TODAY, **how)
    return sorted(found.map(told)), found.refused


def one_message_at_a_time(files: Sequence[Path]) -> tuple[list[str], list[tuple[Path, Problem]]]:
    """What a service makes of the files: each message through intake, and all records in memory."""
    stored: dict[tuple[type, str], StoredRecord] = {}
    records: dict[str, SourceRecord] = {}
    refused: list[tuple[Path, Problem]] = []
    for path in files:
        body = path.read_bytes()
        messages = messages_of(INTAKE.county, "", NDJSON if body[:1] == b"{" else CSV, body)
        assert not isinstance(messages, Problem)
        for message in messages:
            reading = parse(message, INTAKE, TODAY)
            if isinstance(reading, Unparseable):
                refused += [(path, problem) for problem in reading.problems]
                continue
            key = (ParsedCase if isinstance(reading, ParsedCase) else dict, reading.record_id)
            decision = decide(stored.get(key), reading, INTAKE, TODAY)
            if decision.stored is not None:
                stored[key] = decision.stored
            if decision.event is not None:
                records[decision.event.key()] = decision.event
            # The sample's rows have a line each, behind the header.
            refused += [(path, one.at_line(one.row + 1) if one.row else one) for one in decision.problems]
    return sorted(map(told, build_histories(records.values(), load_model()))), refused


@pytest.mark.slow
@pytest.mark.parametrize("names", [("doj.csv",), ("court.jsonl",), ("court.jsonl", "doj.csv")])
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.usefixtures("in_small_parts")
def test_what_the_services_find_is_found(county: Path, names: tuple[str, ...], workers: int) -> None:
    files = [county / name for name in names]

    assert histories(files, workers=workers) == one_message_at_a_time(files)


@pytest.mark.slow
def test_rows_scattered_over_files_in_any_order_make_the_same_persons(
    county: Path, tmp_path: Path, in_small_parts: None
) -> None:
    header, *rows = (county / "doj.csv").read_text().splitlines()
    parts = [tmp_path / f"part{n}.csv" for n in range(3)]
    chance = random.Random(1)
    chance.shuffle(rows)
    for n, part in enumerate(parts):
        part.write_text("\n".join([header, *rows[n::3]]) + "\n")
    whole = [county / "doj.csv", county / "court.jsonl"]
    split = [parts[2], county / "court.jsonl", parts[0], parts[1]]

    found, refused = histories(split, workers=2)

    expected, refused_whole = histories(whole, workers=1)
    assert list(map(without_places, found)) == list(map(without_places, expected))
    assert sorted(problem.code for _, problem in refused) == sorted(p.code for _, p in refused_whole)


def without_places(history: str) -> Any:
    told = json.loads(history)
    for conviction in told["convictions"]:
        for count in conviction["counts"]:
            count["file_sha256"] = count["file_row"] = None
    return told


@pytest.mark.slow
def test_two_records_that_no_identifier_joins_are_compared(tmp_path: Path, in_small_parts: None) -> None:
    (tmp_path / "doj.csv").write_text(
        a_file(a_row(PRI_NAME="ROE,RICHARD", PRI_DOB="19700102", OFN="BA200001"))
    )
    (tmp_path / "court.jsonl").write_text(json.dumps(CASE) + "\n")
    files = [tmp_path / "court.jsonl", tmp_path / "doj.csv"]

    found, _ = histories(files)

    assert (found, []) == one_message_at_a_time(files)
    assert [len(json.loads(one)["cii_numbers"]) for one in found] == [1]


@pytest.mark.usefixtures("in_small_parts")
def test_an_oversized_identifier_joins_nobody_and_leaves_all_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.evaluation.linkage.components.MOST_HOLDERS", 3)
    rows = [a_row(SUBJECT_ID=str(n), PRI_NAME="DOE,JANE") for n in range(5)]
    (tmp_path / "doj.csv").write_text(a_file(*rows))

    found, _ = histories([tmp_path / "doj.csv"], workers=1)

    doubts = [[doubt["field"] for doubt in json.loads(one)["doubts"]] for one in found]
    assert doubts == [["identity"]] * 5


@pytest.mark.parametrize(
    ("text", "read", "recorded"),
    [
        (a_file(a_row(), a_row()), 2, 2),
        pytest.param(
            a_file(*[a_row(COMMENT_TEXT="A" * 900, CNT_ORDER=f"{n:09}000") for n in range(1, 1500)]),
            1499,
            0,
            marks=pytest.mark.slow,
        ),
        (a_file(a_row(CNT_ORDER=""), a_row(SUBJECT_ID="")), 2, 0),
        (a_file(a_row(), a_row(CNT_ORDER="")) + "short\n", 3, 1),
        (a_file(a_row(STP_ORI_CNTY_NAME="YOLO")), 1, 0),
        (a_file(), 0, 0),
        ("", 0, 0),
    ],
    ids=[
        "a repeated row",
        "a huge person",
        "bad rows",
        "some bad rows",
        "another county",
        "header",
        "nothing",
    ],
)
def test_every_row_is_recorded_or_refused_with_a_reason(
    tmp_path: Path, text: str, read: int, recorded: int
) -> None:
    (tmp_path / "doj.csv").write_text(text)
    found = OfflineHistories([tmp_path / "doj.csv"], INTAKE, TODAY)

    convicted = sum(found.map(convictions))

    assert (found.rows_read, found.rows_recorded) == (read, recorded)
    assert bool(found.refused) == (read == 0 or recorded < read)
    assert bool(convicted) == bool(recorded)


def convictions(history: HistoryChanged) -> int:
    return len(history.convictions)


def test_revisions_and_repeats_of_a_case_are_counted(tmp_path: Path) -> None:
    lines = [CASE, CASE, CASE | {"revision": 1}, CASE]
    (tmp_path / "court.jsonl").write_text("\n".join(map(json.dumps, lines)))
    found = OfflineHistories([tmp_path / "court.jsonl"], INTAKE, TODAY)

    (history,) = found.map(told)

    assert (found.rows_read, found.rows_recorded, found.rows_repeated) == (4, 2, 2)
    assert [problem.code for _, problem in found.refused] == ["older_revision"]
    assert len(json.loads(history)["convictions"]) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("in_small_parts")
def test_evaluate_writes_the_same_bytes_for_any_number_of_workers(county: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        evaluate(
            county / "doj.csv",
            county / "court.jsonl",
            county="los-angeles",
            policy="los-angeles-2021",
            as_of=date(2026, 11, 1),
            out=tmp_path / str(workers),
            reading=FileOptions(workers=workers),
        )

    for name in ("determinations.csv", "refused.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    with (tmp_path / "1" / "determinations.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) > 100


def ends(code: int, _: HistoryChanged) -> None:
    os._exit(code)


@pytest.mark.slow
@pytest.mark.usefixtures("in_small_parts")
def test_a_worker_that_is_killed_ends_the_command_with_a_sentence(county: Path) -> None:
    found = OfflineHistories([county / "doj.csv"], INTAKE, TODAY, workers=2)

    with pytest.raises(WorkerKilled, match="worker process was killed"):
        list(found.map(partial(ends, 9)))


@pytest.mark.slow
@pytest.mark.usefixtures("in_small_parts")
def test_what_a_task_raises_comes_out_of_a_worker(county: Path) -> None:
    found = OfflineHistories([county / "doj.csv"], INTAKE, TODAY, workers=2)

    with pytest.raises(ZeroDivisionError):
        list(found.map(fails))


def fails(_: HistoryChanged) -> float:
    return 1 / 0


def test_progress_is_told_step_by_step_to_the_end(county: Path, in_small_parts: None) -> None:
    steps: dict[str, list[float]] = {}
    found = OfflineHistories(
        [county / "doj.csv", county / "court.jsonl"],
        INTAKE,
        TODAY,
        workers=1,
        progress=lambda step, share: steps.setdefault(step, []).append(share),
    )

    list(found.map(convictions))

    assert all(shares == sorted(shares) and shares[-1] == 1 for shares in steps.values())
    assert len(steps) == 4
