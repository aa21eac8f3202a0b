"""Where a problem is, as data and in words."""

from typing import Any

import pytest

from reliefstream_contracts.receipts import Problem


@pytest.mark.parametrize(
    ("place", "where", "field"),
    [
        ({"row": 17, "column": "Born"}, "row 17, column Born", "Born"),
        (
            {"row": 17, "line": 19, "column": "Charge, Filed"},
            "row 17 (line 19), column Charge, Filed",
            "Charge, Filed",
        ),
        (
            {"row": 3, "other_rows": (7, 8, 9), "column": "STP_ORI_CNTY_NAME"},
            "rows 3, 7-9, column STP_ORI_CNTY_NAME",
            "STP_ORI_CNTY_NAME",
        ),
        (
            {"line": 4, "path": "charges[0].sentence[12].unit"},
            "line 4, charges[0].sentence[12].unit",
            "charges[].sentence[].unit",
        ),
        ({"record": 4, "path": "person.born"}, "record 4, person.born", "person.born"),
        ({"path": "header format"}, "header format", "header format"),
        ({"part": "header", "column": "3"}, "header, column 3", "3"),
        ({"part": "message", "row": 2, "column": "Born"}, "message, row 2, column Born", "Born"),
        ({"row": 17, "position": "byte 5"}, "row 17, byte 5", ""),
        ({"line": 4, "position": "character 17"}, "line 4, character 17", ""),
        ({"row": 17}, "row 17", ""),
        ({"part": "message"}, "message", ""),
    ],
)
def test_the_words_and_the_field_are_made_from_the_data(
    place: dict[str, Any], where: str, field: str
) -> None:
    problem = Problem(code="c", what="w", remedy="r", **place)
    assert (problem.where, problem.field) == (where, field)
    said = problem.to_dict()
    assert (said["where"], said["field"]) == (where, field)
    assert Problem.of(said | {"where": "elsewhere"}) == problem
