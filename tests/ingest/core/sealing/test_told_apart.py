"""What a person has told from a sealed conviction is taken in, and the sealed one never by its corrections."""

import pytest

from services.chassis.runtime.keyed_hash import KeyedHash
from tests.ingest.core.sealing.county import JANE, County, codes, court, doj
from tests.ingest.core.sealing.test_sent_again import CHARGE, COURT
from tests.ingest.rows import row

TWIN = {"SUBJECT_ID": "18000099", "CII_NUMBER": "", "PRI_NAME": "DOE,JOAN"}
NAMELESS = COURT | {"record_id": "c2", "defendant": {"surname": "Roe"}}


def told(county: County, **fields: object) -> None:
    assert codes(county.take(court(**NAMELESS | fields))) == ["may_be_sealed"]
    assert county.tell_apart(court(**NAMELESS | fields)).status == "recorded"


def test_a_twins_rap_sheet_is_taken_in_and_so_is_its_next_extract(county: County) -> None:
    assert codes(county.take(doj(row(**TWIN)))) == ["may_be_sealed"]
    done = county.tell_apart(doj(row(**TWIN)))
    assert (done.status, codes(done)) == ("recorded", [])
    assert county.take(doj(row(**TWIN))).status == "repeat"
    assert county.take(doj(row(**TWIN, GENDER="F"), extract="2026-01-02")).status in ("recorded", "repeat")
    assert "doj/los-angeles/18000099/001002001" in county.keys_on_topic()


def test_a_correction_of_something_else_is_taken_in(county: County) -> None:
    told(county)
    done = county.take(court(**NAMELESS | {"revision": 2, "charges": [CHARGE | {"plea": "guilty"}]}))
    assert (done.status, codes(done)) == ("recorded", [])


@pytest.mark.parametrize(
    ("corrected", "said"),
    [
        ({"defendant": {"surname": "Doe"}}, "may_be_sealed"),
        ({"defendant": {"surname": "Roe", "cii_number": "A12345678"}}, "sealed_count_left_out"),
        ({"defendant": {"surname": "Doe", "birth_date": "1970-01-02"}}, "sealed_count_left_out"),
        ({"charges": [CHARGE | {"charge_number": "2"}]}, "may_be_sealed"),
        ({"charges": [CHARGE, CHARGE | {"charge_number": "2"}]}, "may_be_sealed"),
    ],
)
def test_whatever_changes_of_person_or_count_is_held_against_the_seal_anew(
    county: County, corrected: dict[str, object], said: str
) -> None:
    told(county)
    assert codes(county.take(court(**NAMELESS | {"revision": 2} | corrected))) == [said]


def test_another_day_that_was_told_apart_does_not_let_the_sealed_day_in(county: County) -> None:
    other_day = [CHARGE | {"disposition_date": "1995-06-03"}]
    assert codes(county.take(court(**COURT | {"charges": other_day}))) == ["may_be_sealed"]
    assert county.tell_apart(court(**COURT | {"charges": other_day})).status == "recorded"
    done = county.take(court(**COURT | {"revision": 2}))
    assert codes(done) == ["sealed_count_left_out"]
    assert "court/los-angeles/c1/1" not in county.keys_on_topic()


def test_what_is_sealed_for_certain_stays_out_whatever_a_person_says(county: County) -> None:
    done = county.tell_apart(court(**COURT))
    assert (done.status, codes(done)) == ("repeat", ["sealed_count_left_out"])


def test_another_record_of_the_same_case_is_still_asked_about(county: County) -> None:
    told(county)
    assert codes(county.take(court(**NAMELESS | {"record_id": "c3"}))) == ["may_be_sealed"]


def test_it_is_known_after_the_key_was_changed(county: County) -> None:
    told(county)
    county.keyed_hash = KeyedHash([b"a newer key", *county.keyed_hash.keys])
    done = county.take(court(**NAMELESS | {"revision": 2}))
    assert (done.status, codes(done)) == ("recorded", [])
    assert JANE in county.published
