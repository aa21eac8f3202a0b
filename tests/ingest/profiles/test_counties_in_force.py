"""A county's corrected profiles are read while ingest runs; wrong ones never."""

import os
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from reliefstream_contracts.identifiers import CountyName
from services.ingest.profiles.counties import sending_county_in
from services.ingest.profiles.counties_in_force import CountiesInForce
from tests.county_files import POLICIES
from tests.ingest.small_profiles import CSV

COUNTY = CountyName("sacramento")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    profiles = tmp_path / COUNTY / "profiles"
    profiles.mkdir(parents=True)
    (tmp_path / COUNTY / "county.yaml").write_text(f"county: {COUNTY}\ncourt_profile: trial\n{POLICIES}")
    (profiles / "trial.yaml").write_text(CSV)
    return tmp_path


def refused() -> float | None:
    return REGISTRY.get_sample_value("reliefstream_profiles_refused", {"county": COUNTY})


@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_among_the_profiles_is_refused_and_holds_nobody_up(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, *, linked: bool
) -> None:
    sending_counties = CountiesInForce(folder)
    file = folder / COUNTY / "profiles" / "odyssey.yaml"
    pipe = tmp_path_factory.mktemp("elsewhere") / "pipe" if linked else file
    os.mkfifo(pipe)
    if linked:
        file.symlink_to(pipe)
    sending_counties.look(at_once=True)
    assert f"{file}: is no regular file" in sending_counties.in_force()[COUNTY].refused
    file.unlink()
    sending_counties.look(at_once=True)
    assert sending_counties.in_force()[COUNTY].refused == ""


def test_a_pipe_or_a_device_as_county_yaml_is_refused(folder: Path) -> None:
    file = folder / COUNTY / "county.yaml"
    for make in (os.mkfifo, lambda path: path.symlink_to("/dev/zero")):
        file.unlink()
        make(file)
        with pytest.raises(ValueError, match=r"county\.yaml: is no regular file"):
            sending_county_in(file)


def test_a_changed_profile_is_read_once_it_stands_still(folder: Path) -> None:
    sending_counties = CountiesInForce(folder)
    before = sending_counties.in_force()[COUNTY]
    sending_counties.look()
    assert sending_counties.in_force()[COUNTY] == before
    file = folder / COUNTY / "profiles" / "trial.yaml"
    file.write_text(CSV.replace("MM/DD/YYYY", "DD.MM.YYYY"))
    sending_counties.look()
    assert sending_counties.in_force()[COUNTY] == before, "it may be half written"
    file.write_text(CSV.replace("[MM/DD/YYYY]", "[MM/DD/YYYY, DD.MM.YYYY]"))
    sending_counties.look()
    assert sending_counties.in_force()[COUNTY] == before
    sending_counties.look()
    after = sending_counties.in_force()[COUNTY]
    assert (after.profiles.keys(), after.refused) == (before.profiles.keys(), "")
    assert after.profiles != before.profiles


@pytest.mark.parametrize(
    "wrong",
    [CSV.replace("record_id", "record"), "profile: [", "", CSV.replace("profile: trial", "profile: x")],
)
def test_a_wrong_profile_is_refused_loudly_and_the_one_before_stays(folder: Path, wrong: str) -> None:
    sending_counties = CountiesInForce(folder)
    before, intake = sending_counties.in_force()[COUNTY], sending_counties[COUNTY]
    file = folder / COUNTY / "profiles" / "trial.yaml"
    file.write_text(wrong)
    sending_counties.look(at_once=True)
    assert sending_counties[COUNTY] is intake
    assert sending_counties.in_force()[COUNTY].profiles == before.profiles
    assert str(file) in sending_counties.in_force()[COUNTY].refused
    assert refused() == 1
    file.write_text(CSV)
    sending_counties.look(at_once=True)
    assert (sending_counties.in_force()[COUNTY], refused()) == (before, 0)


def test_a_profile_that_is_gone_while_the_county_names_it_changes_nothing(folder: Path) -> None:
    sending_counties = CountiesInForce(folder)
    (folder / COUNTY / "profiles" / "trial.yaml").unlink()
    sending_counties.look(at_once=True)
    assert (
        sending_counties[COUNTY].profiles
        and "no profile 'trial'" in sending_counties.in_force()[COUNTY].refused
    )


def test_a_county_whose_file_names_another_is_refused(folder: Path) -> None:
    sending_counties = CountiesInForce(folder)
    (folder / COUNTY / "county.yaml").write_text(f"county: yolo\n{POLICIES}")
    sending_counties.look(at_once=True)
    assert (
        list(sending_counties) == [COUNTY]
        and "named as its folder: sacramento" in sending_counties.in_force()[COUNTY].refused
    )
