"""What became of an order's lines, in the tables that clerks send."""

import pytest

from services.relief.orders.outcome_table import WrongOutcomes, read_outcomes


@pytest.mark.parametrize(
    "rows",
    [
        [["1", "done"], ["2", "Not found"]],
        [["line", "outcome"], ["1", "DONE"], ["2", "not_found"]],
        [["Line"], ["1;done"], ["2\tnot  found"]],
        [["Outcome", "Name", "Line"], ["done", "REYES, ALMA", "1"], ["not found", "", "2"], ["", "LEE", "3"]],
        [["1", "destroyed"], ["1", "done"], ["2", "not found", "a note"]],
    ],
)
def test_a_line_and_its_outcome_are_read_from_any_usual_table(rows: list[list[str]]) -> None:
    assert read_outcomes(rows) == {1: "done", 2: "not_found"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no row says"),
        ([["line", "outcome"]], "no row says"),
        ([["Line", "Name", "Section"], ["1", "REYES, ALMA", "HS 11358"]], "row 2"),
        ([["1", "done"], ["x", "done"], ["3"], ["4", "lost"]], "row 2; row 3; row 4"),
        ([["-1", "done"]], "row 1"),
        ([["Line", "Name", "Outcome"], ["", "LEE", "done"]], "row 2"),
    ],
)
def test_rows_that_say_no_outcome_are_named_and_never_guessed(rows: list[list[str]], said: str) -> None:
    with pytest.raises(WrongOutcomes, match=said):
        read_outcomes(rows)
