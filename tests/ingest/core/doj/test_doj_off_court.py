"""A row of another step than a court's that speaks of a conviction is one in doubt, never passed over."""

from datetime import date

import pytest

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.vocabulary.offense import Doubt
from services.ingest.core.counties import CountyIntake
from tests.ingest.rows import LA, row, sheet, unit

OFF_COURT = [
    "ARREST/DETAINED/CITED",
    "REGISTRATION",
    "CUSTODY:CDC",
    "PROBATION",
    "SUPPLEMENTAL ARREST",
    "DECEASED",
]
MURDER = {"CNT_ORDER": "003001001000", "OFFENSE_DESCR": "187 PC-MURDER", "OFN": ""}


@pytest.mark.parametrize("kind", OFF_COURT)
@pytest.mark.parametrize("disposition", ["CONVICTED-PRISON", "FOUND GUILTY"])
def test_a_conviction_on_another_step_is_one_in_doubt(kind: str, disposition: str) -> None:
    found = sheet(row(), row(**MURDER, STP_TYPE_DESCR=kind, DISP_DESCR=disposition, SENT_LOC_DESCR="PRISON"))
    sure, doubtful = found.counts
    assert (sure.outcome, sure.doubts) == ("convicted", ())
    assert (doubtful.outcome, str(doubtful.offense), doubtful.level_convicted) == (
        "convicted", "PC 187", "felony",
    )  # fmt: skip
    assert (
        Doubt(field="disposition", kind="unparsed", as_written=(f"{kind}: {disposition}",)) in doubtful.doubts
    )


def test_its_day_is_not_the_convictions() -> None:
    found = sheet(row(), row(**MURDER, STP_TYPE_DESCR="ARREST/DETAINED/CITED", DISP_DESCR="CONVICTED-JAIL"))
    assert found.counts[1].conviction_date is None
    assert Doubt(field="conviction_date", kind="missing") in found.counts[1].doubts


def test_a_count_that_a_court_convicted_of_as_well_is_certain() -> None:
    custody = row(CNT_ORDER="001002001001", STP_TYPE_DESCR="CUSTODY:JAIL", STP_EVENT_DATE="19950701")
    (count,) = sheet(row(), custody).counts
    assert (count.conviction_date, count.doubts) == (date(1995, 6, 1), ())


@pytest.mark.parametrize(
    "disposition", ["", "PROS REL-DET ONLY", "DISMISSED/PLED GUILTY TO OTHER CHARGE", "NOT GUILTY"]
)
@pytest.mark.parametrize("kind", OFF_COURT[:4])
def test_a_step_that_speaks_of_no_conviction_is_no_count(kind: str, disposition: str) -> None:
    silent = {"SENT_LOC_DESCR": "", "SENT_LENGTH": "", "SENT_TIME_CODE": ""}
    found = sheet(row(), row(**MURDER, **silent, STP_TYPE_DESCR=kind, DISP_DESCR=disposition))
    assert [count.doubts for count in found.counts] == [()]


def test_a_registration_that_speaks_of_a_conviction_stays_a_registration() -> None:
    found = sheet(row(), row(**MURDER, STP_TYPE_DESCR="REGISTRATION", DISP_DESCR="CONVICTED-PRISON"))
    assert [str(registration.section) for registration in found.registrations] == ["PC 187"]


def test_it_needs_a_count_order_as_any_count_does() -> None:
    found = unit(row(), row(STP_TYPE_DESCR="REGISTRATION", CNT_ORDER="", DISP_DESCR="CONVICTED-PRISON"))
    assert [refused.problem.code for refused in found.refused] == ["count_order_invalid"]


def test_a_person_with_no_other_conviction_here_is_this_countys() -> None:
    assert sheet(row(STP_TYPE_DESCR="ARREST/DETAINED/CITED")).convicted_in(LA)


def test_rows_of_one_count_in_two_counties_are_either_countys_to_review() -> None:
    found = sheet(row(), row(CNT_ORDER="001002001001", STP_ORI_CNTY_NAME="YOLO"))
    assert [doubt.field for doubt in found.counts[0].doubts] == ["county"]
    assert found.convicted_in(LA) and found.convicted_in(CountyIntake(CountyName("yolo")))
    assert not found.convicted_in(CountyIntake(CountyName("kern")))
