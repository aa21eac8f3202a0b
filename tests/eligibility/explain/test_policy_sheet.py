"""``policy list`` and ``policy show``: a policy as a sheet to sign."""

import re
from pathlib import Path

import pytest

from services.cli.policy import list_policies, show
from services.cli.terminal.exit import WrongUsage
from services.cli.terminal.tables import PLAIN_WIDTH
from services.eligibility.explain.policy_table import cited_by
from services.eligibility.files.interpretations import interpretations
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import POLICIES, policy_names

WORD = re.compile(r"[\w()./§\"'$-]+")


@pytest.mark.parametrize("name", policy_names())
def test_a_sheet_has_every_row_in_the_countys_words_and_cuts_no_word(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show(name)

    printed, policy = capsys.readouterr().out, load_policy(name)
    assert all(len(line) <= PLAIN_WIDTH for line in printed.splitlines())
    words = set(WORD.findall(printed))
    for row in policy.rows:
        assert row.number in words
        for text in (
            row.says,
            row.determination_label,
            row.reason_label,
            *cited_by(row),
            *row.interpretations,
        ):
            assert set(WORD.findall(text)) <= words, text
    for remark in policy.remarks:
        assert set(WORD.findall(remark)) <= words
    assert policy.fingerprint in words
    assert policy.law.title in printed
    assert "District Attorney" in printed


@pytest.mark.parametrize("name", policy_names())
def test_every_reading_that_a_policy_cites_is_named_on_its_sheet(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show(name)

    words = " ".join(capsys.readouterr().out.split())
    for number in {number for row in load_policy(name).rows for number in row.interpretations}:
        assert f"- {number} {interpretations()[number].title}" in words


def test_a_sheet_says_which_interpretations_were_changed_and_since_when(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show("pc-1203-425")

    words = " ".join(capsys.readouterr().out.split())
    assert (
        "- I-40 The statute's conditions. Changed in November 2026: until then the felony clause was read as in force "
        "from 1 July 2023 for convictions from 2005 on." in words
    )


def test_a_sheet_says_where_and_when_a_policy_is_in_force(capsys: pytest.CaptureFixture[str]) -> None:
    show("los-angeles-2020")

    assert "los-angeles, from 2020-02-01 until before 2021-09-01" in capsys.readouterr().out


def test_a_policy_of_ones_own_is_shown_by_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "no-super-strikes.yaml"
    text = (POLICIES / "los-angeles-2020.yaml").read_text()
    own.write_text(re.sub(r"  - row: 4\n.*?(?=  - row: 5)", "", text, flags=re.DOTALL))

    show(str(own))

    printed = capsys.readouterr().out
    assert "no-super-strikes" in printed
    assert "in no county" in printed
    assert "667(e)(2)(c)(iv)" not in printed


def test_options_are_shown_as_they_are_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = tmp_path / "options.yaml"
    options.write_text("dismiss: [HS 11357]\nsubject_age_threshold: 57\n")

    show("configurable", options=options)

    printed = " ".join(capsys.readouterr().out.split())
    assert "dismiss = HS 11357 (default: none)" in printed
    assert "57 or older" in printed


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("nowhere", None, "no policy 'nowhere'"),
        ("./nowhere.yaml", None, "no policy file"),
        ("configurable", Path("nowhere.json"), "nowhere.json"),
    ],
)
def test_what_is_not_there_is_said_to_be(name: str, options: Path | None, says: str) -> None:
    with pytest.raises(WrongUsage, match=says):
        show(name, options=options)


def test_the_list_has_each_policy_with_its_law(capsys: pytest.CaptureFixture[str]) -> None:
    list_policies()

    printed = capsys.readouterr().out
    for name in policy_names():
        assert re.search(rf"^{name} +{re.escape(load_policy(name).law.name)} ", printed, re.MULTILINE)
