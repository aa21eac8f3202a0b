"""Rows of a DOJ file, made up for a test."""

import csv
import io

from services.ingest.core.doj.file.columns import COLUMNS


def a_row(**changes: str) -> dict[str, str]:
    """A felony conviction of 11358 in Los Angeles, 1999, of a person born in 1960, sentence served."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "SUBJECT_ID": "100001",
        "CII_NUMBER": "1008675309",
        "PRI_NAME": "DOE,JANE",
        "PRI_DOB": "19600314",
        "STP_TYPE_DESCR": "COURT ACTION",
        "STP_EVENT_DATE": "19990503",
        "STP_ORI_CNTY_NAME": "LOS ANGELES",
        "CYC_DATE": "19990101",
        "CNT_ORDER": "001002001000",
        "OFN": "BA100001",
        "OFFENSE_DESCR": "11358 HS-CULTIVATE CANNABIS",
        "DISP_DATE": "19990503",
        "DISP_DESCR": "CONVICTED-PROBATION",
        "CONV_STAT_DESCR": "FELONY",
        "SENT_LOC_DESCR": "PROBATION",
        "SENT_LENGTH": "3",
        "SENT_TIME_CODE": "Y",
    }
    return row | changes


def a_file(*rows: dict[str, str], header: bool = True) -> str:
    """The text of a DOJ file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
