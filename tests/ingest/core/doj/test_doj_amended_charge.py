"""Columns and comments that name another charge than the one convicted of."""

import pytest

from services.ingest.core.charges.amended_charge import amended_to
from tests.ingest.rows import row, sheet


@pytest.mark.parametrize(
    ("charge", "comment"),
    [
        ("11350 HS", "CHRG AMENDED TO 11357(B) HS"),
        ("245(A)(1) PC", "AMENDED TO 187(A) PC"),
        ("11358 HS", "PLED TO 11352 HS"),
        ("11358 HS", "PLED GUILTY TO LESSER 11357(B) HS"),
        ("11352 HS", "REDUCED TO 11357(B) HS"),
        ("11352 HS", "PLEA OF NOLO TO 11358"),
        ("11352 HS", "CONVICTED OF 11358 HS"),
        ("11352 HS", "AMENDED TO 1135 9 HS"),
    ],
)
def test_an_amended_charge_contradicts(charge: str, comment: str) -> None:
    (count,) = sheet(row(OFFENSE_DESCR=charge, COMMENT_TEXT=comment)).counts
    assert count.offense.sections == ()
    assert [(d.field, d.kind) for d in count.doubts] == [("offense", "contradictory")]


@pytest.mark.parametrize(
    "comment",
    [
        "PLED TO 11358 HS",
        "AMENDED TO 11358",
        "REDUCED TO MISDEMEANOR PER 17 PC",
        "REDUCED TO MISD PER 17(B)(3) PC",
        "SENT REDUCED TO 90 DAYS",
        "AMENDED TO MISDEMEANOR",
        "11359 - NOT 11358",
    ],
)
def test_a_comment_that_names_no_other_charge_does_not(comment: str) -> None:
    (count,) = sheet(row(COMMENT_TEXT=comment)).counts
    assert [str(section) for section in count.offense.sections] == ["HS 11358"]
    assert "offense" not in {d.field for d in count.doubts}


def test_the_charge_that_is_named_is_read() -> None:
    found = amended_to("CHRG AMENDED TO 664/187(A) PC")
    assert found
    assert (str(found.sections[0]), found.attempt) == ("PC 187(a)", True)
    assert amended_to("11357(B) HS") is None


@pytest.mark.parametrize("column", ["CONV_OFFENSE_DESCR", "DISP_OFFENSE_DESCR"])
@pytest.mark.parametrize(
    ("written", "agrees"),
    [
        ("11358 HS", True),
        ("11358 HS-CULTIVATE/PLANT MARIJUANA", True),
        ("11358", True),
        ("NULL  ", True),
        ("11352 HS", False),
        ("664/11358 HS", False),
        ("11358(A) HS", False),
        ("MARIJUANA", False),
    ],
)
def test_another_column_that_names_another_charge_contradicts(
    column: str, written: str, agrees: bool
) -> None:
    (count,) = sheet(row(**{column: written})).counts
    assert (count.offense.sections != ()) == agrees
    assert [(d.field, d.kind) for d in count.doubts] == ([] if agrees else [("offense", "contradictory")])


def test_so_does_one_that_the_disposition_names() -> None:
    (count,) = sheet(row(DISP_DESCR="CONVICTED-AMENDED TO 11357(B) HS")).counts
    assert count.outcome == "convicted" and count.offense.sections == ()
    assert [(d.field, d.kind) for d in count.doubts] == [("offense", "contradictory")]


@pytest.mark.parametrize("disposition", ["CONVICTED-LESSER OFFENSE", "CONVICTED OF LESSER INCLUDED OFFENSE"])
def test_a_lesser_offense_that_nothing_names_is_in_doubt(disposition: str) -> None:
    (count,) = sheet(row(DISP_DESCR=disposition)).counts
    assert count.outcome == "convicted" and count.offense.sections == ()
    assert [(d.field, d.kind) for d in count.doubts] == [("offense", "contradictory")]
    (named,) = sheet(row(DISP_DESCR=disposition, CONV_OFFENSE_DESCR="11358 HS")).counts
    assert str(named.offense) == "HS 11358" and not named.doubts


def test_what_a_dismissed_charge_was_disposed_of_as_is_nobodys_conviction() -> None:
    (count,) = sheet(row(DISP_DESCR="DISMISSED", CONV_OFFENSE_DESCR="11352 HS")).counts
    assert count.doubts == ()
