"""Dates as feeds write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.core.profile.dates import conflict, date_format, read_day, read_moment


@pytest.mark.parametrize(
    ("written", "pivot", "text", "day"),
    [
        ("YYYY-MM-DD", None, "1999-01-15", date(1999, 1, 15)),
        ("YYYYMMDD", None, "19990115", date(1999, 1, 15)),
        ("MM/DD/YYYY", None, "01/15/1999", date(1999, 1, 15)),
        ("MM/DD/YYYY", None, "1/15/1999", None),
        ("M/D/YYYY", None, "1/5/1999", date(1999, 1, 5)),
        ("M/D/YYYY", None, "01/05/1999", date(1999, 1, 5)),
        ("YYMMDD", 30, "290115", date(2029, 1, 15)),
        ("YYMMDD", 30, "300115", date(1930, 1, 15)),
        ("MMDDYY", 0, "010299", date(1999, 1, 2)),
        ("DD-MON-YYYY", None, "15-jan-1999", date(1999, 1, 15)),
        ("DD-MON-YYYY", None, "15-JÄN-1999", None),
        ("DD-MON-YYYY", None, "15-XXX-1999", None),
        ("YYYY-MM-DD HH:MI:SS.F", None, "1999-01-15 00:00:00.000", date(1999, 1, 15)),
        ("YYYY-MM-DDTHH:MI:SSZ", None, "1999-01-15T23:59:59Z", date(1999, 1, 15)),
        ("M/D/YYYY H:MI AM", None, "1/15/1999 12:30 AM", date(1999, 1, 15)),
        ("M/D/YYYY H:MI AM", None, "1/15/1999 13:30 PM", None),
        ("YYYYMMDD", None, "19990229", None),
        ("YYYYMMDD", None, "19870000", None),
        ("YYYYMMDD", None, "00000000", None),
        ("YYYYMMDD", None, "١٩٩٩٠١١٥", None),
        ("YYYYMMDD", None, "19990115x", None),
    ],
)
def test_a_text_is_a_day_in_exactly_its_form(
    written: str, pivot: int | None, text: str, day: date | None
) -> None:
    assert read_day(text, [date_format(written, pivot)]) == day


def test_the_time_of_day_orders_revisions() -> None:
    form = date_format("M/D/YYYY H:MI AM")

    found = [
        read_moment(text, [form])
        for text in ("1/15/1999 12:05 AM", "1/15/1999 1:00 PM", "1/15/1999 12:05 PM")
    ]

    assert [moment and moment.isoformat() for moment in found] == [
        "1999-01-15T00:05:00", "1999-01-15T13:00:00", "1999-01-15T12:05:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written", ["", "YYYY", "YYYYMM", "MM/DD", "YYYYMMDDMM", "YYYYMMMDD", "YYYYYYMMDD", "dd.mm.yyyy"]
)
def test_what_is_no_form_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="'"):
        date_format(written, 30 if "YYYYYY" in written else None)


def test_forms_that_read_one_text_as_two_days_cannot_stand_together() -> None:
    american, european, iso = map(date_format, ("MM/DD/YYYY", "DD/MM/YYYY", "YYYY-MM-DD"))

    assert conflict([iso, american, european]) == ("MM/DD/YYYY", "DD/MM/YYYY")
    assert conflict([iso, american, date_format("M/D/YYYY")]) is None
    assert read_day("01/02/1999", [american, european]) is None
    assert read_day("02/02/1999", [american, european]) == date(1999, 2, 2)


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)))
def test_every_day_is_read_as_it_was_written(day: date) -> None:
    for written, pivot, text in (
        ("YYYYMMDD", None, f"{day:%Y%m%d}"),
        ("MM/DD/YYYY", None, f"{day:%m/%d/%Y}"),
        ("YYMMDD", 30, f"{day:%y%m%d}"),
        ("MMDDYY", 30, f"{day:%m%d%y}"),
        ("DD-MON-YYYY", None, f"{day:%d-%b-%Y}"),
    ):
        assert read_day(text, [date_format(written, pivot)]) == day
