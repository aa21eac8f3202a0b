"""A row's line in the file, which a person looks for."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.grouping import group
from services.ingest.core.doj.file.rows import lines
from services.ingest.core.file_lines import in_file, line_offset, said_of_lines
from services.ingest.core.profile.units import units
from tests.ingest.rows import header, row
from tests.ingest.small_profiles import HEADER, a_profile, csv_row


@pytest.mark.parametrize(
    ("rows", "offset"),
    [
        ([(1, 2), (7, 8)], "1"),
        ([(1, 1)], "0"),
        ([(1, 2), (2, 4), (3, 5), (40, 45)], "1,2:2,40:5"),
        ([(2, 4), (1, 2)], "1,2:2"),
        ([(None, 2)], None),
        ([(1, 0)], None),
        ([(n, 2 * n) for n in range(1, 102)], None),
        ([], None),
    ],
)
def test_an_offset_is_told_with_the_rows_from_which_it_is_another(rows, offset) -> None:
    assert line_offset(rows) == offset


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("row 17, column Born", "row 17 (line 19), column Born"),
        (
            "row 2, column Case; row 3, column Case",
            "row 2 (line 4), column Case; row 3 (line 5), column Case",
        ),
        ("message, row 2, column Born", "message, row 2, column Born"),
        ("line 4, charges[0]", "line 4, charges[0]"),
        ("header format", "header format"),
    ],
)
def test_a_problem_names_the_line_beside_the_row(where: str, told: str) -> None:
    problem = Problem(code="c", where=where, what="w", remedy="r")
    (found,) = in_file([problem], said_of_lines("2"))
    assert found.where == told
    assert in_file([found], said_of_lines("2")) == (found,), "said once"
    for wrong in (
        {},
        *({"line_offset": text} for text in ("x", "-1", "1,2", "1,2:x", "²", "1" + ",1:1" * 700)),
    ):
        assert in_file([problem], wrong) == (problem,)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=40))
def test_each_row_is_said_at_its_own_line(gaps: list[tuple[int, int]]) -> None:
    rows, number, line = [], 0, 0
    for skipped, blank in gaps:
        number, line = number + skipped, line + skipped + blank
        rows.append((number, line))
    problems = [Problem(code="c", where=f"row {number}", what="w", remedy="r") for number, _ in rows]
    said = [problem.where for problem in in_file(problems, said_of_lines(line_offset(rows)))]
    assert said == [f"row {number} (line {line})" for number, line in rows]


def test_rows_of_dojs_file_know_their_lines() -> None:
    file = b"\n".join([header(), b"", row(), row(SUBJECT_ID="2"), b"", row(SUBJECT_ID="2")])
    found = [[(each.number, each.line) for each in unit.rows] for unit in group(lines(io.BytesIO(file)))]
    assert found == [[(1, 3)], [(2, 4), (3, 6)]]


def test_rows_of_a_feed_know_their_lines_below_its_header(tmp_path) -> None:
    file = b"\n".join([b"", HEADER, csv_row(), csv_row(Case="c2"), b"", csv_row(Case="c3")])
    found = [(unit.numbers, unit.line_offset) for unit in units(a_profile(tmp_path), io.BytesIO(file))]
    assert found == [((1,), "2"), ((2,), "2"), ((3,), "3")]
