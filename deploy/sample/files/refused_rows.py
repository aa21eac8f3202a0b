"""Rows and lines that intake must refuse, one of each typical fault."""

from typing import Any

from deploy.sample.files.doj.columns import COLUMN, COLUMNS
from deploy.sample.population.places import County

ROW_FAULTS = ("columns_94", "columns_96", "blank_cnt_order", "blank_step_type")
LINE_FAULTS = ("bad_json", "other_county", "unknown_field", "date_of_2091")


def broken_row(fault: str, row: list[str]) -> list[str]:
    """A row with that fault, made from a good one. It never adds a conviction."""
    broken = row.copy()
    broken[COLUMN["DISP_DESCR"]] = "DISMISSED/LACK OF EVIDENCE"
    broken[COLUMN["CNT_ORDER"]] = "999001001000"
    if fault == "columns_94":
        return broken[:-1]
    if fault == "columns_96":
        # What an unquoted name does: LAST,FIRST becomes two columns.
        name = COLUMN["PRI_NAME"]
        return [*broken[:name], *broken[name].split(",", 1), *broken[name + 1 :]]
    if fault == "blank_cnt_order":
        broken[COLUMN["CNT_ORDER"]] = "            "
    elif fault == "blank_step_type":
        broken[COLUMN["STP_TYPE_DESCR"]] = ""
    assert len(broken) == len(COLUMNS)  # noqa: S101 - a fault must not add another
    return broken


def faulty_case(fault: str, number: int, county: County) -> dict[str, Any]:
    """A court's case of a person who is nowhere else in the sample, with that fault, unless the layout makes it."""
    case: dict[str, Any] = {
        "record_id": f"refused-{number}",
        "revision": 1,
        "county": county.words.title(),
        "court": county.court,
        "case_number": f"XX{number:07d}",
        "prosecuting_agency": county.district_attorney,
        "defendant": {"source_subject_id": f"X{number:07d}", "surname": "NOBODY", "given_name": "ANY"},
        "charges": [
            {
                "charge_number": "1",
                "code_section": "11357(c) HS",
                "level_convicted": "misdemeanor",
                "disposition": "convicted",
                "disposition_date": "1999-03-04",
            }
        ],
    }
    if fault == "other_county":
        case["county"] = county.elsewhere[0].title()
    elif fault == "date_of_2091":
        case["charges"][0]["disposition_date"] = "2091-03-04"
    return case
