"""HS 11361.9: until 1 July 2020 the prosecution could challenge a conviction on DOJ's list."""

from datetime import date

import pytest

from services.relief.lifecycle.challenge_window import after_window
from tests.relief.builders import count

DOJ, COURT = count("d1"), count("c1")


@pytest.mark.parametrize(
    ("entered_on", "counts", "late"),
    [
        (date(2020, 6, 30), [DOJ], False),
        (date(2020, 7, 1), [DOJ], False),
        (date(2020, 7, 2), [DOJ], True),
        (date(2026, 11, 22), [COURT, DOJ], True),
        (date(2026, 11, 22), [COURT], False),
    ],
)
def test_a_challenge_is_late_from_2_july_2020_on_where_doj_shows_the_conviction(
    entered_on: date, counts: list[str], late: bool
) -> None:
    assert after_window(counts, entered_on) is late
