"""A wrong ``county.yaml`` stops ``county check`` and each service that reads it, with file, line and remedy."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.chassis.runtime.clock import SystemClock
from services.chassis.settings.located_yaml import WrongFile
from services.cli.printed.county_file import county_lines
from tests.own_settings import OWN_SETTINGS

GOOD = """county: yolo
names: [YOLO, YOLO COUNTY]
timezone: America/Los_Angeles
order_mode: standing
policies:
  - {from: 2020-01-01, policy: statute}
  - from: 2021-01-01
    policy: dismiss-all
city_prosecutors: [Davis]
"""
READ_BY = ("ingest", "eligibility", "relief", "notification")
WRONG = [
    ("county: yolo", "county: Yolo", 1, "county: should be named as its folder: yolo"),
    ("county: yolo", "county: [yolo]", 1, "county: should be named as its folder: yolo"),
    ("county: yolo\n", "", 1, "county: is missing"),
    ("names:", "name:", 2, "unknown key 'name' (is names meant?)"),
    ("[YOLO, YOLO COUNTY]", "YOLO", 2, "names: a list is expected"),
    ("[YOLO, YOLO COUNTY]", "[YOLO, 5]", 2, "names: text is expected"),
    ("[YOLO, YOLO COUNTY]", "[YOLO, '']", 2, "names: text is expected"),
    ("timezone:", "time_zone:", 3, "unknown key 'time_zone' (is timezone meant?)"),
    ("America/Los_Angeles", "Mars/Olympus", 3, "timezone: there is no time zone 'Mars/Olympus'"),
    ("America/Los_Angeles", "America", 3, "timezone: there is no time zone 'America'"),
    ("America/Los_Angeles", "5", 3, "timezone: text is expected"),
    ("order_mode:", "order_mod:", 4, "unknown key 'order_mod' (is order_mode meant?); known are city_prosecutors, "),
    ("standing", "always", 4, "order_mode: Input should be 'batch' or 'standing'"),
    ("policies:\n", "policies: 5\nremarks:\n", 5, "policies: a list is expected"),
    ("policies:\n", "policies: []\nremarks:\n", 5, "policies: a list of one or more is expected"),
    ("policies:\n", "remarks:\n", 1, "policies: is missing"),
    ("{from: 2020-01-01, policy: statute}", "statute", 5, "policies: a mapping is expected"),
    ("policy: statute", "polcy: statute", 6, "unknown key 'polcy' (is policy meant?); known are from, options, policy"),
    (", policy: statute", "", 6, "policies.policy: is missing"),
    ("    policy: dismiss-all", "    policy: [dismiss-all]", 8, "policies.policy: text is expected"),
    ("2021-01-01", "soon", 7, "policies.from: a date like 2016-11-09 is expected"),
    ("2021-01-01", "'2021-01-01'", 7, "policies.from: a date like 2016-11-09 is expected"),
    ("2021-01-01", "2020-01-01", 5, "policies: two policies are in force from the same day"),
    ("    policy: dismiss-all", "    policy: dismiss-all\n    options: 5", 9, "policies.options: a mapping of options"),
    ("city_prosecutors:", "city_prosecutor:", 9, "unknown key 'city_prosecutor' (is city_prosecutors meant?)"),
    ("[Davis]", "[[Davis]]", 9, "city_prosecutors: text is expected"),
]  # fmt: skip


def folder(root: Path, text: str) -> Path:
    path = root / "yolo"
    path.mkdir()
    (path / "county.yaml").write_text(text)
    return path


def checked(path: Path) -> None:
    list(county_lines(path))


def built(service: str) -> Callable[[Path], None]:
    """Builds a service on the folder's counties, as its start does."""

    def build(path: Path) -> None:
        app = import_module(f"services.{service}.app")
        settings = app.Settings(
            kafka_bootstrap="127.0.0.1:1",
            database_url=SecretStr("postgresql://127.0.0.1:1/none"),
            counties_dir=path.parent,
            **OWN_SETTINGS.get(service, {}),
        )
        app.build(settings, SystemClock())

    return build


READERS = {"county check": checked} | {service: built(service) for service in READ_BY}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_right_file_is_read(tmp_path: Path, read: Callable[[Path], None]) -> None:
    read(folder(tmp_path, GOOD))


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize(("good", "wrong", "line", "what"), WRONG)
def test_a_wrong_file_is_refused_with_its_line_and_what_is_meant(
    tmp_path: Path, read: Callable[[Path], None], *, good: str, wrong: str, line: int, what: str
) -> None:
    assert good in GOOD
    path = folder(tmp_path, GOOD.replace(good, wrong, 1))

    with pytest.raises(WrongFile) as refused:
        read(path)

    assert f"{path / 'county.yaml'}, line {line}: {what}" in str(refused.value)


def test_of_several_errors_the_first_is_told(tmp_path: Path) -> None:
    wrong = GOOD.replace("standing", "always").replace("names:", "name:").replace("[Davis]", "Davis")

    with pytest.raises(WrongFile, match="line 2: unknown key 'name'"):
        checked(folder(tmp_path, wrong))


def test_a_countys_names_are_no_other_countys(tmp_path: Path) -> None:
    wrong = GOOD.replace("YOLO COUNTY", "County of Orange")

    with pytest.raises(WrongFile, match="names: County of Orange is another county's name"):
        checked(folder(tmp_path, wrong))
