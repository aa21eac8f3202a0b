"""A section that a policy names and no list knows is told before anybody signs, and where the county is checked."""

from pathlib import Path

import pytest

from services.cli.policy import show
from services.cli.printed.county_file import county_lines
from services.eligibility.explain.unknown_sections import doubtful_sections
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_options import GivenOptions
from services.eligibility.files.policy_titles import POLICIES, policy_names


def own(folder: Path, name: str, *replaced: tuple[str, str]) -> Path:
    """A policy of the product with some texts replaced, as a county's own file."""
    text = (POLICIES / f"{name}.yaml").read_text()
    for before, after in replaced:
        assert before in text
        text = text.replace(before, after)
    path = folder / "own.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", policy_names())
def test_no_policy_of_the_product_names_one(name: str) -> None:
    assert not list(doubtful_sections(load_policy(name)))


@pytest.mark.parametrize(
    ("name", "replaced", "said"),
    [
        (
            "sacramento",
            ("[HS 11357(b)]", "[HS 99999.9]"),
            "row 6 names HS 99999.9, which HS 11361.8 does not",
        ),
        ("sacramento", ("[HS 11357(b)]", "[PC 11357(b)]"), "row 6 names PC 11357(b)"),
        ("san-joaquin", ("exact_charge: BP 4060", "exact_charge: BP 4606"), "row 3 names BP 4606"),
        ("san-joaquin", ("- HS 11364", "- HC 11364"), "names HC 11364, but no record has a code HC"),
        ("san-joaquin", ("- PC 1320", "- PC 13200"), "names PC 13200, which is in no policy that came"),
    ],
)
def test_a_misspelt_one_is_named_with_its_place(
    name: str, replaced: tuple[str, str], said: str, tmp_path: Path
) -> None:
    (told,) = doubtful_sections(load_policy(str(own(tmp_path, name, replaced))))
    assert said in told


def test_one_that_an_option_names_is_told_too(tmp_path: Path) -> None:
    option = next(one.name for one in load_policy("configurable").options if isinstance(one.default, tuple))
    given = GivenOptions(tmp_path / "options.yaml", ((option, ("HS 11357", "HS 11375"), 1),))
    (told,) = doubtful_sections(load_policy("configurable", given))
    assert "HS 11375" in told


def test_a_row_may_name_what_is_below_a_related_charge_or_above_it(tmp_path: Path) -> None:
    below = ("[HS 11357]", "[HS 11357, PC 148(a)(1), PC 647]")
    assert not list(doubtful_sections(load_policy(str(own(tmp_path, "san-joaquin", below)))))


def test_the_sheet_and_the_countys_check_say_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "yolo"
    folder.mkdir()
    path = own(folder, "sacramento", ("[HS 11357(b)]", "[HS 99999.9]"))
    (folder / "county.yaml").write_text("county: yolo\npolicies:\n  - {from: 2020-01-01, policy: own.yaml}\n")
    show(str(path))
    assert "Look at these sections before you sign" in capsys.readouterr().out
    assert "look at it: row 6 names HS 99999.9" in "\n".join(county_lines(folder))
