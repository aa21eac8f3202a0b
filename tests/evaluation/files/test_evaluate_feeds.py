"""``evaluate`` reads a county's own court feed as a service does, whatever its layout."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from services.cli.evaluate import evaluate
from services.cli.file_options import FileOptions
from services.cli.sample import sample
from services.cli.terminal.exit import WrongUsage

AS_OF = date(2026, 11, 2)
LAYOUTS = {"odyssey": "court.csv", "ecourt": "court.json", "mainframe": "court.txt"}
AS_WRITTEN = {"file_sha256", "source_row", "source_subject_id", "case_number"}


def judged(folder: Path, profile: str | None, *files: Path) -> list[dict[str, str]]:
    evaluate(
        *files,
        county="sacramento",
        policy="sacramento",
        as_of=AS_OF,
        out=folder,
        reading=FileOptions(profile=profile, workers=1),
    )
    with (folder / "determinations.csv").open(newline="") as file:
        lines = [{k: v for k, v in line.items() if k not in AS_WRITTEN} for line in csv.DictReader(file)]
    for line in lines:  # questions name counts and case numbers as written, too
        line["open_questions"] = str([one["code"] for one in json.loads(line["open_questions"])])
    return sorted(lines, key=lambda line: tuple(line.values()))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {}
    for layout in LAYOUTS:
        made[layout] = tmp_path_factory.mktemp(layout)
        sample(county="sacramento", court_layout=layout, scale="1/1000", seed=4, out=made[layout])  # type: ignore[arg-type]
    return made


@pytest.mark.slow
def test_every_layout_of_the_same_cases_is_judged_the_same(folders: dict[str, Path], tmp_path: Path) -> None:
    found = {
        layout: judged(
            tmp_path / layout, layout, folders[layout] / "doj.csv", folders[layout] / LAYOUTS[layout]
        )
        for layout in LAYOUTS
    }
    assert any("court" in line["source"] for line in found["odyssey"])
    assert found["odyssey"] == found["ecourt"] == found["mainframe"]


@pytest.mark.slow
def test_without_a_name_the_profile_of_the_county_is_taken(folders: dict[str, Path], tmp_path: Path) -> None:
    files = folders["odyssey"] / "doj.csv", folders["odyssey"] / "court.csv"
    assert judged(tmp_path / "unnamed", None, *files) == judged(tmp_path / "named", "odyssey", *files)


def test_a_bad_row_of_a_feed_is_refused_with_its_row_and_costs_no_other(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    court = folders["odyssey"] / "court.csv"
    lines = court.read_bytes().split(b"\r\n" if b"\r\n" in court.read_bytes() else b"\n")
    spoiled = tmp_path / "court.csv"
    spoiled.write_bytes(b"\n".join([*lines[:-1], b"no,case,at,all", b""]))
    before, after = tmp_path / "before", tmp_path / "after"
    assert judged(before, "odyssey", court) == judged(after, "odyssey", spoiled)
    refused = [(folder / "refused.csv").read_text().splitlines() for folder in (before, after)]
    assert len(refused[1]) == len(refused[0]) + 1
    assert f"row {len(lines) - 1} (line {len(lines)})" in refused[1][-1]


def test_a_case_of_a_json_feed_is_named_as_a_record_whatever_is_wrong(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    assert judged(tmp_path, "ecourt", folders["ecourt"] / LAYOUTS["ecourt"])
    with (tmp_path / "refused.csv").open(newline="") as file:
        refused = list(csv.DictReader(file))
    assert {"not_json", "other_county"} <= {line["code"] for line in refused}
    assert all(line["where"].startswith("record ") for line in refused)


def test_a_profile_that_the_county_does_not_have_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="no profile of sacramento; there are: "):
        judged(tmp_path, "tyler", Path(__file__))
