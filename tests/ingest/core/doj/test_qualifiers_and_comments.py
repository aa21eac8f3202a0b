"""Qualifiers of an offense, and convictions that stand in a comment on another charge alone."""

import pytest

from services.ingest.core.charges.qualifiers import read_qualifiers
from tests.ingest.rows import row, sheet

DUI = {"OFFENSE_DESCR": "23152(A) VC-DUI ALCOHOL/DRUGS", "OFFENSE_TOC": "M", "CONV_STAT_DESCR": "MISDEMEANOR"}


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("ATTEMPTED", (True, False, False)),
        ("ATT", (True, False, False)),
        ("CONSPIRACY", (False, True, False)),
        ("conspired", (False, True, False)),
        ("ACCESSORY AFTER THE FACT", (False, False, True)),
        ("ATTEMPTED, CONSPIRACY", (True, True, False)),
        ("", (False, False, False)),
    ],
)
def test_a_qualifier_says_how_the_offense_was_committed(written: str, how: tuple[bool, bool, bool]) -> None:
    (count,) = sheet(row(OFFENSE_DESCR="209(B)(1) PC-KIDNAP", OFFENSE_QUAL_LST=written)).counts
    assert (count.offense.attempt, count.offense.conspiracy, count.offense.accessory) == how
    assert not count.doubts


@pytest.mark.parametrize("written", ["SOLICITATION", "ATTEMPTED;W/GBI", "SEE REMARKS"])
def test_a_qualifier_that_is_not_known_leaves_the_charge_in_doubt(written: str) -> None:
    (count,) = sheet(row(OFFENSE_QUAL_LST=written)).counts
    assert not count.offense.sections
    assert [(doubt.field, doubt.kind) for doubt in count.doubts] == [("offense", "contradictory")]
    assert read_qualifiers(written).unread


@pytest.mark.parametrize("column", ["DISP_OFFENSE_QUAL_LST", "CONV_OFFENSE_QUAL_LST"])
def test_a_conviction_qualified_otherwise_than_its_charge_is_in_doubt(column: str) -> None:
    (count,) = sheet(row(**{column: "ATTEMPTED"})).counts
    assert [doubt.field for doubt in count.doubts] == ["offense"]
    (same,) = sheet(row(**{column: "ATTEMPTED", "OFFENSE_QUAL_LST": "ATTEMPTED"})).counts
    assert same.offense.attempt and not same.doubts


@pytest.mark.parametrize(
    "comment",
    [
        *("CNT 2 11359 HS", "CT 02-11360(A) HS SENT 3Y", "PLED TO 11358 HS", "ALSO 11359 HS"),
        *("COUNT 3: 11359 HS", "PLUS 11359 HS", "+11359 HS", "W/11359 HS", "AND 11358 HS"),
    ],
)
def test_a_comment_on_a_conviction_that_names_another_count_may_tell_of_one(comment: str) -> None:
    (count,) = sheet(row(**DUI, COMMENT_TEXT=comment)).counts
    assert not count.offense.sections
    assert [(doubt.field, doubt.kind) for doubt in count.doubts] == [("offense", "contradictory")]


@pytest.mark.parametrize(
    "comment", ["ARR CNT 2 11359 HS", "CNT 2 11359 HS DISM", "CNT 2 ORIG CHARGED 11359 HS"]
)
def test_a_count_that_a_comment_says_was_only_charged_tells_of_none(comment: str) -> None:
    (count,) = sheet(row(**DUI, COMMENT_TEXT=comment)).counts
    assert [str(section) for section in count.offense.sections] == ["VC 23152(a)"] and not count.doubts


def test_a_count_named_beside_a_dismissed_charge_tells_of_none() -> None:
    (count,) = sheet(row(**DUI, COMMENT_TEXT="CNT 2 11359 HS", DISP_DESCR="DISMISSED")).counts
    assert count.outcome == "not_convicted"


@pytest.mark.parametrize(
    "comment",
    [
        "ALSO CONV 11359 HS CNT 02",
        "ALSO CONVICTED 11358 HS",
        "CT 2-11360(A) HS CONVICTED",
        "PLED GUILTY TO 11357(C) HS",
        "CONV OF 11359 HS",
        "PG 11359 HS",
        "PLEA GUILTY 11359 HS",
        "NOLO 11359 HS",
        "FOUND GLTY 11359 HS",
    ],
)
@pytest.mark.parametrize("disposition", ["CONVICTED-PROBATION", "DISMISSED"])
def test_a_cannabis_conviction_that_only_a_comment_tells_of_is_for_a_person(
    comment: str, disposition: str
) -> None:
    (count,) = sheet(row(**DUI, COMMENT_TEXT=comment, DISP_DESCR=disposition)).counts
    assert count.outcome == "convicted" and not count.offense.sections
    assert "offense" in [doubt.field for doubt in count.doubts]


@pytest.mark.parametrize(
    "comment",
    [
        "ARRESTED ALSO 11359 HS, DISMISSED",
        "NOT CONV 11359 HS",
        "NOT CONV OF 11359 HS",
        "CNT 2 11359 HS NOLLE PROSEQUI",
        "11359 HS CONV REVERSED",
        "PRIOR CONV 11359 HS",
        "ALSO CONV 484 PC CNT 02",
        "11359 HS",
    ],
)
def test_a_comment_that_tells_of_no_cannabis_conviction_changes_nothing(comment: str) -> None:
    (count,) = sheet(row(**DUI, COMMENT_TEXT=comment)).counts
    assert str(count.offense) == "VC 23152(a)" and not count.doubts


@pytest.mark.parametrize(
    ("comment", "clear"), [("ALSO CONV 11358 HS CNT 02", True), ("ALSO CONV 11357 HS", False)]
)
def test_a_comment_on_a_conviction_that_the_cycle_has_changes_nothing(comment: str, clear: bool) -> None:
    dui, cannabis = sheet(row(**DUI, COMMENT_TEXT=comment), row(CNT_ORDER="001002002000")).counts
    assert bool(dui.offense.sections) == clear and cannabis.offense.sections
