"""What became of a sentence later: probation revoked, another sentence, a custody that is on no sentence."""

import pytest

from reliefstream_contracts.records import Count
from tests.ingest.rows import row, sheet

PRISON = {"SENT_LOC_DESCR": "PRISON", "SENT_LENGTH": "6", "SENT_TIME_CODE": "Y"}
NO_SENTENCE = {"SENT_LOC_DESCR": "", "SENT_LENGTH": "", "SENT_TIME_CODE": ""}
LATER = {"CNT_ORDER": "001003001000", "STP_EVENT_DATE": "19970601", "CONV_STAT_DESCR": "", **PRISON}
BURGLARY = {"CNT_ORDER": "001002002000", "OFFENSE_DESCR": "459 PC-BURGLARY"}


def in_doubt(count: Count) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(doubt.field, doubt.kind, doubt.as_written) for doubt in count.doubts]


def fields(count: Count) -> list[str]:
    return [doubt.field for doubt in count.doubts]


REVOKED = [
    "PROB REVOKED",
    "PROBATION REVOKED",
    "PROB REV/RESENTENCED",
    "PROB VIOL-JAIL",
    "RESENTENCED",
    "PROBATION REINSTATED",
    "PROB EXTENDED",
    "REVOKED PROB",
]


@pytest.mark.parametrize("text", REVOKED)
def test_a_later_step_that_changes_the_sentence_puts_it_in_doubt_and_is_no_conviction(text: str) -> None:
    (count,) = sheet(row(), row(**LATER, DISP_DESCR=text)).counts
    assert ("sentence", "contradictory", (text,)) in in_doubt(count)
    assert {doubt.field for doubt in count.doubts} <= {"sentence", "probation"}
    assert count.level_convicted == "felony"


@pytest.mark.parametrize("text", REVOKED)
def test_so_does_a_later_row_of_the_same_count(text: str) -> None:
    (count,) = sheet(row(), row(**{**LATER, "CNT_ORDER": "001002001001"}, DISP_DESCR=text)).counts
    assert ("sentence", "contradictory", (text,)) in in_doubt(count)
    assert {doubt.field for doubt in count.doubts} <= {"sentence", "probation"}
    assert [part.kind for part in count.sentence] == ["probation"]


@pytest.mark.parametrize(
    ("text", "revoked"), [("PROB VIOL-JAIL", False), ("REVOKED PROB", True), ("RESENTENCED", False)]
)
def test_whether_probation_was_revoked_is_a_doubt_of_its_own(text: str, revoked: bool) -> None:
    (count,) = sheet(row(), row(**LATER, DISP_DESCR=text)).counts
    assert ("probation" in fields(count)) == revoked


def test_so_does_a_comment_on_the_conviction() -> None:
    (count,) = sheet(row(COMMENT_TEXT="PROB REVOKED 19970601, 6 YRS PRISON")).counts
    assert all(doubt.as_written == () for doubt in count.doubts)  # a comment may name people
    assert fields(count) == ["sentence", "probation"]


def test_so_does_a_probation_departments_step() -> None:
    (count,) = sheet(row(), row(**LATER, STP_TYPE_DESCR="PROBATION", DISP_DESCR="PROB REVOKED")).counts
    assert fields(count) == ["sentence", "probation"]


def test_parts_of_the_later_sentence_without_a_disposition_belong_to_it() -> None:
    part = row(**{**LATER, "CNT_ORDER": "001003001001"}, DISP_DESCR="")
    (count,) = sheet(row(), row(**LATER, DISP_DESCR="PROB REVOKED"), part).counts
    assert fields(count) == ["sentence", "probation"]


def test_only_the_conviction_of_its_section_is_in_doubt() -> None:
    found = sheet(row(), row(**BURGLARY), row(**LATER, DISP_DESCR="PROB REVOKED"))
    assert [fields(count) for count in found.counts] == [["sentence", "probation"], []]


@pytest.mark.parametrize(
    "columns", [{"OFFENSE_DESCR": ""}, {"OFFENSE_DESCR": "1203.2 PC-PROBATION VIOLATION"}]
)
def test_a_revocation_that_names_no_charge_puts_all_of_the_case_in_doubt(columns: dict[str, str]) -> None:
    found = sheet(row(), row(**BURGLARY), row(**LATER, **columns, DISP_DESCR="PROB REVOKED"))
    assert [fields(count) for count in found.counts] == [["sentence"]] * 2


def test_a_revocation_of_the_case_in_another_cycle_is_of_its_conviction() -> None:
    (count,) = sheet(row(), row(**LATER | {"CNT_ORDER": "004001001000"}, DISP_DESCR="PROB REVOKED")).counts
    assert fields(count) == ["sentence", "probation"]


def test_a_revocation_that_no_conviction_here_can_have_had_shows_another() -> None:
    other = {"OFFENSE_DESCR": "211 PC-ROBBERY", "OFN": "BA999999"}
    first, second = sheet(row(), row(**LATER, **other, DISP_DESCR="PROB REVOKED")).counts
    assert first.doubts == ()
    assert (second.outcome, second.conviction_date, second.level_convicted) == ("convicted", None, None)
    assert ("disposition", "unparsed", ("PROB REVOKED",)) in in_doubt(second)


def test_relief_is_no_change_of_sentence() -> None:
    relief = row(**LATER | NO_SENTENCE, DISP_DESCR="RESENTENCED PER PROPOSITION 64")
    (count,) = sheet(row(), relief).counts
    assert (count.doubts, [one.kind for one in count.later_relief]) == ((), ["hs_11361_8_redesignation"])


CUSTODY = LATER | {"STP_TYPE_DESCR": "CUSTODY:CDC", "DISP_DESCR": ""}


def test_custody_for_another_sentence_than_the_counts_puts_it_in_doubt() -> None:
    (count,) = sheet(row(), row(**CUSTODY)).counts
    assert in_doubt(count) == [("sentence", "contradictory", ("CUSTODY:CDC: PRISON 6 Y",))]


@pytest.mark.parametrize("length", ["LIFE", "6 YRS", ""])
def test_so_does_custody_without_a_length_that_fits(length: str) -> None:
    (count,) = sheet(row(), row(**CUSTODY | {"SENT_LENGTH": length, "SENT_TIME_CODE": ""})).counts
    assert fields(count) == ["sentence"]


@pytest.mark.parametrize(
    "columns",
    [
        {"SENT_LOC_DESCR": "", "SENT_LENGTH": "3"},  # the count's own three years
        {"SENT_LOC_DESCR": "", "SENT_LENGTH": "36", "SENT_TIME_CODE": "M"},
        {"SENT_LOC_DESCR": "PROBATION", "SENT_LENGTH": "", "SENT_TIME_CODE": ""},
        NO_SENTENCE,
        {"OFFENSE_DESCR": "211 PC-ROBBERY"},
        {"CNT_ORDER": "004001001000", "OFN": "BA999999"},
    ],
)
def test_custody_for_the_same_or_of_another_matter_does_not(columns: dict[str, str]) -> None:
    assert [count.doubts for count in sheet(row(), row(**CUSTODY | columns)).counts] == [()]
