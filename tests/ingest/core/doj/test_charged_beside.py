"""What else a source charged with a conviction: the same DOJ cycle, arrests among it, or the same court case."""

import pytest

from reliefstream_contracts.court_case import CourtCase
from services.ingest.core.court.cases import case_content
from services.ingest.core.doj.file.unit import Place
from tests.ingest.rows import LA, case, row, sheet

RELATED = {"OFFENSE_DESCR": "148(A)(1) PC-OBSTRUCT", "CONV_STAT_DESCR": "MISDEMEANOR"}
ARREST = {"STP_TYPE_DESCR": "ARREST/DETAINED/CITED", "CNT_ORDER": "001001001000", "DISP_DESCR": ""}


def beside(*rows: bytes) -> dict[str, list[str]]:
    return {
        count.count_id: [str(section) for section in count.charged_beside] for count in sheet(*rows).counts
    }


def test_an_arrest_of_the_cycle_is_beside_its_convictions() -> None:
    rows = row(**ARREST, OFFENSE_DESCR="11357(B) HS-POSSESS"), row(**RELATED)
    assert beside(*rows) == {"001002001": ["HS 11357(b)"]}


def test_so_is_a_count_that_was_dismissed_and_it_has_none_itself() -> None:
    dismissed = row(CNT_ORDER="001002002000", DISP_DESCR="DISMISSED")
    assert beside(row(**RELATED), dismissed) == {"001002001": ["HS 11358"], "001002002": []}


UNREAD = [("charged_beside", "unparsed")]


@pytest.mark.parametrize("text", ["", "SEE COMMENT FOR CHARGE", "POSSESSION"])
@pytest.mark.parametrize("kind", ["COURT ACTION", "ARREST/DETAINED/CITED"])
def test_a_charge_of_the_cycle_that_cannot_be_read_is_a_doubt(text: str, kind: str) -> None:
    other = row(CNT_ORDER="001003001000", STP_TYPE_DESCR=kind, OFFENSE_DESCR=text, DISP_DESCR="DISMISSED")
    first = sheet(row(**RELATED), other).counts[0]
    assert (first.charged_beside, [(d.field, d.kind) for d in first.doubts]) == ((), UNREAD)


def test_relief_and_a_revocation_name_no_charge() -> None:
    steps = [
        row(CNT_ORDER=f"00100{n}001000", OFFENSE_DESCR="", DISP_DESCR=text)
        for n, text in enumerate(["DISM PER 1203.4 PC", "PROB REVOKED"], 3)
    ]
    assert "charged_beside" not in [doubt.field for doubt in sheet(row(**RELATED), *steps).counts[0].doubts]


def test_the_cycle_is_dojs_number_whatever_the_days() -> None:
    later = row(CNT_ORDER="001003001000", STP_EVENT_DATE="20050101", CYC_DATE="x", DISP_DATE="")
    assert beside(row(**RELATED), later)["001002001"] == ["HS 11358"]


def test_another_cycle_is_not_beside() -> None:
    assert beside(row(**RELATED), row(CNT_ORDER="002001001000"))["001002001"] == []


def test_parts_of_its_own_sentence_are_not_beside() -> None:
    part = row(CNT_ORDER="001002001001", SENT_LOC_DESCR="JAIL", SENT_LENGTH="30", SENT_TIME_CODE="D")
    assert beside(row(), part) == {"001002001": []}


def test_an_applicants_fingerprints_and_a_death_are_no_charges() -> None:
    others = [
        row(STP_TYPE_DESCR=kind, CNT_ORDER=f"00100{n}001000", DISP_DESCR="")
        for n, kind in enumerate(["APPLICANT", "REGISTRATION", "DECEASED"], 3)
    ]
    assert beside(row(**RELATED), *others)["001002001"] == []


def test_a_courts_other_charges_are_beside_whatever_became_of_them() -> None:
    charges = [
        {"charge_number": "1", "code_section": "148 PC", "disposition": "convicted"},
        {"charge_number": "2", "code_section": "11357(b) HS", "disposition": "dismissed"},
    ]
    content = case_content(CourtCase.model_validate(case(charges=charges)), LA, Place())
    assert [[str(s) for s in count.charged_beside] for count in content.counts] == [["HS 11357(b)"], []]
    assert "charged_beside" not in [doubt.field for count in content.counts for doubt in count.doubts]


def test_a_courts_other_charge_that_cannot_be_read_is_a_doubt() -> None:
    charges = [
        {"charge_number": "1", "code_section": "148 PC", "disposition": "convicted",
         "level_convicted": "misdemeanor", "disposition_date": "1999-01-15"},
        {"charge_number": "2", "code_section": "UNKNOWN", "disposition": "dismissed"},
    ]  # fmt: skip
    content = case_content(CourtCase.model_validate(case(charges=charges)), LA, Place())
    assert [(d.field, d.kind) for d in content.counts[0].doubts] == UNREAD
