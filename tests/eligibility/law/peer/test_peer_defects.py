"""The ten defects of the program that did the work in 2020, from DOJ rows to determinations."""

import csv
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.runtime.clock import SystemClock
from services.cli.evaluate import evaluate
from services.cli.file_options import FileOptions
from tests.evaluation.doj_rows import a_file, a_row

TABLE = yaml.safe_load((Path(__file__).parent / "peer_defects.yaml").read_text())
DEFECTS: dict[int, str] = TABLE["defects"]
AS_OF = date(2019, 11, 11)
Row = dict[str, str]


def judged(
    folder: Path, *bodies: bytes | str, as_of: date = AS_OF, policy: str = "los-angeles-2020"
) -> list[Row]:
    """The lines of determinations.csv for files with these contents."""
    files = []
    for number, body in enumerate(bodies):
        files.append(folder / f"in{number}.csv")
        files[-1].write_bytes(body if isinstance(body, bytes) else body.encode())
    evaluate(
        *files, county="los-angeles", policy=policy, as_of=as_of, out=folder / "out", reading=ONE_PROCESS
    )
    with (folder / "out" / "determinations.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def a_conviction(changes: Row) -> Row:
    """The row that a case of the table describes."""
    own = dict(changes)
    number, on = own.pop("cycle", None), own.pop("day", "")
    if number is None:
        return a_row(**own)
    place = {"CNT_ORDER": f"{int(number):03}002001000", "CYC_DATE": on, "STP_EVENT_DATE": on, "DISP_DATE": on}
    return a_row(**{"OFFENSE_DESCR": "10851 VC", "OFN": f"BA{number}", **place, **own})


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case['defect']}: {case['what']}") for case in TABLE["cases"]]
)
def test_a_defect_of_the_peer_is_none_of_ours(tmp_path: Path, case: dict[str, Any]) -> None:
    assert case["ours"] != case["peer"], "this case would not tell us from the peer"
    rows = [a_conviction(row) | ({"PRI_DOB": case["born"]} if "born" in case else {}) for row in case["rows"]]

    lines = judged(tmp_path, a_file(*rows), as_of=case.get("as_of", AS_OF))

    found = [f"{one['outcome']} {one['reason']}" for one in lines if one["case_number"] == "BA100001"]
    assert found == [case["ours"]], f"defect {case['defect']}: {DEFECTS[case['defect']]}"


ONE_PROCESS = FileOptions(workers=1)
ASKING_LITTLE = ("statute", "los-angeles-2021", "configurable", "dismiss-all", "sacramento")


@pytest.mark.parametrize("policy", ASKING_LITTLE)
def test_defect_3_an_unknown_date_or_level_is_cleared_by_no_policy(tmp_path: Path, policy: str) -> None:
    dateless = a_row(STP_EVENT_DATE="", DISP_DATE="")
    without_level = a_row(SUBJECT_ID="2", CII_NUMBER="", CONV_STAT_DESCR="", OFFENSE_TOC="")

    lines = judged(tmp_path, a_file(dateless, without_level), policy=policy)

    assert [line["outcome"] for line in lines] == ["needs_review", "needs_review"]


@pytest.mark.parametrize("granted", ["SET ASIDE & DISM PER 1203.4 PC", "REDUCED TO MISD PER 17(B) PC"])
def test_defect_7_earlier_relief_that_does_not_seal_is_shown_and_still_owed_more(
    tmp_path: Path, granted: str
) -> None:
    step = {
        "CNT_ORDER": "001003001000",
        "STP_EVENT_DATE": "20010601",
        "CONV_STAT_DESCR": "",
        "SENT_LENGTH": "",
    }

    (line,) = judged(tmp_path, a_file(a_row(), a_row(**step, DISP_DESCR=granted)))

    assert (line["outcome"], line["level"]) == ("dismissal", "felony")
    assert [one["finding"] for one in json.loads(line["grounds"]) if one["rule"] == "other_relief"] == ["met"]


OTHER = a_row(SUBJECT_ID="100002", CII_NUMBER="1008675310", PRI_NAME="ROE,RICHARD", OFN="BA100002")
STRIKE = a_conviction({"cycle": "0", "day": "19900101", "OFFENSE_DESCR": "187(A) PC"})
BAD_ROWS = {
    "one short row": "only,three,fields\n",
    "a row that is cut off": a_file(OTHER, header=False)[:200] + "\n",
    "an open quote": a_file(a_row(SUBJECT_ID="3", OFN="X"), header=False).replace("X", '"X'),
    "a blank count order": a_file(a_row(SUBJECT_ID="3", CNT_ORDER=""), header=False),
    "a NUL": a_file(a_row(SUBJECT_ID="3", OFN="\0"), header=False),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_defect_9_a_bad_row_ends_itself_and_says_so(tmp_path: Path, name: str) -> None:
    lines = judged(tmp_path, a_file(a_row()) + BAD_ROWS[name] + a_file(OTHER, header=False))

    assert {"BA100001", "BA100002"} <= {line["case_number"] for line in lines}, DEFECTS[9]
    refused = list(csv.DictReader((tmp_path / "out" / "refused.csv").open(newline="")))
    assert [one["where"].split(",")[0] for one in refused] == ["row 2 (line 3)"]


def test_defect_9_a_bare_quote_is_a_character_like_any_other(tmp_path: Path) -> None:
    quoted = a_file(a_row(SUBJECT_ID="3", CII_NUMBER="", OFN="BA3"), header=False).replace(",BA3,", ',BA"3,')

    lines = judged(tmp_path, a_file(a_row()) + quoted + a_file(OTHER, header=False))

    assert len(lines) == 3, DEFECTS[9]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_defect_9_a_byte_order_mark_is_no_data(tmp_path: Path, mark: bytes) -> None:
    (line,) = judged(tmp_path, mark + a_file(a_row()).encode())

    assert line["source_row"] == "1"
    assert len((tmp_path / "out" / "refused.csv").read_text().splitlines()) == 1, "nothing was refused"


def test_defect_9_the_rows_of_one_person_in_two_files_are_one_person(tmp_path: Path) -> None:
    lines = judged(tmp_path, a_file(a_row()), a_file(STRIKE))

    # The murder bars only where there were more than six plants. Of another person nobody would ask.
    assert [(line["outcome"], line["reason"]) for line in lines] == [("needs_review", "unknown_plants")]


def test_defect_10_the_clock_on_the_wall_changes_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = {
        "cycle": "2",
        "day": "20131201",
        "OFFENSE_DESCR": "11359 HS",
        "SUBJECT_ID": "4",
        "PRI_DOB": "19800101",
    }
    (tmp_path / "doj.csv").write_text(
        a_file(a_row(), OTHER, a_conviction(later | {"CII_NUMBER": "1008675311"}))
    )
    written: list[dict[str, bytes]] = []
    for year in (2021, 2048):
        monkeypatch.setattr(SystemClock, "now", lambda _, year=year: datetime(year, 1, 1, 12, tzinfo=UTC))
        out = tmp_path / "out"
        by = {"county": "los-angeles", "policy": "los-angeles-2020", "as_of": AS_OF, "reports": "peer"}
        evaluate(tmp_path / "doj.csv", out=out, reading=ONE_PROCESS, **by)  # type: ignore[arg-type]
        written.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})

    assert len(written[0]) >= 4
    assert written[0] == written[1], DEFECTS[10]


def test_every_defect_has_its_tests() -> None:
    def named(names: Iterable[str]) -> set[int]:
        return {int(name.split("_")[2]) for name in names if name.startswith("test_defect_")}

    assert {case["defect"] for case in TABLE["cases"]} | named(globals()) == set(DEFECTS)
