"""A feed in the manner of eCourt: one JSON document, cases nested (deploy/counties/sacramento/profiles)."""

import json
import re
from collections.abc import Mapping
from typing import Any

from deploy.sample.chance.dice import Dice

DEGREES: dict[str | None, str] = {"felony": "F", "misdemeanor": "M", "infraction": "I"}
DISPOSITIONS = {"convicted": "CONV", "dismissed": "DISM", "pending": "PEND"}
SENTENCES = {"jail": "JAIL", "prison": "PRSN", "probation": "PROB"}
RELIEFS = {"pc_1203_4": "PC1203.4", "hs_11361_8_dismissal": "HS11361.8-DISM"}
_STATUTE = re.compile(
    r"(?:(?P<before>[A-Z]{2}) )?(?P<section>.+?)(?P<parts>(?:\([A-Za-z0-9]+\))*)(?: (?P<behind>[A-Z]{2}))?"
)


class ECourt:
    """With nulls, numbers as numbers, dates with and without a time, some cases over many lines."""

    file = "court.json"
    merges_repeats = False

    def __init__(self) -> None:
        self._first = True

    def opening(self) -> str:
        return '{"export": {"generated": "2026-11-01T06:00:00", "source": "eCourt [sample]", "cases": ['

    def case(self, record: Mapping[str, Any], dice: Dice) -> str:
        return self._separated(json.dumps(_case(record, dice), indent=2 if dice.chance(20) else None))

    def broken(self, record: Mapping[str, Any], fault: str) -> str:
        case = _case(record, Dice(0))
        if fault == "unknown_field":
            case["charges"][0]["disposition"]["code"] = "ZZZ"
        text = json.dumps(case)
        # A text without its end: the line's end ends it.
        return self._separated(
            text.replace('"partyId": "', '"partyId": ', 1) if fault == "bad_json" else text
        )

    def closing(self) -> str:
        return '\n], "count": null}}\n'

    def _separated(self, text: str) -> str:
        separator, self._first = "\n" if self._first else ",\n", False
        return separator + text


def _case(record: Mapping[str, Any], dice: Dice) -> dict[str, Any]:
    person = record["defendant"]
    last, _, second = person["surname"].partition(" ")
    name = {"last": last, "secondLast": second or None, "first": person["given_name"]}
    if person.get("middle_name") or dice.chance(50):
        name["middle"] = person.get("middle_name")
    name["suffix"] = person.get("name_suffix", "")
    defendant = {
        "role": "DEF",
        "partyId": person.get("source_subject_id"),
        "name": name,
        "dob": person.get("birth_date", ""),
        "sex": person.get("sex"),
        "race": person.get("race"),
        "identifiers": {"cii": person.get("cii_number"), "ssn": "000-00-0000"},
        "address": {"street": "1 Nowhere St", "lines": ["x", None]},
    }
    prosecutor = {"role": "PROS", "organization": record["prosecuting_agency"]}
    return {
        "caseId": record["record_id"],
        "version": record["revision"],
        "deleted": record.get("withdrawn", False),
        "status": {"code": "SEALED" if record.get("record_status") else "ACTIVE"},
        "court": {"county": record["county"], "name": record["court"]},
        "caseNumber": record["case_number"],
        "parties": [defendant, prosecutor] if dice.chance(60) else [prosecutor, defendant],
        "charges": [_charge(charge, dice) for charge in record["charges"]],
        "events": [{"type": "HEARING", "on": "1999-01-01"}],
    }


def _charge(charge: Mapping[str, Any], dice: Dice) -> dict[str, Any]:
    filed, convicted = charge.get("level_charged"), charge.get("level_convicted")
    found: dict[str, Any] = {
        "sequence": charge["charge_number"],
        "statute": _statute(charge["code_section"]),
        "degree": {"filed": DEGREES.get(filed, ""), "convicted": DEGREES.get(convicted)},
        "offenseDate": charge.get("offense_date"),
        "plea": charge.get("plea"),
        "disposition": {
            "code": DISPOSITIONS[charge["disposition"]],
            "date": _moment(charge.get("disposition_date"), dice),
        },
    }
    if charge.get("sentence") or dice.chance(50):
        found["sentences"] = [
            {"type": SENTENCES[part["kind"]], "length": part["length"], "unit": part["unit"][0].upper()}
            for part in charge.get("sentence", [])
        ]
    if charge.get("later_relief"):
        found["relief"] = [
            {"type": RELIEFS[relief["kind"]], "date": relief["relief_date"]}
            for relief in charge["later_relief"]
        ]
    return found


def _statute(text: str) -> dict[str, str | None]:
    match = _STATUTE.fullmatch(text)
    assert match is not None  # noqa: S101 - any text fits
    return {
        "code": match["before"] or match["behind"],
        "section": match["section"],
        "subdivision": match["parts"].strip("()")
        if match["parts"].count("(") == 1
        else match["parts"] or None,
    }


def _moment(day: str | None, dice: Dice) -> str | None:
    return f"{day}T00:00:00" if day and dice.chance(30) else day
