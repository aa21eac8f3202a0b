"""What a count and a person are told by when they are sent again."""

import pytest

from reliefstream_contracts.identifiers import CountyName
from services.ingest.core.sealing.facts import RecordKey, count_facts, person_facts
from tests.ingest.rows import row, sheet

RECORD = RecordKey(CountyName("los-angeles"), "doj", "18000001")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "county"), [("YOLO", "yolo"), ("", "los-angeles"), ("LOS ANGELES", "los-angeles")]
)
def test_a_case_is_its_courts_countys_and_the_senders_where_that_is_unknown(
    written: str, county: str
) -> None:
    (count,) = sheet(row(STP_ORI_CNTY_NAME=written)).counts
    assert count_facts(count, RECORD).cases == (f"case/{county}/BA12345",)


def test_a_person_is_told_by_number_birth_date_and_the_senders_key() -> None:
    found = dict(person_facts(sheet(row()).person, RECORD))
    assert found.keys() == {"cii", "birth", "doj/los-angeles"} and found["doj/los-angeles"] == "18000001"
