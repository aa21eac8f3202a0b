"""A feed in the manner of Odyssey: CSV, a row for each part of each sentence (deploy/counties/sacramento/profiles)."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from deploy.sample.chance.dice import Dice

COLUMNS = (
    "Extract Date",
    "Case ID",
    "Extract Version",
    "Action",
    "County",
    "Case Number",
    "Seal",
    "Prosecutor",
    "Party ID",
    "Defendant",
    "DOB",
    "Sex",
    "Race",
    "SSN",
    "CII",
    "Charge Seq",
    "Statute",
    "Filed Degree",
    "Convicted Degree",
    "Offense Date",
    "Plea",
    "Disposition",
    "Disposition Date",
    "Sentence Seq",
    "Sentence Type",
    "Sentence Length",
    "Sentence Unit",
    "Relief Code",
    "Relief Date",
    "Judge",
)
DEGREES = {"felony": "F", "misdemeanor": "M", "infraction": "I", None: ""}
PLEAS = {"guilty": "G", "nolo contendere": "NC", "not guilty": "NG", None: ""}
SENTENCES = {"jail": "CJ", "prison": "SP", "probation": "FP"}
RELIEFS = {"pc_1203_4": "1203.4", "hs_11361_8_dismissal": "P64D"}


class Odyssey:
    """With a byte-order mark, CRLF, padded and NULL values, and two forms of dates."""

    file = "court.csv"
    merges_repeats = True

    def opening(self) -> str:
        return "\ufeff" + _text([COLUMNS])

    def case(self, record: Mapping[str, Any], dice: Dice) -> str:
        return _text([[_dirty(text, dice) for text in row] for row in _rows(record, dice)])

    def broken(self, record: Mapping[str, Any], fault: str) -> str:
        (row,) = _rows(record, Dice(0))
        if fault == "unknown_field":
            row[COLUMNS.index("Disposition")] = "ZZZ"
        return _text([row[:-3] if fault == "bad_json" else row])

    def closing(self) -> str:
        return ""


def _text(rows: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _dirty(text: str, dice: Dice) -> str:
    if not text:
        return "NULL" if dice.chance(30) else ""
    return f"{text}  " if dice.chance(5) else text


def _rows(record: Mapping[str, Any], dice: Dice) -> list[list[str]]:
    person = record["defendant"]
    case = {
        "Extract Date": "11/01/2026",
        "Case ID": record["record_id"],
        "Extract Version": str(record["revision"]),
        "Action": "D" if record.get("withdrawn") else "A" if record["revision"] == 1 else "U",
        "County": record["county"],
        "Case Number": record["case_number"],
        "Seal": {"sealed": "S", None: "N"}[record.get("record_status")],
        "Prosecutor": "DA",
        "Party ID": person.get("source_subject_id", ""),
        "Defendant": _name(person),
        "DOB": _date(person.get("birth_date"), dice),
        "Sex": person.get("sex", ""),
        "Race": person.get("race", ""),
        "SSN": "000-00-0000",
        "CII": person.get("cii_number", ""),
        "Judge": "NOBODY",
    }
    found = []
    for charge in record["charges"]:
        known = {**case, **_charge(charge, dice)}
        parts = charge.get("sentence") or [None]
        for number, part in enumerate(parts, 1):
            row = {**known, **(_sentence(number, part) if part else {})}
            found.append([row.get(column, "") for column in COLUMNS])
    return found


def _name(person: Mapping[str, Any]) -> str:
    given = (person.get("given_name"), person.get("middle_name"), person.get("name_suffix"))
    return f"{person['surname']}, {' '.join(filter(None, given))}"


def _charge(charge: Mapping[str, Any], dice: Dice) -> dict[str, str]:
    disposition, plea = charge["disposition"], charge.get("plea")
    convicted = "CNC" if plea == "nolo contendere" else "CGP"
    (relief,) = charge.get("later_relief") or [{}]
    return {
        "Charge Seq": charge["charge_number"],
        "Statute": charge["code_section"],
        "Filed Degree": DEGREES[charge.get("level_charged")],
        "Convicted Degree": DEGREES[charge.get("level_convicted")],
        "Offense Date": _date(charge.get("offense_date"), dice),
        "Plea": PLEAS[plea],
        "Disposition": {"convicted": convicted, "dismissed": "DSM", "pending": "OPEN"}[disposition],
        "Disposition Date": _date(charge.get("disposition_date"), dice),
        "Relief Code": RELIEFS[relief["kind"]] if relief else "",
        "Relief Date": _date(relief.get("relief_date"), dice),
    }


def _sentence(number: int, part: Mapping[str, Any]) -> dict[str, str]:
    return {
        "Sentence Seq": str(number),
        "Sentence Type": SENTENCES[part["kind"]],
        "Sentence Length": str(part["length"]),
        "Sentence Unit": part["unit"][0].upper(),
    }


def _date(day: str | None, dice: Dice) -> str:
    if day is None:
        return ""
    if dice.chance(10):
        return f"{day} 00:00:00.000"
    year, month, of_month = day.split("-")
    return f"{month}/{of_month}/{year}"
