"""Law and policy files are checked before they are used, and say where they are wrong."""

import re
from datetime import date
from pathlib import Path

import pytest

from services import COUNTIES
from services.chassis.settings.located_yaml import WrongFile
from services.eligibility.files.county_files import read_counties, read_county
from services.eligibility.files.currency import STATUTE
from services.eligibility.files.policy_files import (
    POLICIES,
    UnknownPolicy,
    load_policy,
    policy_names,
    read_policy,
)
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.input.section_list import read_section, section_list
from tests.eligibility.builders import LOS_ANGELES

REPOSITORY = Path(__file__).parents[3]
GOOD = """policy: trial
law: hs-11361.8
title: A trial
source: none
labels: {needs_review: R, not_covered: N, already_relieved: A}
rows:
  - {row: 1, when: {age_at_least: 50}, outcome: dismissal, route: district_attorney, reason: old,
     determination_label: D, reason_label: Old}
  - {row: 2, when: {otherwise: true}, outcome: not_eligible, reason: none,
     determination_label: N, reason_label: None}
"""


def a_policy_file(folder: Path, text: str) -> Path:
    path = folder / "trial.yaml"
    path.write_text(text)
    return path


def test_a_good_policy_is_read(tmp_path: Path) -> None:
    policy = read_policy(a_policy_file(tmp_path, GOOD))

    assert [row.says for row in policy.rows] == ["50 or older on the day", "otherwise"]


@pytest.mark.parametrize(
    ("wrong", "line", "what"),
    [
        (("age_at_least: 50", "age_atleast: 50"), 7, "unknown condition 'age_atleast'"),
        (("age_at_least: 50", "age_at_least: fifty"), 7, "age_at_least: takes 50, not 'fifty'"),
        (("age_at_least: 50", "age_at_least: true"), 7, "age_at_least: takes 50, not True"),
        (("age_at_least: 50", "age_at_least: 50, deceased: true"), 7, "a condition is one word"),
        (("{age_at_least: 50}", "{all: [{deceased: true}]}"), 7, "all: takes a list of two or more"),
        (("{age_at_least: 50}", "{level: [crime]}"), 7, "level: takes some of felony"),
        (("{age_at_least: 50}", "{names_section: [11357 HS]}"), 7, "'11357 HS' is not a section"),
        (("outcome: dismissal", "outcome: dismissed"), 7, "outcome: one of dismissal, "),
        (("route: district_attorney, ", ""), 7, "route: one of district_attorney, city_attorney"),
        (("reason: old", "reasn: old"), 7, "unknown key 'reasn'"),
        (("title: A trial", "titel: A trial"), 3, "unknown key 'titel'"),
        (("{otherwise: true}", "{deceased: true}"), 9, "the last row should be {otherwise: true}"),
        (("law: hs-11361.8", "law: hs-1"), 2, "no law 'hs-1'; there are hs-11361.8"),
        (("row: 2", "row: [2]"), 9, "row: a number like 3 or 3a is expected"),
        (("reason: none", "reason: No!"), 9, "reason: a code like two_priors is expected"),
        (("title: A trial", "title: 5"), 3, "title: text is expected, not 5"),
        (("needs_review: R", "needs_review:"), 5, "needs_review: text is expected, not None"),
        (("outcome: not_eligible,", "outcome: not_eligible, route: city_attorney,"), 9, "nobody has to act"),
        (("{age_at_least: 50}", "{otherwise: true}"), 7, "no row after this one would ever be asked"),
        (
            ("reason: none", "reason: none, interpretations: I-14"),
            9,
            "interpretations: a list of texts is expected",
        ),
        (("title: A trial", "policy: trial"), 3, "'policy' stands twice"),
        (("row: 2", "row: 1"), 9, "two rows have the number 1"),
        (("labels: {needs", "labels: [needs"), 5, "is not YAML"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_line(
    tmp_path: Path, wrong: tuple[str, str], line: int, what: str
) -> None:
    path = a_policy_file(tmp_path, GOOD.replace(*wrong))

    with pytest.raises(WrongFile) as refused:
        read_policy(path)

    assert f"trial.yaml, line {line}: " in str(refused.value)
    assert what in str(refused.value)


def test_an_unknown_policy_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UnknownPolicy, match=r"no policy 'nowhere'; there are .*los-angeles-2020"):
        load_policy("nowhere")


def test_every_policy_that_ships_is_read() -> None:
    assert {"los-angeles-2020", "los-angeles-2021", "statute"} <= set(policy_names())
    assert all(load_policy(name).title for name in policy_names())


def test_los_angeles_has_its_policies_by_date() -> None:
    county = read_counties(COUNTIES)[LOS_ANGELES.name]

    assert county.county == LOS_ANGELES
    assert county.selected_on(date(2019, 1, 1)).name == "los-angeles-2020"
    assert county.selected_on(date(2021, 8, 31)).name == "los-angeles-2020"
    assert county.selected_on(date(2021, 9, 1)).name == "los-angeles-2021"


def test_a_county_without_policies_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "here" / "county.yaml"
    path.parent.mkdir()
    path.write_text("county: here\n")

    with pytest.raises(WrongFile, match="line 1: policies: is missing"):
        read_county(path)


def test_a_statute_with_a_misspelt_section_is_refused(tmp_path: Path) -> None:
    for path in STATUTE.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    file = tmp_path / "pc_290_c.yaml"
    file.write_text(file.read_text().replace("PC 243.4", "243.4 PC"))

    with pytest.raises(WrongFile, match=r"pc_290_c.yaml, line \d+: '243.4 PC' is not a section"):
        load_statute(tmp_path)


@pytest.mark.parametrize(
    ("listed", "actual", "finding"),
    [
        ("PC 187", "PC 187(a)", "met"),
        ("PC 262(a)(4)", "PC 262(a)(1)", "not_met"),
        ("PC 262(a)(4)", "PC 262(a)", "unknown"),
        ("PC 262(a)(4)", "PC 262", "unknown"),
        ("PC 262(a)(4)", "PC 262(b)", "not_met"),
        ("PC 37", "PC 537", "not_met"),
        ("PC 37", "PC 37.5", "not_met"),
        ("PC 288a", "PC 288(a)", "not_met"),
        ("PC 288", "PC 288a", "unknown"),
        ("PC 243.4", "PC 243.4a", "unknown"),
        ("PC 653f(b)", "PC 653fb", "unknown"),
        ("PC 653f(b)", "PC 653fc", "not_met"),
        ("PC 273ab", "PC 273a", "not_met"),
        ("PC 273ab", "PC 273ab", "met"),
        ("HS 11357", "HS 11357.5", "not_met"),
        ("HS 11357", "PC 11357", "not_met"),
    ],
)
def test_sections_are_compared_token_by_token(listed: str, actual: str, finding: str) -> None:
    assert section_list([read_section(listed)]).look_up(read_section(actual))[0] == finding


def test_every_reading_that_is_cited_stands_in_interpretations() -> None:
    numbered = re.findall(r"\*\*(I-\d\d) ", (REPOSITORY / "INTERPRETATIONS.md").read_text())
    sources = [
        *(REPOSITORY / "services" / "eligibility").rglob("*.py"),
        *STATUTE.glob("*"),
        *POLICIES.glob("*"),
    ]
    cited = {number for path in sources for number in re.findall(r"I-\d\d", path.read_text())}

    assert len(numbered) == len(set(numbered))
    assert cited - set(numbered) == set()
