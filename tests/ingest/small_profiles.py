"""Profiles for tests: a small one of each layout, to change; those of Sacramento."""

from datetime import date
from pathlib import Path
from typing import Any

from reliefstream_contracts.court_case import CourtCase
from reliefstream_contracts.identifiers import CountyName
from services.ingest.core.counties import intake
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.sent_case import SentCase, SentUnit, read_sent_case
from services.ingest.profiles.profile_file import read_profile

SACRAMENTO_FOLDER = Path(__file__).parents[2] / "deploy" / "counties" / "sacramento"
SACRAMENTO = intake(CountyName("sacramento"), ["SACRAMENTO", "SAC"])
TODAY = date(2026, 11, 22)

CSV = """profile: trial
layout: {kind: csv, encoding: utf-8}
case_by: [Case, Version]
rows: anywhere
blank: [N/A]
dates: [MM/DD/YYYY]
dropped: [SSN]
ignored: [Judge]
tables:
  dispositions: {CONV: convicted, DISM: dismissed}
case:
  record_id: Case
  revision: Version
  county: {value: Sacramento}
  court: {value: Superior Court}
  case_number: Number
defendant:
  name: {column: Name, form: "LAST, FIRST MIDDLE"}
  birth_date: Born
charges:
  by: [Count]
  fields:
    charge_number: Count
    code_section: Charge
    level_convicted: {column: Level, otherwise: unknown}
    disposition: {column: Outcome, table: dispositions}
    disposition_date: Decided
sentence:
  - by: [Part]
    fields: {kind: Kind, length: Length, unit: Unit}
"""
COLUMNS = "Case,Version,Number,Name,Born,SSN,Judge,Count,Charge,Level,Outcome,Decided,Part,Kind,Length,Unit"
HEADER = COLUMNS.encode()

JSON = """profile: trial
layout: {kind: json_array, path: cases}
dates: [YYYY-MM-DD]
ignored: [notes]
dropped: [person.ssn]
case:
  record_id: id
  revision: {column: changed, timestamp: ["YYYY-MM-DDTHH:MI:SS"]}
  county: {value: Sacramento}
  court: {value: Superior Court}
  case_number: number
defendant:
  surname: {columns: [person.last, person.last2]}
  given_name: person.first
charges:
  each: counts
  fields:
    charge_number: seq
    code_section: {statute: {code: law.code, section: law.section, subdivisions: [law.sub]}}
    disposition: {column: outcome, table: {C: convicted, D: dismissed}}
    disposition_date: /decided
"""


def csv_row(**columns: str) -> bytes:
    """A convicted count with these columns changed."""
    values = {
        "Case": "c1", "Version": "1", "Number": "94F001", "Name": "DOE, JANE Q", "Born": "01/02/1970",
        "SSN": "000-12-3456", "Judge": "X", "Count": "1", "Charge": "11358 HS", "Level": "felony",
        "Outcome": "CONV", "Decided": "01/15/1999", "Part": "1", "Kind": "jail", "Length": "30", "Unit": "days",
    } | columns  # fmt: skip
    return ",".join(
        f'"{v}"' if "," in v else v for v in map(values.get, COLUMNS.split(",")) if v is not None
    ).encode()


def a_profile(folder: Path, text: str = CSV, **cities: Any) -> Profile:
    path = folder / "trial.yaml"
    path.write_text(text)
    return read_profile(path, cities.get("cities", ()))


def sacramento(name: str) -> Profile:
    return read_profile(SACRAMENTO_FOLDER / "profiles" / f"{name}.yaml", ())


def read(profile: Profile, *rows: bytes, header: bytes = HEADER) -> CourtCase:
    """The case of rows that must be understood."""
    found = read_sent_case(profile, sent(*rows, header=header), TODAY)
    assert isinstance(found, SentCase), found
    return found.case


def refused(profile: Profile, *rows: bytes, header: bytes = HEADER) -> list[tuple[str, str]]:
    """Code and place of each problem of rows that must be refused."""
    found = read_sent_case(profile, sent(*rows, header=header), TODAY)
    assert not isinstance(found, SentCase)
    assert all(problem.what and problem.remedy for problem in found)
    return [(problem.code, problem.where) for problem in found]


def sent(*rows: bytes, header: bytes = HEADER) -> SentUnit:
    value = b"\n".join([header, *rows] if header else rows)
    return SentUnit(value, tuple(range(1, len(rows) + 1)))
