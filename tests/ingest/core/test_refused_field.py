"""What refusals are counted by."""

import pytest

from services.ingest.core.refused_field import field_of


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ("row 17, column Born", "Born"),
        ("row 17 (line 19), column Charge, Filed", "Charge, Filed"),
        ("row 2, column Case; row 3, column Case", "Case"),
        ("rows 3, 7-9, column STP_ORI_CNTY_NAME", "STP_ORI_CNTY_NAME"),
        ("line 4, charges[0].sentence[12].unit", "charges[].sentence[].unit"),
        ("header format", "header format"),
        ("record 4, person.born", "person.born"),
        ("row 17, byte 5", ""),
        ("line 4, character 17", ""),
        ("rows 3, 7-9", ""),
        ("message", ""),
        ("row 17", ""),
        ("", ""),
    ],
)
def test_a_place_tells_its_field_without_its_row(where: str, field: str) -> None:
    assert field_of(where) == field
