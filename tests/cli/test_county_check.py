"""``county check`` says before the start what would stop a service, and what a file means."""

from pathlib import Path

import pytest

from services.cli import county
from services.cli.printed.county_file import county_lines
from services.cli.terminal.exit import Refused, WrongUsage

GOOD = """county: yolo
names: [YOLO, YOLO COUNTY]
order_mode: standing
policies:
  - {from: 2020-01-01, policy: statute}
"""


def folder(root: Path, text: str) -> Path:
    path = root / "yolo"
    path.mkdir()
    (path / "county.yaml").write_text(text)
    return path


def test_every_county_of_this_repository_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    county.check()
    assert "los-angeles: LOS ANGELES" in capsys.readouterr().out


def test_a_right_file_is_told_as_it_is_understood(tmp_path: Path) -> None:
    told = "\n".join(county_lines(folder(tmp_path, GOOD)))
    assert "relief: standing" in told and "from 2020-01-01: statute" in told


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (GOOD.replace("order_mode", "order_mod"), "line 3: unknown key 'order_mod' (is order_mode meant?)"),
        (GOOD.replace("statute", "statut"), "statut"),
        (GOOD + "court_profile: tyler\n", "court_profile: no profile 'tyler'; there are none"),
        (GOOD.replace("policies:", "policies: {"), "is not YAML"),
    ],
)
def test_a_wrong_file_is_told_with_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, wrong: str
) -> None:
    with pytest.raises(Refused):
        county.check(folder(tmp_path, text))
    assert wrong in capsys.readouterr().out


def test_what_is_no_county_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="no folder with a county"):
        county.check(tmp_path)
