"""Made-up DOJ rows and court cases, from plain to absurd, for the real parsers; seeded."""

import csv
import io
import json
from collections.abc import Iterable
from random import Random
from typing import Any

from services.ingest.core.doj.file.columns import COLUMNS, DROPPED, DojRow
from tests.evaluation.doj_rows import a_row

CANNABIS = (
    "11357(B) HS",
    "11357 HS-POSSESS",
    "11358 HS",
    "11359 HS-POSS FOR SALE",
    "11360(A) HS",
    "11360 HS",
    "11530 HS",
)
OTHERS = (
    "459 PC",
    "187(A) PC-MURDER",
    "290 PC",
    "288(A) PC",
    "314.1 PC",
    "148(A) PC",
    "4149 BP",
    "186.22(B)(4) PC",
    "246 PC",
)
ODD = (
    "664/11359 HS",
    "182/11358 HS",
    "11359 HS/459 PC",
    "11357.5 HS",
    "SEE COMMENT FOR CHARGE",
    "",
    "187A PC",
    "11358",
)
DAYS = ("19990503", "20050301", "20120229", "20161108", "20161109", "20190501", "19740201", "19851231")
NO_DAYS = ("", "19990000", "19990230", "20990101", "UNKNOWN", "00000000")
DISPOSITIONS = ("CONVICTED", "CONVICTED-PROB/JAIL", "CONVICTED-PRISON", "CONVICTED")
ODD_DISPOSITIONS = (
    *("DISMISSED/LACK OF EVID", "", "CONV-PRISON", "ACQUITTED", "SET ASIDE & DISM PER 1203.4 PC"),
    *(
        "DISMISSED/SEALED PER 11361.8 HS",
        "PROP 64 PETITION FILED",
        "REDUCED TO MISD PER 17(B) PC",
        "FOUND GUILTY",
    ),
)
COMMENTS = (
    "",
    "",
    "",
    "",
    "AMENDED TO 11357(B) HS",
    "SENT MODIFIED",
    "11359 HS",
    "CHRG: 11358 HS",
    "PROP 64?",
)
COUNTIES = ("LOS ANGELES", "LOS ANGELES", "LOS ANGELES ", "ORANGE", "LOS ANGELS", "")
IRRELEVANT = tuple(
    name for name in COLUMNS if name.lower() not in DojRow._fields and name not in {"RECORD_ID", *DROPPED}
)
Rows = list[dict[str, str]]


def _one(chance: Random, plain: tuple[str, ...], odd: tuple[str, ...], odds: float) -> str:
    return chance.choice(odd if chance.random() < odds else plain)


def a_persons_rows(chance: Random, number: int) -> Rows:
    """All rows of one person: some cycles of arrests, court actions, later relief, registrations, death."""
    odds = chance.choice((0.0, 0.05, 0.3))
    person = {
        "SUBJECT_ID": f"{50_000_000 + number}",
        "CII_NUMBER": f"{10_000_000 + number - (chance.random() < 0.1)}",
        "PRI_NAME": chance.choice(("DOE,JANE", "ROE,RICHARD", "DOE,JOHN JR", "POE,ANN M")),
        "PRI_DOB": _one(chance, ("19600314", "19800229", "19950101"), (*NO_DAYS, "19000101"), odds),
        "GENDER": chance.choice(("F", "M", "")),
    }
    rows = [a_row(**person, OFN=f"BA{number}", CYC_DATE=chance.choice(("", "19990101")))]
    for cycle in range(2, chance.choice((2, 3, 4, 6))):
        rows += _a_cycle(chance, cycle, person, odds)
    if odds and chance.random() < 0.3:
        spoilt = chance.choice(rows)
        rows.append(spoilt | {chance.choice(list(spoilt)): _one(chance, ("", "x"), (*DAYS, *OTHERS), 0.5)})
    return rows


def _a_cycle(chance: Random, cycle: int, person: dict[str, str], odds: float) -> Rows:
    on, rows = _one(chance, DAYS, NO_DAYS, odds), []
    common = person | {"CYC_DATE": chance.choice((on, "")), "STP_EVENT_DATE": on, "DISP_DATE": on}
    common["STP_ORI_CNTY_NAME"] = chance.choice(COUNTIES)
    kind = chance.random()
    if kind < 0.12:
        step = chance.choice(("REGISTRATION", "DECEASED", "ARREST/DETAINED/CITED", "APPLICANT", "COURT"))
        return [
            a_row(**common | {"STP_TYPE_DESCR": step, "CNT_ORDER": f"{cycle:03}001001000", "DISP_DESCR": ""})
        ]
    for count in range(1, chance.choice((2, 2, 3))):
        charge = {
            "CNT_ORDER": f"{cycle:03}002{count:03}000",
            "OFN": chance.choice((f"BA{person['SUBJECT_ID']}{cycle}", "")),
            "OFFENSE_DESCR": _one(chance, (*CANNABIS, *OTHERS), ODD, odds),
            "OFFENSE_TOC": chance.choice("FFMI"),
            "DISP_DESCR": _one(chance, DISPOSITIONS, ODD_DISPOSITIONS, odds + 0.1),
            "CONV_STAT_DESCR": _one(
                chance, ("FELONY", "FELONY", "MISDEMEANOR"), ("", "INFRACTION", "F?"), odds
            ),
            "COMMENT_TEXT": chance.choice(COMMENTS) if odds else "",
            "SENT_LOC_DESCR": _one(chance, ("JAIL", "PROBATION", "PRISON"), ("LIFE", "", "FINE"), odds),
            "SENT_LENGTH": _one(chance, ("3", "180", "12"), ("", "LIFE", "-1", "9999"), odds),
            "SENT_TIME_CODE": _one(chance, ("Y", "D", "M"), ("", "W"), odds),
        }
        row = a_row(**common | charge)
        rows.append(row)
        if chance.random() < 0.3:
            rows.append(
                row | {"CNT_ORDER": f"{cycle:03}002{count:03}001", "SENT_LENGTH": chance.choice("123")}
            )
        if chance.random() < 0.1:
            relief = {
                "CNT_ORDER": f"{cycle:03}003{count:03}000",
                "DISP_DESCR": chance.choice(ODD_DISPOSITIONS),
            }
            rows.append(row | relief | {"STP_EVENT_DATE": "20180601"})
    return rows


def as_csv(rows: Iterable[dict[str, str]], *, header: bool = True) -> bytes:
    """The rows as DOJ sends them."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def a_court_case(chance: Random, number: int) -> dict[str, Any]:
    """A court's record of one case, about somebody of whom DOJ may have a sheet as well."""
    odds = chance.choice((0.0, 0.1, 0.4))
    days = ("1999-05-03", "2012-02-29", "2016-11-08", "2019-05-01", None)
    charges = [
        {
            "charge_number": str(count),
            "code_section": _one(chance, (*CANNABIS, *OTHERS), ODD[:-3], odds),
            "description": chance.choice((None, "Possession", "Conspiracy to possess")),
            "level_convicted": chance.choice(("felony", "felony", "misdemeanor", "infraction", None)),
            "offense_date": chance.choice((None, "1998-12-31")),
            "disposition": chance.choice(("convicted", "convicted", "convicted", "dismissed", "other")),
            "disposition_date": chance.choice(days),
            "sentence": chance.choice(
                (
                    [],
                    [{"kind": "life"}],
                    [{"kind": "jail", "length": 180, "unit": "days"}],
                    [{"kind": "fine"}],
                )
            ),
            "later_relief": chance.choice(
                (
                    [],
                    [],
                    [{"kind": "pc_1203_4"}],
                    [{"kind": "hs_11361_8_dismissal"}],
                    [{"kind": "sentence_modified"}],
                )
            ),
        }
        for count in range(1, chance.choice((2, 2, 3)))
    ]
    return {
        "record_id": f"C{number}",
        "revision": 1,
        "county": chance.choice(("Los Angeles", "LOS ANGELES COUNTY")),
        "court": "Superior Court",
        "case_number": f"BA{chance.choice((number, 50_000_000 + number))}",
        "prosecuting_agency": chance.choice(
            (None, "LONG BEACH CITY ATTORNEY", "DISTRICT ATTORNEY", "NOBODY")
        ),
        "record_status": chance.choice(("active", "active", "active", "sealed", "destroyed")),
        "defendant": {
            "cii_number": chance.choice((None, f"{10_000_000 + number}")),
            "surname": chance.choice(("Doe", "Roe")),
            "given_name": chance.choice(("Jane", "John", None)),
            "birth_date": chance.choice(("1960-03-14", "1980-02-29", None)),
        },
        "charges": charges,
    }


def as_json_lines(cases: Iterable[dict[str, Any]]) -> bytes:
    """Court cases, one a line."""
    return "".join(f"{json.dumps(one)}\n" for one in cases).encode()
