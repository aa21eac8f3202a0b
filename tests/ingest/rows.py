"""Builders of DOJ rows and court cases; all persons are made up."""

import csv
import io
import json
from datetime import date
from typing import Any

from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.keyed_hash import KeyedHash
from services.ingest.core.counties import intake
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.unit import ReadUnit, read_unit
from services.ingest.core.doj.rap_sheet.rap_sheet import RapSheet, rap_sheet

LA = intake(CountyName("los-angeles"), ["LOS ANGELES", "LA", "L.A."])
TODAY = date(2026, 11, 22)
HASH = KeyedHash([b"a key of no installation"])

CONVICTION = {
    "RECORD_ID": "1",
    "SUBJECT_ID": "18000001",
    "CII_NUMBER": "A12345678",
    "PRI_NAME": "DOE,JANE Q",
    "PRI_DOB": "19700102",
    "PRI_SSN": "123456789",
    "PRI_CDL": "F1234567",
    "REQ_SSN": "987-65-4321",
    "REQ_CDL": "G7654321",
    "GENDER": "F",
    "RACE_DESCR": "WHITE",
    "CYC_DATE": "19950101",
    "STP_EVENT_DATE": "19950601",
    "STP_TYPE_DESCR": "COURT ACTION",
    "STP_ORI_DESCR": "CASC LOS ANGELES",
    "STP_ORI_CNTY_NAME": "LOS ANGELES ",
    "CNT_ORDER": "001002001000",
    "DISP_DATE": "19950601",
    "OFN": "BA012345",
    "OFFENSE_DESCR": "11358 HS-CULTIVATE CANNABIS",
    "OFFENSE_TOC": "F",
    "DISP_DESCR": "CONVICTED-PROBATION",
    "CONV_STAT_DESCR": "FELONY",
    "SENT_LOC_DESCR": "PROBATION",
    "SENT_LENGTH": "3",
    "SENT_TIME_CODE": "Y",
}


def row(**columns: str) -> bytes:
    """A convicted count of 11358 in Los Angeles, with these columns changed."""
    values = CONVICTION | columns
    assert set(values) <= set(COLUMNS)
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([values.get(name, "") for name in COLUMNS])
    return text.getvalue().encode()


def header() -> bytes:
    return ",".join(COLUMNS).encode()


def unit(*rows: bytes, **options: Any) -> ReadUnit:
    return read_unit([UnitRow(raw, number) for number, raw in enumerate(rows, 1)], **options)


def sheet(*rows: bytes) -> RapSheet:
    """The rap sheet of rows that must all be readable."""
    read = unit(*rows, file_sha256="a" * 64)
    assert not read.refused
    return rap_sheet(read.rows, LA, TODAY)


def case(**fields: Any) -> dict[str, Any]:
    """A court case with one conviction of 11357(c); ``charge`` changes its charge."""
    charge = {
        "charge_number": "1",
        "code_section": "11357(c) HS",
        "level_convicted": "misdemeanor",
        "offense_date": "1998-11-30",
        "disposition": "convicted",
        "disposition_date": "1999-01-15",
    } | fields.pop("charge", {})
    return {
        "record_id": "case-1",
        "revision": 1,
        "county": "Los Angeles",
        "court": "Superior Court",
        "case_number": "9LA00001",
        "defendant": {"surname": "Doe", "given_name": "Jane", "birth_date": "1970-01-02"},
        "charges": [charge],
    } | fields


def case_bytes(**fields: Any) -> bytes:
    return json.dumps(case(**fields)).encode()
