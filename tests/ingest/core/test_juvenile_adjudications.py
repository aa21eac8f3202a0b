"""A juvenile court's adjudication is recognised: on record, and no conviction (HS 11361.8(m))."""

import pytest

from services.ingest.core.court.cases import case_content
from services.ingest.core.court.strict_json import read_case
from services.ingest.core.doj.file.unit import Place
from services.ingest.core.source_location import MESSAGE
from tests.ingest.rows import LA, case_bytes, row, sheet

SUSTAINED = [
    "PETITION SUSTAINED",
    "PET SUSTAINED-JUV HALL",
    "JUV PETITION SUSTAINED",
    "SUSTAINED PETITION",
    "PETITION FOUND TRUE",
    "TRUE FINDING",
    "ADJUDGED WARD OF COURT",
    "DECLARED A WARD",
    "WARD OF COURT",
    "WARD OF THE JUVENILE COURT",
    "602 WI SUSTAINED",
    "SUSTAINED",
    "ALLEGATION SUSTAINED",
    "FOUND TRUE",
    "ADMITTED PETITION",
    "ADJUD-WARD",
    "JUVENILE ADJUDICATION",
    "FORMAL PROBATION 602 WI",
    "725(A) WI PROBATION",
]
NOT_SUSTAINED = [
    "PETITION NOT SUSTAINED",
    "PETITION DISMISSED",
    "WARDSHIP TERMINATED",
    "PETITION FILED",
    "DEMURRER SUSTAINED",
    "INFORMAL PROBATION 654 WI",
    "602 WI DISMISSED",
]


@pytest.mark.parametrize("text", SUSTAINED)
def test_a_sustained_petition_is_an_adjudication_and_no_conviction(text: str) -> None:
    found = sheet(row(DISP_DESCR=text, CONV_STAT_DESCR="", OFFENSE_TOC=""))
    (count,) = found.counts
    assert (count.outcome, count.juvenile) == ("not_convicted", True)
    assert count.conviction_date and str(count.offense) == "HS 11358" and not count.doubts
    assert found.convicted_in(LA), "it is the county's to send: a person has to hear of it"


@pytest.mark.parametrize("text", NOT_SUSTAINED)
def test_what_was_not_sustained_is_no_adjudication(text: str) -> None:
    (count,) = sheet(row(DISP_DESCR=text)).counts
    assert (count.outcome, count.juvenile) == ("not_convicted", False)


def test_a_conviction_is_no_adjudication_whatever_a_comment_says() -> None:
    (count,) = sheet(row(COMMENT_TEXT="PRIOR PETITION SUSTAINED 1990")).counts
    assert (count.outcome, count.juvenile) == ("convicted", False)


@pytest.mark.parametrize("court", ["CAJC LOS ANGELES", "LOS ANGELES JUVENILE COURT"])
def test_a_conviction_that_a_juvenile_court_reports_is_in_doubt(court: str) -> None:
    (count,) = sheet(row(STP_ORI_DESCR=court)).counts
    assert [(doubt.field, doubt.kind) for doubt in count.doubts] == [("disposition", "unparsed")]


def test_a_court_says_so_by_its_disposition() -> None:
    case = read_case(
        case_bytes(charge={"disposition": "petition_sustained", "level_convicted": None}), MESSAGE
    )
    assert not isinstance(case, tuple)
    (count,) = case_content(case, LA, Place(), ()).counts
    assert (count.outcome, count.juvenile, count.doubts) == ("not_convicted", True, ())
    assert count.conviction_date is not None
