"""What may stand on a blanket order."""

import pytest

from services.relief.lifecycle.authority import has_authority


@pytest.mark.parametrize(
    "section",
    [
        "HS 11357",
        "HS 11357(a)",
        "HS 11358(c)",
        "HS 11360(a)(3)",
        "HS 11530.5",
        "HS 11362.3(a)(4)",
        "PC 664/HS 11359",
        "HS 11359/PC 186.22(b)",
    ],
)
def test_the_sections_that_hs_11361_8_names_and_their_predecessors_have_authority(section: str) -> None:
    assert has_authority(section)


@pytest.mark.parametrize(
    "section",
    [
        "PC 148",
        "HS 11364",
        "HS 11357.5",
        "HS 11362.77",
        "HS 113599",
        "BP 11359",
        "PC 182/HS 11359",
        "PC 182(a)(1)/HS 11359",
        "11359",
        "",
    ],
)
def test_related_charges_other_sections_and_conspiracies_have_none(section: str) -> None:
    assert not has_authority(section)
