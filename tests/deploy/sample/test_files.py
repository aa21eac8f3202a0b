"""The two files as their sources would send them."""

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from deploy.sample.files.deferred import WINDOW
from deploy.sample.files.doj.columns import COLUMN, COLUMNS
from reliefstream_contracts.court_case import CourtCase
from services.ingest.core.charges.code_sections import read_offense
from tests.deploy.sample.samples import Written

Rows = list[list[str]]


@pytest.fixture(scope="module")
def rows(hundredth: Written) -> Rows:
    with (hundredth.out / "doj.csv").open(newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def lines(hundredth: Written) -> list[str]:
    return (hundredth.out / "court.jsonl").read_text().splitlines()


def value(row: list[str], column: str) -> str:
    return row[COLUMN[column]].strip()


def test_the_columns_are_those_of_the_bulk_file(peer: Path) -> None:
    assert list(COLUMNS) == (peer / "doj_columns.txt").read_text().split()


def test_every_row_has_95_columns_but_one_that_lacks_one_and_one_that_has_one_more(rows: Rows) -> None:
    assert rows[0] == list(COLUMNS)
    assert Counter(map(len, rows)) == {95: len(rows) - 2, 94: 1, 96: 1}


def test_rows_units_and_refused_rows_are_as_the_truth_counts_them(hundredth: Written, rows: Rows) -> None:
    counted = hundredth.totals["doj.csv"]
    assert counted["rows"] == len(rows) - 1
    assert counted["units"] == len({value(row, "SUBJECT_ID") for row in rows[1:]})
    assert counted["quarantined_rows"] == 4
    assert counted["faults"] == {
        "columns_94": 1, "columns_96": 1, "blank_cnt_order": 1, "blank_step_type": 1,
    }  # fmt: skip
    good = [row for row in rows[1:] if len(row) == 95]
    assert sum(not value(row, "CNT_ORDER") for row in good) == 1
    assert sum(not value(row, "STP_TYPE_DESCR") for row in good) == 1
    repeated = [n for n in Counter(map(tuple, rows)).values() if n > 1]
    assert sum(repeated) - len(repeated) == counted["identical_rows"] == 3


def test_a_persons_rows_may_stand_apart_but_not_far(rows: Rows) -> None:
    order = list(dict.fromkeys(value(row, "SUBJECT_ID") for row in rows[1:]))
    first_seen = {subject: at for at, subject in enumerate(order)}
    furthest, newest = 0, 0
    for row in rows[1:]:
        newest = max(newest, first_seen[value(row, "SUBJECT_ID")])
        furthest = max(furthest, newest - first_seen[value(row, "SUBJECT_ID")])
    assert 20 < furthest <= WINDOW


def test_social_security_and_licence_numbers_are_there_and_fabricated(rows: Rows, lines: list[str]) -> None:
    good = [row for row in rows[1:] if len(row) == 95]
    assert all(value(row, "PRI_SSN").startswith("000-") for row in good)
    assert all(value(row, "PRI_CDL").startswith("000-") for row in good)
    assert not any(re.search(r"(?<!\d)000-", line) for line in lines)


def test_every_court_line_is_a_case_but_the_bad_ones(hundredth: Written, lines: list[str]) -> None:
    refused: Counter[str] = Counter()
    for line in lines:
        try:
            case = CourtCase.model_validate_json(line)
        except ValidationError as error:
            refused[error.errors()[0]["type"]] += 1
            continue
        if case.county.upper() != "LOS ANGELES":
            refused["other county"] += 1
        if any(
            charge.disposition_date and charge.disposition_date > date(2026, 11, 1) for charge in case.charges
        ):
            refused["future"] += 1
    assert refused == {"json_invalid": 1, "extra_forbidden": 1, "other county": 1, "future": 1}
    counted = hundredth.totals["court.jsonl"]
    assert counted["units"] == len(lines)
    assert counted["quarantined"] == sum(refused.values())
    assert counted["recorded"] + counted["repeats"] + counted["quarantined"] == len(lines)
    assert len(lines) - len(set(lines)) == counted["repeats"] == 9


def test_later_revisions_follow_what_they_replace(hundredth: Written, lines: list[str]) -> None:
    revisions: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for line in dict.fromkeys(lines):
        try:
            case = json.loads(line)
        except json.JSONDecodeError:
            continue
        revisions[case["record_id"]].append((case["revision"], case.get("withdrawn", False)))
    several = [found for found in revisions.values() if len(found) > 1]
    assert Counter(map(tuple, several)) == {
        ((1, False), (2, False)): hundredth.totals["court.jsonl"]["revisions"],
        ((1, False), (2, True)): hundredth.totals["court.jsonl"]["withdrawn"],
    }


def test_the_door_reads_every_section_that_the_truth_can_name(hundredth: Written, lines: list[str]) -> None:
    written = {}
    for line in lines:
        try:
            case = json.loads(line)
        except json.JSONDecodeError:
            continue
        written[case["case_number"]] = case["charges"][0]["code_section"]
    for conviction in hundredth.truth("conviction"):
        if "court" not in conviction["case_number"]:
            continue
        offense = read_offense(written[conviction["case_number"]["court"]])
        unreadable = conviction["review"] == "section_unreadable"
        assert str(offense) == ("" if unreadable else conviction["section"])


def test_no_two_persons_share_a_cii_number_but_for_the_pairs(hundredth: Written) -> None:
    numbers = Counter(person["cii_number"] for person in hundredth.truth("person") if person["cii_number"])
    assert sum(n == 2 for n in numbers.values()) == hundredth.totals["pairs_that_share_a_cii_number"] == 2
    assert max(numbers.values()) == 2
