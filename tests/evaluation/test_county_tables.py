"""``reliefstream evaluate`` under the other counties' policies, as a user compares its labels."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from services.cli.evaluate import evaluate
from tests.evaluation.doj_rows import a_file, a_row

AS_OF = date(2019, 11, 11)
SAN_JOAQUIN = {"STP_ORI_CNTY_NAME": "SAN JOAQUIN"}
PEER_DIFFERENCES = Path(__file__).parents[1] / "eligibility" / "law" / "peer" / "peer_differences.yaml"


def judged(folder: Path, county: str, text: str, **options: Any) -> list[dict[str, str]]:
    """The lines of determinations.csv for one file."""
    source = folder / "in"
    source.write_text(text)
    policy = options.pop("policy", county)
    evaluate(source, county=county, policy=policy, as_of=AS_OF, out=folder / "out", **options)
    with (folder / "out" / "determinations.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def labels(lines: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(line["outcome"], line["determination_label"], line["reason_label"]) for line in lines]


def test_related_charges_of_a_rap_sheet_are_judged_by_their_cycle(tmp_path: Path) -> None:
    related = SAN_JOAQUIN | {"CONV_STAT_DESCR": "MISDEMEANOR", "OFN": "SF1"}
    arrest = {"STP_TYPE_DESCR": "ARREST/DETAINED/CITED", "DISP_DESCR": "", "CNT_ORDER": "001001001000"}
    lines = judged(
        tmp_path,
        "san-joaquin",
        a_file(
            a_row(**SAN_JOAQUIN | arrest, OFFENSE_DESCR="11357(B) HS-POSSESS"),
            a_row(**related, OFFENSE_DESCR="4149 BP-POSS HYPODERMIC", CNT_ORDER="001002001000"),
            a_row(**related, OFFENSE_DESCR="4060    BP-POSS DRUG", CNT_ORDER="001002002000"),
            a_row(**related, OFFENSE_DESCR="602 PC-TRESPASS", CNT_ORDER="002002001000"),
            a_row(**related, OFFENSE_DESCR="459 PC-BURGLARY", CNT_ORDER="001002003000"),
        ),
    )

    assert labels(lines) == [
        ("needs_review", "Eligible for Dismissal", "4149 BP"),
        ("needs_review", "Maybe Eligible - Flag for Review", "4060 BP"),
        ("needs_review", "Maybe Eligible - Flag for Review", "No Related Prop64 Charges"),
    ]
    assert {line["legal_minimum"] for line in lines} == {""}
    assert all("PC 1385" in line["grounds"] for line in lines)


def test_related_charges_of_a_courts_case_are_judged_by_the_case(tmp_path: Path) -> None:
    def a_case(number: str, *charges: tuple[str, str]) -> str:
        return json.dumps(
            {
                "record_id": number,
                "revision": 0,
                "county": "San Joaquin",
                "court": "Superior Court",
                "case_number": number,
                "defendant": {"surname": "ROE", "given_name": number, "birth_date": "1970-01-02"},
                "charges": [
                    {
                        "charge_number": str(place),
                        "code_section": section,
                        "level_convicted": "misdemeanor",
                        "disposition": disposition,
                        "disposition_date": "2003-04-05",
                    }
                    for place, (section, disposition) in enumerate(charges, 1)
                ],
            }
        )

    cases = [
        a_case("A1", ("148 PC", "convicted"), ("11357(b) HS", "dismissed")),
        a_case("A2", ("148 PC", "convicted")),
    ]

    assert labels(judged(tmp_path, "san-joaquin", "\n".join(cases))) == [
        ("needs_review", "Eligible for Dismissal", "148 PC"),
        ("needs_review", "Maybe Eligible - Flag for Review", "No complete state rap sheet"),
    ]


def test_sacramento_reduces_what_it_does_not_dismiss(tmp_path: Path) -> None:
    here = {"STP_ORI_CNTY_NAME": "SACRAMENTO"}
    lines = judged(
        tmp_path,
        "sacramento",
        a_file(
            a_row(**here, OFFENSE_DESCR="11357(B) HS-POSSESS", CNT_ORDER="001002001000"),
            a_row(**here, OFFENSE_DESCR="11359 HS-SALE", CNT_ORDER="001002002000"),
            a_row(**here, OFFENSE_DESCR="11359 HS-SALE", CNT_ORDER="002002001000", STP_EVENT_DATE="20150101"),
        ),
    )

    assert labels(lines) == [
        ("dismissal", "Eligible for Dismissal", "HS 11357(b)"),
        ("redesignation", "Eligible for Reduction", "Has convictions in past 10 years"),
        ("redesignation", "Eligible for Reduction", "Has convictions in past 10 years"),
    ]


def test_the_peers_configurable_rows_have_its_labels_but_for_the_listed(peer: Path, tmp_path: Path) -> None:
    folder = peer / "configurable"
    rows = list(csv.DictReader(io.StringIO((folder / "input.csv").read_text())))
    expected = {
        (row["SUBJECT_ID"], row["STP_EVENT_DATE"], row["CNT_ORDER"]): [
            row["Eligibility Determination"],
            row["Eligibility Reason"],
        ]
        for row in csv.DictReader(io.StringIO((folder / "expected.csv").read_text()))
    }
    listed = {one["row"]: one["ours"] for one in yaml.safe_load(PEER_DIFFERENCES.read_text())["configurable"]}
    wanted = {}
    for number, row in enumerate(rows, 1):
        theirs = expected.get((row["SUBJECT_ID"], row["STP_EVENT_DATE"], row["CNT_ORDER"]))
        if (label := listed.get(number, theirs)) is not None:
            wanted[str(number)] = label

    lines = judged(
        tmp_path,
        "sacramento",
        (folder / "input.csv").read_text(),
        policy="configurable",
        options=folder / "eligibility_options.json",
    )

    assert {
        line["source_row"]: [line["determination_label"], line["reason_label"]] for line in lines
    } == wanted
