"""The 95 columns of DOJ's bulk file, which of them are read, and which are dropped at intake."""

from collections.abc import Iterable
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from services.ingest.core.case_numbers import numbers_no_case
from services.ingest.core.redaction import may_hold_number, redacted_value

COLUMNS: tuple[str, ...] = (
    "RECORD_ID",
    "SUBJECT_STATUS",
    "SUBJECT_ID",
    "REQ_SEG_SEP",
    "REQ_CII_NUMBER",
    "REQ_NAME",
    "REQ_GENDER",
    "REQ_DOB",
    "REQ_CDL",
    "REQ_SSN",
    "PII_SEG_SEP",
    "CII_NUMBER",
    "PRI_NAME",
    "GENDER",
    "PRI_DOB",
    "PRI_SSN",
    "PRI_CDL",
    "PRI_IDN",
    "PRI_INN",
    "FBI_NUMBER",
    "PDR_SEG_SEP",
    "RACE_CODE",
    "RACE_DESCR",
    "EYE_COLOR_CODE",
    "EYE_COLOR_DESCR",
    "HAIR_COLOR_CODE",
    "HAIR_COLOR_DESCR",
    "HEIGHT",
    "WEIGHT",
    "SINGLE_SOURCE",
    "MULTI_SOURCE",
    "POB_CODE",
    "POB_NAME",
    "POB_TYPE",
    "CITIZENSHIP_LIST",
    "CYC_SEG_SEP",
    "CYC_ORDER",
    "CYC_DATE",
    "STP_SEG_SEP",
    "STP_ORDER",
    "STP_EVENT_DATE",
    "STP_TYPE_CODE",
    "STP_TYPE_DESCR",
    "STP_ORI_TYPE",
    "STP_ORI_TYPE_DESCR",
    "STP_ORI_CODE",
    "STP_ORI_DESCR",
    "STP_ORI_CNTY_CODE",
    "STP_ORI_CNTY_NAME",
    "CNT_SEG_SEP",
    "CNT_ORDER",
    "DISP_DATE",
    "OFN",
    "OFFENSE_CODE",
    "OFFENSE_DESCR",
    "OFFENSE_TOC",
    "OFFENSE_QUAL_LST",
    "DISP_OFFENSE_CODE",
    "DISP_OFFENSE_DESCR",
    "DISP_OFFENSE_TOC",
    "DISP_OFFENSE_QUAL_LST",
    "CONV_OFFENSE_ORDER",
    "CONV_OFFENSE_CODE",
    "CONV_OFFENSE_DESCR",
    "CONV_OFFENSE_TOC",
    "CONV_OFFENSE_QUAL_LST",
    "FE_NUM_ORDER",
    "FE_NUM_ARR_AGY",
    "FE_NUM_BNCH_WARR",
    "FE_NUM_CITE",
    "FE_NUM_DOCKET",
    "FE_NUM_INCIDENT",
    "FE_NUM_BOOKING",
    "FE_NUM_NUMBER",
    "FE_NUM_REMAND",
    "FE_NUM_OOS_INN",
    "FE_NUM_CRT_CASE",
    "FE_NUM_WARRANT",
    "DISP_ORDER",
    "DISP_CODE",
    "DISP_DESCR",
    "CONV_STAT_CODE",
    "CONV_STAT_DESCR",
    "SENT_SEG_SEP",
    "SENT_ORDER",
    "SENT_LOC_CODE",
    "SENT_LOC_DESCR",
    "SENT_LENGTH",
    "SENT_TIME_CODE",
    "SENT_TIME_DESCR",
    "CYC_AGE",
    "CII_TYPE",
    "CII_TYPE_ALPHA",
    "COMMENT_TEXT",
    "END_OF_REC",
)
PLACE: dict[str, int] = {name: place for place, name in enumerate(COLUMNS)}

DROPPED = ("PRI_SSN", "PRI_CDL", "REQ_SSN", "REQ_CDL")
"""Social security and licence numbers: blanked before anything is stored or forwarded."""


class DojRow(NamedTuple):
    """What is read of one row, cleaned, without social security and licence numbers; empty where the row has nothing.
    Field names are the columns'."""

    subject_id: str = ""
    cii_number: str = ""
    pri_name: str = ""
    gender: str = ""
    pri_dob: str = ""
    race_descr: str = ""
    cyc_date: str = ""
    stp_event_date: str = ""
    stp_type_descr: str = ""
    stp_ori_descr: str = ""
    stp_ori_cnty_name: str = ""
    cnt_order: str = ""
    disp_date: str = ""
    ofn: str = ""
    offense_descr: str = ""
    offense_toc: str = ""
    disp_descr: str = ""
    conv_stat_descr: str = ""
    sent_loc_descr: str = ""
    sent_length: str = ""
    sent_time_code: str = ""
    comment_text: str = ""
    disp_offense_descr: str = ""
    conv_offense_descr: str = ""
    offense_qual_lst: str = ""
    disp_offense_qual_lst: str = ""
    conv_offense_qual_lst: str = ""


_read = itemgetter(*(PLACE[name.upper()] for name in DojRow._fields))
_BLANK = frozenset({"NULL", "x", "#"})
_OFN = DojRow._fields.index("ofn")


def clean(value: str) -> str:
    """The value without padding; DOJ's ways of writing nothing (``NULL``, ``x``, ``#``) become empty."""
    stripped = value.strip()
    return "" if stripped in _BLANK else stripped


def doj_row(fields: list[str]) -> DojRow:
    """The row that 95 fields make."""
    (row,) = doj_rows((fields,))
    return row


def doj_rows(of_rows: Iterable[list[str]]) -> list[DojRow]:
    """The rows that 95 fields each make."""
    found = list(map(_cleaned, of_rows))
    # All are looked at for numbers as one text first, and hardly ever by themselves.
    if _may_hold_number(chain.from_iterable(found)):
        found = [list(map(redacted_value, one)) if _may_hold_number(one) else one for one in found]
    return list(map(DojRow._make, found))


def _cleaned(fields: list[str]) -> list[str]:
    """What is read of a row, ``clean``, and without a case number that is none: no call for each of 27 fields."""
    values = list(map(str.strip, _read(fields)))
    if not _BLANK.isdisjoint(values):
        values = ["" if value in _BLANK else value for value in values]
    if values[_OFN] and numbers_no_case(values[_OFN]):
        values[_OFN] = ""
    return values


def _may_hold_number(values: Iterable[str]) -> bool:
    return may_hold_number("\x1f".join(values).encode("utf-8", "surrogateescape"))
