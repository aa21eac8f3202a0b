"""The peer's acceptance cases: agreed with, but for the differences that stand beside, with their reasons."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from services.cli.offline_records import OfflineRecords
from services.eligibility.law.judge import judge
from services.eligibility.law.pc_290_c import registrable_offense
from services.eligibility.law.pc_667_e_2_c_iv import super_strike
from services.eligibility.policy_files import load_policy
from services.eligibility.statute_files import load_statute
from services.ingest.formats.code_sections import read_offense
from services.ingest.formats.counties import door
from services.reconciliation.linkage.histories import build_histories
from tests.eligibility.builders import AS_OF, LOS_ANGELES, a_conviction

DIFFERENCES = yaml.safe_load((Path(__file__).parent / "peer_differences.yaml").read_text())


def test_every_row_of_the_peers_los_angeles_agrees_but_for_the_listed(peer: Path) -> None:
    source = peer / "los_angeles" / "input.csv"
    taken = OfflineRecords(door(LOS_ANGELES.name, ["LOS ANGELES"]), date(2026, 11, 22))
    taken.take([source], lambda paths: paths)
    rows = list(csv.DictReader(io.StringIO(source.read_text())))
    ours: dict[tuple[str, str, str], list[str]] = {}
    for history in build_histories(taken.records.values()):
        for one in judge(history, LOS_ANGELES, load_policy("los-angeles-2020"), load_statute(), AS_OF):
            assert one.source_row is not None
            row = rows[one.source_row - 1]
            place = (row["SUBJECT_ID"], row["STP_EVENT_DATE"], row["CNT_ORDER"])
            ours[place] = [one.determination_label, one.reason_label]
    listed = {(str(d["subject"]), str(d["date"])): d["ours"] for d in DIFFERENCES["los_angeles"]}
    expected = {}
    for row in csv.DictReader(io.StringIO((peer / "los_angeles" / "expected.csv").read_text())):
        theirs = [row["Eligibility Determination"], row["Eligibility Reason"]]
        subject, day = row["SUBJECT_ID"], row["STP_EVENT_DATE"]
        expected[subject, day, row["CNT_ORDER"]] = listed.pop((subject, day), theirs)

    assert ours == expected
    assert not taken.refused
    assert not listed, "differences are listed that there are not"


def test_every_code_section_of_the_peer_agrees_but_for_the_listed(peer: Path) -> None:
    statute = load_statute()
    listed = {(d["function"], d["input"]): d["ours"] for d in DIFFERENCES["code_sections"]}
    for row in csv.DictReader(io.StringIO((peer / "code_sections.csv").read_text())):
        offense = read_offense(row["input"])
        if row["function"] == "IsSuperstrike":
            conviction = a_conviction(offense=offense)
            finding: Any = super_strike(conviction, [conviction], statute.super_strikes).finding
        elif row["function"] == "IsPC290":
            finding = registrable_offense(a_conviction(offense=offense), statute.registrable).finding
        else:
            continue
        theirs = "met" if row["expected"] == "true" else "not_met"
        assert finding == listed.pop((row["function"], row["input"]), theirs), row
    assert not listed, "differences are listed that there are not"
