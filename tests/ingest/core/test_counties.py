"""Counties as sources write them."""

import pytest

from reliefstream_contracts.identifiers import CountyName
from services.ingest.core.counties import COUNTIES, intake
from tests.ingest.rows import LA, row, sheet


def test_california_has_58_counties() -> None:
    assert len(COUNTIES) == 58


@pytest.mark.parametrize(
    ("written", "county"),
    [
        ("LOS ANGELES CO", "los-angeles"),
        ("Los Angeles Co.", "los-angeles"),
        ("LOS ANGELES CNTY", "los-angeles"),
        ("CO OF LOS ANGELES", "los-angeles"),
        ("LOS-ANGELES", "los-angeles"),
        ("LOSANGELES", "los-angeles"),
        ("L A", "los-angeles"),
        ("SANLUIS OBISPO", "san-luis-obispo"),
        ("L.A. COUNTY", "los-angeles"),
        ("SAN  LUIS OBISPO CO", "san-luis-obispo"),
        ("LOS ANGELS", None),
        ("COUNTY", None),
        ("CLARK", None),
        ("", None),
    ],
)
def test_only_a_name_of_a_county_is_one(written: str, county: str | None) -> None:
    assert LA.county_of(written) == county


def test_a_door_knows_its_own_county_by_name_whatever_it_is() -> None:
    assert intake(CountyName("test-county")).county_of("Test County") == "test-county"


def test_a_county_that_is_none_is_a_doubt_beside_another_conviction() -> None:
    found = sheet(row(), row(CNT_ORDER="002001001000", STP_ORI_CNTY_NAME="LOS ANGELS"))
    assert found.convicted_in(LA)
    assert found.counts[1].county is None
    assert [(d.field, d.kind, d.as_written) for d in found.counts[1].doubts] == [
        ("county", "unparsed", ("LOS ANGELS",))
    ]
