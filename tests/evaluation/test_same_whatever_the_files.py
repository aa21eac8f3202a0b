"""From files to determinations: order, splitting and irrelevant columns change nothing, and nothing ever raises."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

import pytest

from reliefstream_contracts.histories import HistoryChanged
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import policy_names
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.evaluation import histories as offline_histories
from services.evaluation.files import index as offline_index
from services.evaluation.histories import OfflineHistories
from tests.effort import tries
from tests.eligibility.builders import LOS_ANGELES
from tests.evaluation.made_up_records import (
    IRRELEVANT,
    Rows,
    a_court_case,
    a_persons_rows,
    as_csv,
    as_json_lines,
)
from tests.ingest.rows import LA, TODAY
from tests.left_out import without

PERSONS = max(tries(30), 8)
AS_OF = date(2020, 2, 1)
OF_THE_PLACE = {"file_sha256", "source_row"}
"""What a determination says of where its row stands, which another file has elsewhere."""


def _judged(policy: str, history: HistoryChanged) -> list[str]:
    found = judge(history, LOS_ANGELES, load_policy(policy), load_statute(), AS_OF)
    return [without(one, OF_THE_PLACE) for one in found]


def judged(folder: Path, policy: str, *bodies: bytes) -> tuple[Counter[str], Counter[str]]:
    """Every determination, and what was refused, of files with these contents."""
    folder.mkdir(exist_ok=True)
    files: list[Path] = []
    for number, body in enumerate(bodies):
        files.append(folder / f"{number}")
        files[-1].write_bytes(body)
    taken = OfflineHistories(files, LA, TODAY)
    found = Counter(one for ones in taken.map(partial(_judged, policy)) for one in ones)
    return found, Counter(problem.code for _, problem in taken.refused)


def people(seed: str) -> Rows:
    chance = Random(seed)
    return [row for number in range(PERSONS) for row in a_persons_rows(chance, number)]


def split(rows: Rows, chance: Random, parts: int) -> list[Rows]:
    found: list[Rows] = [[] for _ in range(parts)]
    for row in rows:
        chance.choice(found).append(row)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("policy", policy_names())
def test_order_splitting_line_ends_and_irrelevant_columns_change_nothing(tmp_path: Path, policy: str) -> None:
    rows, chance = people(policy), Random(f"other {policy}")
    whole = judged(tmp_path / "whole", policy, as_csv(rows))
    assert whole[0].total() > PERSONS

    shuffled = chance.sample(rows, len(rows))
    assert judged(tmp_path / "shuffled", policy, as_csv(shuffled)) == whole, "the order of rows"
    parts = [as_csv(part, header=chance.random() < 0.5) for part in split(shuffled, chance, 3)]
    assert judged(tmp_path / "parts", policy, *parts) == whole, "splitting of files"
    assert judged(tmp_path / "turned", policy, *parts[::-1]) == whole, "the order of files"
    assert judged(tmp_path / "twice", policy, *parts, *parts)[0] == whole[0], "sending twice"
    noise = [row | {name: chance.choice(("", "x", "42", "NOISE")) for name in IRRELEVANT} for row in rows]
    assert judged(tmp_path / "noise", policy, as_csv(noise)) == whole, "irrelevant columns"
    padded = [{name: f" {value}  " if value else "NULL  " for name, value in row.items()} for row in rows]
    assert judged(tmp_path / "padded", policy, as_csv(padded)) == whole, "padding"
    body = b"\xef\xbb\xbf" + as_csv(rows).replace(b"\r\n", b"\n").rstrip(b"\n")
    assert judged(tmp_path / "plain", policy, body) == whole, "line ends and byte-order mark"


@pytest.mark.slow
@pytest.mark.parametrize("policy", policy_names())
def test_the_order_of_court_lines_and_of_sources_changes_nothing(tmp_path: Path, policy: str) -> None:
    chance = Random(policy)
    rows, cases = people(policy), [a_court_case(chance, number) for number in range(PERSONS)]
    whole = judged(tmp_path / "whole", policy, as_csv(rows), as_json_lines(cases))

    turned = as_json_lines(chance.sample(cases, len(cases)))
    assert judged(tmp_path / "turned", policy, turned, as_csv(rows)) == whole
    halves = as_json_lines(cases[::2]), as_json_lines(cases[1::2])
    assert judged(tmp_path / "two", policy, halves[1], as_csv(rows), halves[0]) == whole


def _judged_on(days: Sequence[date], history: HistoryChanged) -> int:
    """How many determinations there are on these days under all policies."""
    seen = 0
    for policy in map(load_policy, policy_names()):
        for day in days:
            for one in judge(history, LOS_ANGELES, policy, load_statute(), day):
                seen += 1
                assert one.grounds, "it explains itself"
                assert one.next_review_on is None or one.next_review_on > day
    return seen


@pytest.mark.slow
def test_no_history_that_the_parsers_produce_makes_the_law_fail_on_any_day(tmp_path: Path) -> None:
    chance = Random(8)
    days = (date(1, 1, 1), AS_OF, date(9999, 12, 31))
    (tmp_path / "doj").write_bytes(as_csv(people("total")))
    (tmp_path / "court").write_bytes(as_json_lines(a_court_case(chance, n) for n in range(PERSONS)))

    taken = OfflineHistories((tmp_path / "doj", tmp_path / "court"), LA, TODAY)
    seen = sum(taken.map(partial(_judged_on, days)))

    assert seen > PERSONS * len(days) * len(policy_names())


@pytest.mark.slow
@pytest.mark.parametrize(("parcel", "workers"), [(700, 1), (5_000, 1), (20_000, 2)])
def test_in_which_parcels_and_processes_files_are_read_changes_nothing_not_even_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parcel: int, workers: int
) -> None:
    (tmp_path / "doj").write_bytes(as_csv(people("parcels")))
    (tmp_path / "court").write_bytes(as_json_lines(a_court_case(Random(1), n) for n in range(PERSONS)))
    files = (tmp_path / "doj", tmp_path / "court")
    whole = OfflineHistories(files, LA, TODAY, workers=1)
    expected = list(whole.map(partial(_judged, "los-angeles-2020")))

    monkeypatch.setattr(offline_index, "CHUNK", parcel)
    monkeypatch.setattr(offline_histories, "PARCEL", parcel)
    monkeypatch.setattr(offline_histories, "GROUPS", 1)
    monkeypatch.setattr(offline_histories, "WORTH_A_PROCESS", 0)
    parts = OfflineHistories(files, LA, TODAY, workers=workers)

    assert list(parts.map(partial(_judged, "los-angeles-2020"))) == expected
    assert parts.refused == whole.refused
    assert parts.rows_read == whole.rows_read
