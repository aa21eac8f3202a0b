"""The peer's acceptance cases: agreed with, but for the differences that stand beside, with their reasons."""

import csv
import io
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import yaml

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.vocabulary.offense import Offense
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_options import GivenOptions, read_options
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.conditions.related_charge import charge_as_printed, is_related
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.input.facts import Facts
from services.eligibility.law.input.judged_conviction import County
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import coverage
from services.eligibility.law.statutes.prior_convictions.pc_290_c import registrable_offense
from services.eligibility.law.statutes.prior_convictions.pc_667_e_2_c_iv import super_strike
from services.evaluation.histories import OfflineHistories
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.counties import intake
from tests.eligibility.builders import AS_OF, LOS_ANGELES, a_conviction, a_history

DIFFERENCES = yaml.safe_load((Path(__file__).parent / "peer_differences.yaml").read_text())
SACRAMENTO = County(CountyName("sacramento"))

Row = tuple[str, str, str]
"""Subject, date of the step, count order."""


def _judged(
    county: County, policy: str, options: GivenOptions | None, history: HistoryChanged
) -> list[tuple[int | None, list[str]]]:
    found = judge(history, county, load_policy(policy, options), load_statute(), AS_OF)
    return [(one.source_row, [one.determination_label, one.reason_label]) for one in found]


@pytest.mark.parametrize(
    ("folder", "county", "policy"),
    [("los_angeles", LOS_ANGELES, "los-angeles-2020"), ("configurable", SACRAMENTO, "configurable")],
)
def test_every_row_of_the_peer_agrees_but_for_the_listed(
    peer: Path, folder: str, county: County, policy: str
) -> None:
    source = peer / folder / "input.csv"
    given = peer / folder / "eligibility_options.json"
    options = read_options(given) if given.exists() else None
    sending = intake(county.name, [county.name.replace("-", " ").upper()])
    histories = OfflineHistories([source], sending, date(2026, 11, 22), workers=1)
    rows = list(csv.DictReader(io.StringIO(source.read_text())))
    ours: dict[Row, list[str]] = {}
    for found in histories.map(partial(_judged, county, policy, options)):
        for row_number, labels in found:
            assert row_number is not None
            ours[_place(rows[row_number - 1])] = labels
    theirs = {
        _place(row): [row["Eligibility Determination"], row["Eligibility Reason"]]
        for row in csv.DictReader(io.StringIO((peer / folder / "expected.csv").read_text()))
    }
    differing = {
        (rows.index(row) + 1, *place): (theirs.get(place), ours.get(place))
        for row in rows
        if theirs.get(place := _place(row)) != ours.get(place)
    }

    listed = {(one["row"], one["subject"], one["date"]): one for one in DIFFERENCES[folder]}
    assert {tuple(where[:3]) for where in differing} == set(listed)
    for (number, subject, day, _), labels_of_both in differing.items():
        one = listed[number, subject, day]
        assert list(labels_of_both) == [one["theirs"], one["ours"]], one
    assert not histories.refused


def _place(row: dict[str, str]) -> Row:
    return row["SUBJECT_ID"], row["STP_EVENT_DATE"], row["CNT_ORDER"]


def test_every_code_section_of_the_peer_agrees_but_for_the_listed(peer: Path) -> None:
    listed = {(one["function"], one["input"]): one for one in DIFFERENCES["code_sections"]}
    asked = {
        "IsSuperstrike": _is_super_strike,
        "IsPC290": _is_registrable,
        "ExtractProp64Section": _prop_64_section,
        "ExtractRelatedChargeSection": _related_charge,
        "Extract11357SubSection": _subdivision,
        "PossibleP64ChargeOnlyInComment": _only_in_comment,
    }
    differing = {}
    for row in csv.DictReader(io.StringIO((peer / "code_sections.csv").read_text())):
        theirs = {"true": "met", "false": "not_met"}.get(row["expected"], row["expected"])
        ours = asked[row["function"]](row["input"])
        if ours != theirs:
            differing[row["function"], row["input"]] = (theirs, ours)

    assert differing == {place: (one["theirs"], one["ours"]) for place, one in listed.items()}


def _is_super_strike(text: str) -> str:
    conviction = a_conviction(offense=read_offense(text), sentence=())
    facts = Facts(a_history(conviction))
    return super_strike(conviction, [conviction], load_statute().super_strikes, facts).finding


def _is_registrable(text: str) -> str:
    conviction = a_conviction(offense=read_offense(text), sentence=())
    return registrable_offense(conviction, load_statute().registrable, Facts(a_history(conviction))).finding


def _prop_64_section(text: str) -> str:
    reached = coverage(a_conviction(offense=read_offense(text)), load_statute().article_two).section
    return reached.section if reached is not None else ""


def _related_charge(text: str) -> str:
    offense = read_offense(text)
    related = load_policy("san-joaquin").related_charges
    return charge_as_printed(offense) if is_related(a_conviction(offense=offense), related) else ""


def _subdivision(text: str) -> str:
    return "".join(read_offense(text).sections[0].subdivisions).upper()


def _only_in_comment(texts: str) -> str:
    """The cannabis section that a comment names beside another charge, as the peer writes it."""
    offense: Offense = read_offense(*texts.split("|"))
    named = [section for section in offense.comment_sections if section.section.startswith("1135")]
    return " ".join(str(section).removeprefix("HS ").upper() for section in named)


def test_every_listed_difference_says_which_defect_or_reading_it_rests_on() -> None:
    for one in (difference for differences in DIFFERENCES.values() for difference in differences):
        assert one["why"]
        assert {"defect", "interpretation"} & set(one), one
