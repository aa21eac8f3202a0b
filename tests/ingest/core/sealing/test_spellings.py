"""What was sealed comes again in another writing: left out, or for a person to tell; another person's is taken in."""

from typing import Any

import pytest

from tests.ingest.core.sealing.county import County, codes, court, doj
from tests.ingest.core.sealing.test_sent_again import CHARGE, COURT
from tests.ingest.rows import row

NUMBERS = (
    "ВА012345",  # Cyrillic
    "ΒΑ-012345",  # Greek
    "BAO12345",
    "BAo12345",
    "BA0I2345",
    "BA0l2345",
    "012345",
    "12345",
    "7BA012345",
    "LA 012345",
    "BA012345, BA099999",
    "BA099999/BA012345",
    "099999 012345",
)
ROE = {"surname": "Roe", "birth_date": "1969-05-05"}


@pytest.mark.parametrize("number", NUMBERS)
def test_under_a_number_in_another_writing_it_is_left_out(county: County, number: str) -> None:
    done = county.take(court(**COURT | {"case_number": number}))
    assert (done.status, codes(done)) == ("repeat", ["sealed_count_left_out"])
    done = county.take(doj(row(OFN=number, SUBJECT_ID="2")))
    assert codes(done) == ["sealed_count_left_out"]


@pytest.mark.parametrize("number", NUMBERS)
def test_of_a_person_of_whom_nothing_is_known_it_waits(county: County, number: str) -> None:
    done = county.take(court(**COURT | {"case_number": number, "defendant": {"surname": "Doe"}}))
    assert codes(done) == ["may_be_sealed"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "anothers",
    [
        {"defendant": ROE},
        {"defendant": {"surname": "Roe"}, "charges": [CHARGE | {"disposition_date": "1995-06-03"}]},
        {"defendant": {"surname": "Roe"}, "charges": [CHARGE | {"code_section": "11359 HS"}]},
        {"defendant": {"surname": "Roe"}, "charges": [CHARGE | {"code_section": "SEE COMPLAINT"}]},
    ],
)
def test_another_persons_case_with_such_a_number_is_taken_in(
    county: County, number: str, anothers: dict[str, Any]
) -> None:
    done = county.take(court(**COURT | {"case_number": number} | anothers))
    assert (done.status, codes(done)) == ("recorded", [])


def test_a_number_that_shares_less_with_it_is_another_case(county: County) -> None:
    for at, number in enumerate(("BA012346", "BA0123456", "BA112345", "1995-2345")):
        done = county.take(court(**COURT | {"record_id": f"o{at}", "case_number": number}))
        assert (done.status, codes(done)) == ("recorded", [])


@pytest.mark.parametrize("section", ["11358 НS", "11358 ΗЅ", "НЅ 11358"])
def test_a_section_in_letters_that_look_alike_is_the_same(county: County, section: str) -> None:
    done = county.take(court(**COURT | {"charges": [CHARGE | {"code_section": section}]}))
    assert codes(done) == ["sealed_count_left_out"]


@pytest.mark.parametrize("section", ["11358", "1135B HS", "SEE COMPLAINT"])
def test_a_section_that_cannot_be_read_without_a_day_waits(county: County, section: str) -> None:
    unclear = CHARGE | {"code_section": section, "disposition_date": None}
    assert codes(county.take(court(**COURT | {"charges": [unclear]}))) == ["may_be_sealed"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("A12345678", "sealed_count_left_out"),
        ("a12345678", "sealed_count_left_out"),
        ("A012345678", "sealed_count_left_out"),
        ("12345678", "sealed_count_left_out"),
        ("0012345678", "sealed_count_left_out"),
        ("B12345678", None),
        ("A12345679", None),
    ],
)
def test_a_cii_number_is_the_same_with_zeros_and_without_its_letter(
    county: County, number: str, said: str | None
) -> None:
    alone = row(CII_NUMBER=number, SUBJECT_ID="2", PRI_DOB="", OFN="BA012345")
    assert codes(county.take(doj(alone))) == ([said] if said else [])
    without_case = row(CII_NUMBER=number, SUBJECT_ID="3", PRI_DOB="", OFN="")
    assert codes(county.take(doj(without_case))) == ([said] if said else [])
