"""Each statute's file says which text it follows, and a reading that is out of date is told."""

from datetime import date
from pathlib import Path

import pytest

from services.chassis.settings.located_yaml import WrongFile
from services.eligibility.files.currency import STATUTE, currencies, in_words, stale

READ = """\
read:
  amended_by: Stats. 2024, ch. 49
  source: the digest of AB 168
  read_on: 2026-11-28
  good_until: 2027-01-01
citation: PC 1203.425
"""


def a_file(folder: Path, text: str) -> Path:
    (folder / "pc_1203_425.yaml").write_text(text)
    return folder


def test_every_statute_says_which_text_it_follows() -> None:
    named = {one.statute for one in currencies()}

    assert named == {path.stem for path in STATUTE.glob("*.yaml")}
    assert all(one.read_on < one.good_until for one in currencies())


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(2026, 12, 31), []), (date(2027, 1, 1), ["pc_1203_425"]), (date(2027, 1, 2), ["pc_1203_425"])],
)
def test_a_reading_is_stale_from_the_day_until_which_it_was_good(
    tmp_path: Path, day: date, told: list[str]
) -> None:
    assert [one.statute for one in stale(day, a_file(tmp_path, READ))] == told


def test_it_is_told_with_amendment_source_and_days(tmp_path: Path) -> None:
    (one,) = currencies(a_file(tmp_path, READ))

    assert in_words(one) == (
        "pc_1203_425: as amended by Stats. 2024, ch. 49; read on 2026-11-28 (the digest of AB 168); "
        "good until 2027-01-01"
    )


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (READ, "citation: PC 1203.425\n", "read: amended_by, source, read_on and good_until are expected"),
        ("2027-01-01", "2026-11-28", "line 5: good_until: a day after the day of the reading is expected"),
        ("  source: the digest of AB 168\n", "", "missing source"),
    ],
)
def test_a_file_that_does_not_say_it_is_wrong(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(WrongFile, match=what):
        currencies(a_file(tmp_path, READ.replace(old, new)))
