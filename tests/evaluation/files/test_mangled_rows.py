"""Ten thousand mangled rows: each is judged, not covered or refused with its reason, and none is lost in silence."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random

import pytest

from deploy.sample.files.files import Sample
from deploy.sample.population.places import county_named
from deploy.sample.population.shape import shape_at
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.receipts import Problem
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.evaluation.files import index as offline_index
from services.evaluation.histories import OfflineHistories
from services.ingest.core.doj.file.columns import COLUMNS
from tests.effort import tries
from tests.eligibility.builders import LOS_ANGELES
from tests.evaluation.files.mangler import a_file, mangled
from tests.ingest.rows import LA, TODAY

SEED = 20_261_122
ROWS_A_FILE = 500
FILES = 20
AT = {name: place for place, name in enumerate(COLUMNS)}
CANNABIS = re.compile(r"(1135[789]|11360)(\([A-Za-z]\))? ?HS")


@pytest.fixture(scope="module")
def real_rows(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """The data rows of a fabricated county, all of 95 columns."""
    folder = tmp_path_factory.mktemp("sample")
    Sample(shape_at(Fraction("0.0025")), county_named("los-angeles"), SEED).write(folder, lambda: None)
    with (folder / "doj.csv").open(newline="") as file:
        return [row for row in csv.reader(file) if len(row) == len(COLUMNS)][1:]


@dataclass
class Seen:
    """What the offline path makes of one file."""

    rows_read: int
    refused: list[Problem]
    judged: set[str] = field(default_factory=set)
    """The keys of all counts that determinations are about."""
    recorded: set[str] = field(default_factory=set)
    """Source's persons of whom anything is on file."""


def _look(as_of: date, policy: str, history: HistoryChanged) -> tuple[list[str], list[str]]:
    found = judge(history, LOS_ANGELES, load_policy(policy), load_statute(), as_of)
    judged = [key for one in found for key in one.counts]
    return judged, [ref.source_subject_id or "" for c in history.convictions for ref in c.counts]


def see(path: Path, policy: str) -> Seen:
    taken = OfflineHistories((path,), LA, TODAY)
    found = list(taken.map(partial(_look, date(2020, 2, 1), policy)))
    seen = Seen(taken.rows_read, [problem for _, problem in taken.refused])
    for judged, recorded in found:
        seen.judged.update(judged)
        seen.recorded.update(recorded)
    return seen


def data_rows(body: bytes) -> Iterator[tuple[int, bytes]]:
    """The rows as anyone would number them, from 1: lines that are not blank and no header. A field in quotes may go
    over several lines (RFC 4180); a line of end-of-file marks (0x1A) alone is blank."""
    number = 0
    lines = [line.rstrip(b"\r") for line in body.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
    while lines:
        row = lines.pop(0)
        broken = row.count(b'"') % 2 and not _is_whole([row])
        for more in range(1, 9) if broken else ():
            rest = lines[:more]
            if all(line.count(b",") < 94 for line in rest) and _is_whole([row, *rest]):
                row, lines = b" ".join([row, *rest]), lines[more:]
                break
        if row.strip(b" \t\r\x1a") and row.split(b",")[0].strip(b' "').upper() != b"RECORD_ID":
            number += 1
            yield number, row


def _is_whole(lines: list[bytes]) -> bool:
    try:
        return len(next(csv.reader([b" ".join(lines).decode("latin-1")], strict=True))) == len(COLUMNS)
    except csv.Error:
        return False


def account_for(body: bytes, seen: Seen) -> Counter[str]:
    """How many rows were judged, are history that is not covered, or were refused. Fails where a row is none."""
    refused: dict[int, set[str]] = {}
    for problem in seen.refused:
        assert problem.code, "a refusal has its code"
        assert problem.what, "a refusal says what is wrong"
        assert problem.remedy, "a refusal says what to do"
        assert problem.row, f"{problem.code} names no row: {problem.where}"
        for number in (problem.row, *problem.other_rows):
            refused.setdefault(number, set()).add(problem.code)
    count: Counter[str] = Counter()
    for number, raw in data_rows(body):
        if number in refused:
            count["refused"] += 1
            continue
        # What stands in a column that is dropped at intake may be no text.
        fields = _fields(raw.decode(errors="replace"))
        assert len(fields) == len(COLUMNS), f"row {number} has no 95 columns and was not refused"
        subject, order = fields[AT["SUBJECT_ID"]].strip(), fields[AT["CNT_ORDER"]].strip()
        assert subject in seen.recorded, f"row {number} is of a person who is nowhere"
        if _is_the_countys_cannabis_conviction(fields):
            assert f"doj/los-angeles/{subject}/{order[:9]}" in seen.judged, f"row {number} is not judged"
            count["judged"] += 1
        else:
            count["not covered"] += 1
    return count


def _fields(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error:  # a quote within a field, or more of a field than Python's reader takes
        return text.split(",")


def _is_the_countys_cannabis_conviction(fields: list[str]) -> bool:
    return (
        fields[AT["STP_TYPE_DESCR"]].strip() == "COURT ACTION"
        and fields[AT["STP_ORI_CNTY_NAME"]].strip() == "LOS ANGELES"
        and fields[AT["DISP_DESCR"]].startswith("CONVICTED")
        and CANNABIS.match(fields[AT["OFFENSE_DESCR"]]) is not None
    )


@pytest.mark.slow
@pytest.mark.parametrize("at", range(tries(FILES)))
def test_each_of_ten_thousand_mangled_rows_is_judged_not_covered_or_refused(
    real_rows: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    print(f"seed {SEED}, file {at}")
    monkeypatch.setattr(offline_index, "CHUNK", (offline_index.CHUNK, 3_000)[at % 2])
    chance = Random(SEED + at)
    start = at * ROWS_A_FILE
    rows = [mangled(real_rows[(start + n) % len(real_rows)], chance) for n in range(ROWS_A_FILE)]
    body = a_file(",".join(COLUMNS).encode(), rows, chance)
    path = tmp_path / "doj.csv"
    path.write_bytes(body)

    seen = see(path, ("los-angeles-2020", "statute")[at % 2])

    assert seen.rows_read == len(list(data_rows(body)))
    assert account_for(body, seen).total() == seen.rows_read
