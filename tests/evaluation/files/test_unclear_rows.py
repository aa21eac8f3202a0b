"""``reliefstream evaluate`` on rows that say something of a conviction where, or in a way that, no reader expects."""

from pathlib import Path

import pytest

from tests.evaluation.doj_rows import a_file, a_row
from tests.evaluation.test_county_tables import SAN_JOAQUIN, judged

RECENT = {
    "PRI_DOB": "19750314",
    "CYC_DATE": "20130101",
    "STP_EVENT_DATE": "20130503",
    "DISP_DATE": "20130503",
}
ARREST = {"STP_TYPE_DESCR": "ARREST/DETAINED/CITED", "DISP_DESCR": "CONVICTED-PRISON", "OFN": ""}
MURDER = ARREST | {"CNT_ORDER": "002001001000", "OFFENSE_DESCR": "187 PC-MURDER"}
FINE = {"SENT_LOC_DESCR": "FINE", "SENT_LENGTH": "", "SENT_TIME_CODE": ""}


def outcomes(folder: Path, *rows: dict[str, str]) -> list[tuple[str, str]]:
    """What the file's persons get in Los Angeles: without doubts, relief for completed sentences."""
    text = a_file(*({**one, **RECENT} for one in rows))
    lines = judged(folder, "los-angeles", text, policy="los-angeles-2020")
    return [(line["outcome"], line["reason"]) for line in lines]


def test_without_them_the_person_gets_relief(tmp_path: Path) -> None:
    assert outcomes(tmp_path, a_row()) == [("dismissal", "only_cannabis_sentences_ended")]


def test_a_super_strike_on_an_arrest_is_not_passed_over(tmp_path: Path) -> None:
    ((outcome, _),) = outcomes(tmp_path, a_row(), a_row(**MURDER))
    assert outcome == "needs_review"


def test_a_cannabis_conviction_on_an_arrest_alone_is_reviewed(tmp_path: Path) -> None:
    assert outcomes(tmp_path, a_row(**ARREST)) == [("needs_review", "disposition_in_doubt")]


@pytest.mark.parametrize("disposition", ["FOO BAR", "VERDICT: GULITY", "25 YEARS", "CONVICTED/ACQUITTED"])
def test_a_super_strike_in_words_that_nobody_can_read_is_not_passed_over(
    tmp_path: Path, disposition: str
) -> None:
    murder = a_row(CNT_ORDER="002001001000", OFFENSE_DESCR="187 PC-MURDER", DISP_DESCR=disposition, OFN="")
    ((outcome, _),) = outcomes(tmp_path, a_row(), murder)
    assert outcome == "needs_review"


@pytest.mark.parametrize("disposition", ["FOO BAR", "C0NVICTED", "CONVICTED - NO", "CONVICTED-PROB?"])
def test_a_cannabis_conviction_in_such_words_is_reviewed(tmp_path: Path, disposition: str) -> None:
    assert outcomes(tmp_path, a_row(DISP_DESCR=disposition)) == [("needs_review", "disposition_in_doubt")]


@pytest.mark.parametrize(
    ("subject", "cii", "expected"),
    [
        ("", "A12345678", ("needs_review", "unknown_rap_sheet")),
        ("NULL", "a12345678", ("needs_review", "unknown_rap_sheet")),
        ("123-45-6789", "A12345678", ("needs_review", "unknown_rap_sheet")),
        ("1.8E+07", "A12345678", ("needs_review", "unknown_rap_sheet")),
        ("", "A87654321", ("dismissal", "only_cannabis_sentences_ended")),
        ("", "", ("dismissal", "only_cannabis_sentences_ended")),
    ],
)
def test_a_row_of_nobody_with_a_persons_cii_number_leaves_the_sheet_incomplete(
    tmp_path: Path, subject: str, cii: str, expected: tuple[str, str]
) -> None:
    murder = a_row(
        SUBJECT_ID=subject, CII_NUMBER=cii, CNT_ORDER="002001001000", OFFENSE_DESCR="187 PC-MURDER"
    )
    assert outcomes(tmp_path, a_row(CII_NUMBER="A12345678"), murder) == [expected]


def test_a_revoked_probation_is_no_completed_sentence(tmp_path: Path) -> None:
    revoked = a_row(
        CNT_ORDER="001003001000", DISP_DESCR="PROB REVOKED", SENT_LOC_DESCR="PRISON", SENT_LENGTH="6"
    )
    assert outcomes(tmp_path, a_row(), revoked) == [("needs_review", "unknown_sentence")]


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        ("CONVICTED-PRISON", ("needs_review", "unknown_sentence")),
        ("CONVICTED-FINE", ("dismissal", "only_cannabis_sentences_ended")),
    ],
)
def test_a_fine_beside_a_prison_of_unknown_length_ends_nothing(
    tmp_path: Path, disposition: str, expected: tuple[str, str]
) -> None:
    assert outcomes(tmp_path, a_row(**FINE, DISP_DESCR=disposition)) == [expected]


def test_one_count_in_two_counties_is_reviewed(tmp_path: Path) -> None:
    other = a_row(CNT_ORDER="001002001001", STP_ORI_CNTY_NAME="YOLO")
    assert outcomes(tmp_path, a_row(), other) == [("needs_review", "county_unknown")]


def test_a_blank_charge_of_the_cycle_may_be_a_cannabis_charge(tmp_path: Path) -> None:
    related = SAN_JOAQUIN | {"CONV_STAT_DESCR": "MISDEMEANOR"}
    blank = a_row(**SAN_JOAQUIN, CNT_ORDER="001002002000", OFFENSE_DESCR="", DISP_DESCR="DISMISSED")
    cannabis = a_row(**SAN_JOAQUIN, CNT_ORDER="005001001000")
    lines = judged(
        tmp_path, "san-joaquin", a_file(a_row(**related, OFFENSE_DESCR="4149 BP"), blank, cannabis)
    )
    assert lines[0]["reason"] == "unknown_section"
