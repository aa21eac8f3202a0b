"""Dates that cannot all be true."""

from datetime import date

import pytest

from services.ingest.core.doj.rap_sheet.rap_sheet import RapSheet
from tests.ingest.rows import row, sheet


def with_arrests(conviction: str, *arrests: str, cycle: str = "20171201") -> RapSheet:
    rows = [
        row(
            STP_TYPE_DESCR="ARREST/DETAINED/CITED",
            DISP_DESCR="",
            CNT_ORDER=f"00100100{n}000",
            STP_EVENT_DATE=on,
            CYC_DATE=cycle,
        )
        for n, on in enumerate(arrests, 1)
    ]
    return sheet(*rows, row(STP_EVENT_DATE=conviction, CYC_DATE=cycle))


@pytest.mark.parametrize("arrests", [["20171201"], ["20171201", "20171202"]])
def test_a_conviction_before_its_arrest_leaves_both_days_unknown(arrests: list[str]) -> None:
    (count,) = with_arrests("20130115", *arrests).counts
    assert (count.conviction_date, count.offense_date) == (None, None)
    assert {d.field: (d.kind, d.as_written) for d in count.doubts} == {
        "conviction_date": ("impossible", ("2013-01-15",)),
        "offense_date": ("impossible", ("2017-12-01",)),
    }


def test_an_earlier_arrest_or_a_cycle_without_a_date_proves_nothing() -> None:
    (count,) = with_arrests("20130115", "20121201", "20171201").counts
    assert (count.conviction_date, count.doubts) == (date(2013, 1, 15), ())
    (count,) = with_arrests("20130115", "20171201", cycle="x").counts
    assert (count.conviction_date, count.offense_date, count.doubts) == (date(2013, 1, 15), None, ())


@pytest.mark.parametrize(
    ("born", "convicted", "possible"),
    [
        ("19900102", "20040102", True),
        ("19900102", "20040101", False),
        ("19990101", "20030601", False),
        ("19990101", "19950601", False),
        ("19000101", "19500601", False),
        ("19010101", "19500601", False),
        ("19010102", "20010101", True),
        ("19010102", "20020102", False),
    ],
)
def test_a_birth_date_that_does_not_fit_a_conviction_is_unknown(
    born: str, convicted: str, possible: bool
) -> None:
    found = sheet(row(PRI_DOB=born, STP_EVENT_DATE=convicted))
    assert (found.person.birth_date is not None) == possible
    assert [(d.field, d.kind, d.as_written) for d in found.doubts] == (
        [] if possible else [("birth_date", "impossible", ())]
    )


def test_a_dismissed_charge_says_nothing_of_an_age() -> None:
    found = sheet(row(PRI_DOB="19990101", STP_EVENT_DATE="20030601", DISP_DESCR="DISMISSED"))
    assert found.person.birth_date == date(1999, 1, 1)


@pytest.mark.parametrize(("died", "believed"), [("19810101", False), ("19950601", True), ("20150101", True)])
def test_a_death_before_a_conviction_is_not_believed(died: str, believed: bool) -> None:
    found = sheet(
        row(),
        row(STP_TYPE_DESCR="DECEASED", CNT_ORDER="", OFFENSE_DESCR="", DISP_DESCR="", STP_EVENT_DATE=died),
    )
    assert (found.deceased, found.deceased_on is not None) == (believed, believed)
    assert [(d.field, d.kind) for d in found.doubts] == ([] if believed else [("deceased_on", "impossible")])


def test_a_death_on_no_possible_day_keeps_its_doubt() -> None:
    dead = row(
        STP_TYPE_DESCR="DECEASED", CNT_ORDER="", OFFENSE_DESCR="", DISP_DESCR="", STP_EVENT_DATE="20191332"
    )
    found = sheet(row(), dead)
    assert [(d.field, d.kind) for d in found.doubts] == [("deceased_on", "impossible")]
