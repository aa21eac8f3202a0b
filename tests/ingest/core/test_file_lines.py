"""A row's line in the file, which a person looks for."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.core.doj.file.grouping import group
from services.ingest.core.doj.file.rows import lines
from services.ingest.core.files.file_lines import in_file, line_offset
from services.ingest.core.profile.feed_units import units
from services.ingest.core.source_location import SourceLocation
from tests.ingest.rows import header, row
from tests.ingest.small_profiles import HEADER, a_profile, csv_row


@pytest.mark.parametrize(
    ("rows", "offset"),
    [
        ([(1, 2), (7, 8)], ((0, 1),)),
        ([(1, 1)], ((0, 0),)),
        ([(1, 2), (2, 4), (3, 5), (40, 45)], ((0, 1), (2, 2), (40, 5))),
        ([(2, 4), (1, 2)], ((0, 1), (2, 2))),
        ([(None, 2)], ()),
        ([(1, 0)], ()),
        ([(n, 2 * n) for n in range(1, 102)], ()),
        ([], ()),
    ],
)
def test_an_offset_is_told_with_the_rows_from_which_it_is_another(rows, offset) -> None:
    assert line_offset(rows) == offset


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (SourceLocation(row=17, column="Born"), "row 17 (line 19), column Born"),
        (SourceLocation(row=2, other_rows=(3,), column="Case"), "rows 2-3, column Case"),
        (SourceLocation("message", row=2, column="Born"), "message, row 2, column Born"),
        (SourceLocation(line=4, path="charges[0]"), "line 4, charges[0]"),
        (SourceLocation(path="header format"), "header format"),
    ],
)
def test_a_problem_names_the_line_beside_the_row(where: SourceLocation, told: str) -> None:
    problem = where.problem("c", "w", "r")
    (found,) = in_file([problem], ((0, 2),))
    assert found.where == told
    assert in_file([found], ((0, 2),)) == (found,), "said once"
    assert in_file([problem], ()) == (problem,)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=40))
def test_each_row_is_said_at_its_own_line(gaps: list[tuple[int, int]]) -> None:
    rows, number, line = [], 0, 0
    for skipped, blank in gaps:
        number, line = number + skipped, line + skipped + blank
        rows.append((number, line))
    problems = [SourceLocation(row=number).problem("c", "w", "r") for number, _ in rows]
    said = [(problem.row, problem.line) for problem in in_file(problems, line_offset(rows))]
    assert said == rows


def test_rows_of_dojs_file_know_their_lines() -> None:
    file = b"\n".join([header(), b"", row(), row(SUBJECT_ID="2"), b"", row(SUBJECT_ID="2")])
    found = [[(each.number, each.line) for each in unit.rows] for unit in group(lines(io.BytesIO(file)))]
    assert found == [[(1, 3)], [(2, 4), (3, 6)]]


def test_rows_of_a_feed_know_their_lines_below_its_header(tmp_path) -> None:
    file = b"\n".join([b"", HEADER, csv_row(), csv_row(Case="c2"), b"", csv_row(Case="c3")])
    found = [(unit.numbers, unit.line_offset) for unit in units(a_profile(tmp_path), io.BytesIO(file))]
    assert found == [((1,), ((0, 2),)), ((2,), ((0, 2),)), ((3,), ((0, 3),))]
