"""How a county's court orders is read from its file."""

from pathlib import Path

from reliefstream_contracts.identifiers import CountyName
from services import COUNTIES
from services.county_folders import counties
from tests.county_files import POLICIES


def test_los_angeles_orders_under_a_standing_order() -> None:
    assert counties(COUNTIES)[CountyName("los-angeles")].order_mode == "standing"


def test_a_county_that_does_not_say_waits_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "fresno").mkdir()
    (tmp_path / "fresno" / "county.yaml").write_text(f"county: fresno\n{POLICIES}")
    assert counties(tmp_path)[CountyName("fresno")].order_mode == "batch"
