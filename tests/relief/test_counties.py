"""How a county's court orders is read from its settings."""

from pathlib import Path

import pytest

from services import COUNTIES
from services.relief.counties import counties


def test_los_angeles_orders_under_a_standing_order() -> None:
    assert counties(COUNTIES)["los-angeles"].order_mode == "standing"


def test_a_county_that_does_not_say_waits_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "fresno").mkdir()
    (tmp_path / "fresno" / "county.yaml").write_text("county: fresno\n")
    assert counties(tmp_path)["fresno"].order_mode == "batch"


@pytest.mark.parametrize("text", ["county: fresno\norder_mode: always\n", "county: [", "", "- fresno\n"])
def test_a_file_that_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "fresno").mkdir()
    (tmp_path / "fresno" / "county.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"fresno/county\.yaml"):
        counties(tmp_path)
