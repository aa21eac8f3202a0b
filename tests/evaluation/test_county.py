"""Which counties files can be judged for."""

import pytest

from services import COUNTIES
from services.evaluation.county import UnknownCounty, offline_county


def test_a_county_with_a_folder_is_as_its_folder_says() -> None:
    found = offline_county("los-angeles", COUNTIES)
    assert "Long Beach" in found.county.city_prosecutors
    assert found.source.intake.county_of("L.A.") == "los-angeles"


def test_any_other_county_of_california_is_known_by_its_name() -> None:
    found = offline_county("del-norte", COUNTIES)
    assert (found.county.name, found.county.city_prosecutors) == ("del-norte", ())
    assert found.source.intake.county_of(" Del Norte Co. ") == "del-norte"


@pytest.mark.parametrize("name", ["Los Angeles", "clark", "", "../yolo"])
def test_what_is_no_county_is_told_how_counties_are_written(name: str) -> None:
    with pytest.raises(UnknownCounty, match="California's 58"):
        offline_county(name, COUNTIES)
