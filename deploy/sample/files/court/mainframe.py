"""A feed in the manner of a mainframe: rows of fixed columns, several a case (deploy/counties/sacramento/profiles)."""

from collections.abc import Mapping
from typing import Any

from deploy.sample.chance.dice import Dice

LENGTH = 100
LEVELS = {"felony": "F", "misdemeanor": "M", "infraction": "I", None: " "}
PLEAS = {"guilty": "GU", "nolo contendere": "NC", "not guilty": "NG", None: "  "}
SENTENCES = {"jail": "JL", "prison": "PR", "probation": "PB"}
RELIEFS = {"pc_1203_4": "1203", "hs_11361_8_dismissal": "P64D"}
RACES = {"BLACK": "B", "HISPANIC": "H", "WHITE": "W", "OTHER": "O", "UNKNOWN": "X"}


class Mainframe:
    """In capitals; filler with whatever lay in memory, zeros for no date, blanks at the end cut off or not."""

    file = "court.txt"
    merges_repeats = False

    def opening(self) -> str:
        return "00EXTRACT 261101 SUPERIOR COURT\r\n"

    def case(self, record: Mapping[str, Any], dice: Dice) -> str:
        return "".join(f"{_dirty(row, dice)}\r\n" for row in _rows(record))

    def broken(self, record: Mapping[str, Any], fault: str) -> str:
        rows = _rows(record)
        if fault == "bad_json":
            rows[-1] = rows[-1][:21]  # cut off behind its key
        elif fault == "unknown_field":
            rows[-1] = rows[-1][:20] + "ZZ" + rows[-1][22:]
        elif fault == "date_of_2091":
            rows[-1] = rows[-1][:23] + "991332" + rows[-1][29:]
        return "".join(f"{row}\r\n" for row in rows)

    def closing(self) -> str:
        return "99END OF EXTRACT\r\n\x1a"


def _dirty(row: str, dice: Dice) -> str:
    if row[:2] == "11" and dice.chance(20):
        return f"{row:<92}" + "0*Q?"
    return row if dice.chance(50) else f"{row:<{LENGTH}}"


def _rows(record: Mapping[str, Any]) -> list[str]:
    key = f"{record['record_id']:<14}{record['revision']:04d}"
    person = record["defendant"]
    given = (person.get("given_name"), person.get("middle_name"), person.get("name_suffix"))
    status = "S" if record.get("record_status") else "A"
    action = "D" if record.get("withdrawn") else " "
    rows = [
        f"10{key}{record['county']:<18}SAC{record['case_number']:<16}DA {status}{action}",
        f"11{key}{person['surname'] + '/' + ' '.join(filter(None, given)):<35}{_mmddyy(person.get('birth_date'))}"
        f"{person.get('sex', ' ')}{RACES[person['race']]}{person.get('cii_number', ''):<11}"
        f"{person.get('source_subject_id', ''):<9}000000000"
        if "race" in person
        else f"11{key}{person['surname'] + '/' + ' '.join(filter(None, given)):<35}000000",
    ]
    for charge in record["charges"]:
        rows += _charge(key, charge)
    return [row.upper().rstrip() for row in rows]


def _charge(key: str, charge: Mapping[str, Any]) -> list[str]:
    convicted = "02" if charge.get("plea") == "nolo contendere" else "01"
    code = {"convicted": convicted, "dismissed": "10", "pending": "00"}[charge["disposition"]]
    rows = [
        f"20{key}{charge['charge_number']:<3}{charge['code_section']:<24}{LEVELS[charge.get('level_charged')]}"
        f"{LEVELS[charge.get('level_convicted')]}{_yymmdd(charge.get('offense_date'))}{PLEAS[charge.get('plea')]}"
    ]
    rows += [
        f"30{key}{SENTENCES[part['kind']]}{part['length']:04d}{part['unit'][0]}"
        for part in charge.get("sentence", [])
    ]
    rows += [
        f"40{key}{RELIEFS[relief['kind']]:<4}{_yymmdd(relief['relief_date'])}"
        for relief in charge.get("later_relief", [])
    ]
    # Behind the charge's other rows, as the system writes them.
    return [*rows, f"21{key}{code:<3}{_yymmdd(charge.get('disposition_date'))}"]


def _yymmdd(day: str | None) -> str:
    return day.replace("-", "")[2:] if day else "000000"


def _mmddyy(day: str | None) -> str:
    return f"{day[5:7]}{day[8:]}{day[2:4]}" if day else "000000"
