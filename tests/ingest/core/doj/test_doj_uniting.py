"""Rows of one person in several files and extracts."""

import itertools

import pytest

from services.ingest.core.doj.file.unit import ReadUnit
from services.ingest.core.doj.file.uniting import DojRecord, extract_number, from_json, to_json, unite
from tests.ingest.rows import row, unit

FIRST, SECOND = "a" * 64, "b" * 64
SPANISH = row(CNT_ORDER="003001001000", PRI_NAME="MUÑOZ,JANE").decode().encode("latin-1")


def taken(*steps: tuple[int, ReadUnit]) -> DojRecord:
    held: DojRecord | None = None
    for extract, read in steps:
        held = unite(held, extract, read).record
    assert held is not None
    return held


STEPS = [
    (1, unit(row(), row(CNT_ORDER="002001001000"), file_sha256=SECOND)),
    (1, unit(row(CNT_ORDER="002001001000"), row(CNT_ORDER=""), file_sha256=FIRST)),
    (1, unit(SPANISH)),
    (1, unit(SPANISH, encoding="latin-1")),
    (0, unit(row(OFN="OLD1"))),
    (2, unit(b"no columns", file_sha256=FIRST)),
]


def test_the_order_of_files_makes_no_difference() -> None:
    expected = taken(*STEPS)
    for order in itertools.permutations(STEPS):
        assert taken(*order) == expected
    assert (expected.extract, len(expected.rows)) == (1, 3)
    # The blank count order and the newer row that nobody could read; Latin-1 was read in the end.
    assert expected.refused_rows == 2


def test_the_same_unit_again_is_nothing_new() -> None:
    held = taken(*STEPS)
    for extract, read in STEPS:
        assert unite(held, extract, read).change == ("older_extract" if extract == 0 else "nothing_new")


def test_of_two_places_of_a_row_the_smallest_is_kept() -> None:
    held = taken(STEPS[0], STEPS[1])
    assert sorted((place.file_sha256, place.number) for place in held.rows.values()) == [
        (FIRST, 1), (SECOND, 1),
    ]  # fmt: skip


def test_a_higher_extract_replaces_everything() -> None:
    held = taken(*STEPS, (3, unit(row(OFN="NEW1"))))
    assert [r.ofn for r in held.rows] == ["NEW1"]
    assert held.refused_rows == 0


def test_rows_that_differ_only_in_what_is_dropped_are_one() -> None:
    assert len(taken((0, unit(row(), row(PRI_SSN="111223333", RECORD_ID="2")))).rows) == 1


def test_a_record_comes_back_as_it_was_kept() -> None:
    held = taken(*STEPS)
    kept = to_json(held)
    assert from_json(held.extract, kept) == held
    assert "123456789" not in kept and "F1234567" not in kept


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (None, 0),
        ("", 0),
        ("7", 7),
        ("2020-02-13", 20200213),
        ("2020-02-30", None),
        ("soon", None),
        ("-1", None),
    ],
)
def test_an_extract_is_a_date_or_a_number(text: str | None, number: int | None) -> None:
    assert extract_number(text) == number
