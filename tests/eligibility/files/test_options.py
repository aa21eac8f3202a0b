"""Options of a policy: what is given is checked, rows follow it, and the policy is another one with it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.settings.located_yaml import WrongFile
from services.eligibility.files.county_files import read_county
from services.eligibility.files.policy_files import load_policy, read_policy
from services.eligibility.files.policy_options import read_options
from services.eligibility.law.engine.policy import Policy

POLICY = """policy: trial
law: hs-11361.8
title: A trial
source: none
labels: {needs_review: R, not_covered: N, already_relieved: A}
options:
  old: {says: an age, default: 50, between: [40, 65], from: additionalRelief.subjectAgeThreshold}
  dead: {says: the dead, default: false}
  dismiss: {says: sections, default: [HS 11357]}
rows:
  - {row: 1, for_each: dismiss, when: {names_section: $each}, outcome: dismissal, route: district_attorney,
     reason: listed, determination_label: D, reason_label: "All {each}"}
  - {row: 2, when: {age_at_least: $old}, outcome: dismissal, route: district_attorney, reason: old,
     determination_label: D, reason_label: "{old} or older"}
  - {row: 3, if: dead, when: {any: [{deceased: true}, {age_at_least: $old}]}, outcome: dismissal,
     route: district_attorney, reason: dead, determination_label: D, reason_label: Dead}
  - {row: 4, when: {otherwise: true}, outcome: not_eligible, reason: none, determination_label: N,
     reason_label: None}
"""


def a_trial(folder: Path, given: Any = None, text: str = POLICY) -> Policy:
    (folder / "trial.yaml").write_text(text)
    if given is None:
        return read_policy(folder / "trial.yaml")
    path = folder / "options.yaml"
    path.write_text(given if isinstance(given, str) else yaml.safe_dump(given))
    return load_policy(str(folder / "trial.yaml"), read_options(path))


def rows(policy: Policy) -> list[tuple[str, str, str]]:
    return [(row.number, row.says, row.reason_label) for row in policy.rows]


def test_without_options_their_defaults_hold(tmp_path: Path) -> None:
    assert rows(a_trial(tmp_path)) == [
        ("1a", "names HS 11357", "All HS 11357"),
        ("2", "50 or older on the day", "50 or older"),
        ("4", "otherwise", "None"),
    ]


def test_a_row_follows_its_option_and_is_gone_where_it_is_off(tmp_path: Path) -> None:
    given = {"old": 0, "dead": True, "dismiss": ["11358", "HS 11357(a)"]}

    assert rows(a_trial(tmp_path, given)) == [
        ("1a", "names HS 11358", "All HS 11358"),
        ("1b", "names HS 11357(a)", "All HS 11357(a)"),
        ("3", "deceased", "Dead"),
        ("4", "otherwise", "None"),
    ]


@pytest.mark.parametrize("written", ["HS 11357(a)", "HS 11357(A)", "hs 11357(A)", "11357(A)", " 11357(a)"])
def test_a_section_is_read_in_capitals_as_in_small_letters(tmp_path: Path, written: str) -> None:
    assert rows(a_trial(tmp_path, {"dismiss": [written]}))[0] == (
        "1a",
        "names HS 11357(a)",
        "All HS 11357(a)",
    )


def test_another_programs_file_of_options_is_read_by_its_own_names(tmp_path: Path) -> None:
    policy = a_trial(tmp_path, '{\n  "additionalRelief": {\n    "subjectAgeThreshold": 57\n  }\n}')

    assert [(option.name, option.value) for option in policy.options] == [
        ("old", 57),
        ("dead", False),
        ("dismiss", ("HS 11357",)),
    ]


def test_options_are_part_of_the_policys_fingerprint(tmp_path: Path) -> None:
    assert a_trial(tmp_path).fingerprint != a_trial(tmp_path, {"old": 51}).fingerprint


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("dead: true\nold: fifty", "options.yaml, line 2: old: a whole number, 0 for off, is expected"),
        ("dead: true\nold: 39", "options.yaml, line 2: old: from 40 to 65, or 0 for off, not 39"),
        ("dead: 1", "options.yaml, line 1: dead: true or false is expected, not 1"),
        ("dismiss:\n- eleven", "options.yaml, line 1: dismiss: 'HS eleven' is not a section"),
        ("dismiss: HS 11357", "options.yaml, line 1: dismiss: a list of sections"),
        ("young: 1", "options.yaml, line 1: trial has no option 'young'; it has old, dead, dismiss"),
        (
            "old: 50\nadditionalRelief: {subjectAgeThreshold: 60}",
            "options.yaml, line 2: option old stands twice",
        ),
    ],
)
def test_a_wrong_option_is_refused_with_its_line(tmp_path: Path, given: str, what: str) -> None:
    with pytest.raises(WrongFile) as refused:
        a_trial(tmp_path, given)

    assert what in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (("$old}, outcome: dismissal, route", "$odl}, outcome: dismissal, route"), "unknown option '$odl'"),
        (("if: dead", "if: alive"), "if: the name of an option is expected"),
        (("for_each: dismiss", "for_each: old"), "for_each: old is no list"),
        (("{old} or older", "{odl} or older"), "there is no option 'odl' to put there"),
        (("default: false", "default: maybe"), "dead: true or false, a number or a list of sections"),
        (("default: 50", "default: 70"), "old: from 40 to 65, or 0 for off, not 70"),
        (("[40, 65]", "[40]"), "between: two numbers"),
    ],
)
def test_a_policy_with_wrong_options_is_refused(tmp_path: Path, wrong: tuple[str, str], what: str) -> None:
    with pytest.raises(WrongFile) as refused:
        a_trial(tmp_path, text=POLICY.replace(*wrong))

    assert what in str(refused.value)
    assert "trial.yaml, line " in str(refused.value)


def test_a_policy_that_has_no_options_refuses_any(tmp_path: Path) -> None:
    path = tmp_path / "options.yaml"
    path.write_text("old: 50")

    with pytest.raises(WrongFile, match="line 1: los-angeles-2020 has no option 'old'; it has none"):
        load_policy("los-angeles-2020", read_options(path))


@pytest.mark.parametrize("options", ["{old: 60}", "options.yaml"])
def test_a_county_names_a_policy_with_its_options_from_a_day(tmp_path: Path, options: str) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "trial.yaml").write_text(POLICY)
    (folder / "options.yaml").write_text("old: 60")
    (folder / "county.yaml").write_text(
        f"county: here\npolicies:\n  - {{from: 2020-01-01, policy: trial.yaml, options: {options}}}\n"
    )

    selected = read_county(folder / "county.yaml").policies[0]

    assert load_policy(selected.name, selected.options).options[0].value == 60
