"""What kind of step a row belongs to (STP_TYPE_DESCR)."""

import re
from functools import lru_cache

from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.disposition import changes_sentence, speaks_of_conviction, sustained

COURT_ACTION = "COURT ACTION"
REGISTRATION = "REGISTRATION"
DECEASED = "DECEASED"
ARREST = "ARREST/DETAINED/CITED"
READ = frozenset({COURT_ACTION, REGISTRATION, DECEASED, ARREST})

_JUVENILE_COURT = re.compile(r"\bJUV\w*|\bCAJC\b")
_CUSTODY = re.compile(r"CUSTODY\s?(:.*)?")
_OTHER_HEADINGS = re.compile(rf"APPLICANT|SUPPLEMENTAL ARREST|PROBATION|MENTAL HEALTH|{_CUSTODY.pattern}")


def step_type(row: DojRow) -> str:
    """The step's type in upper case, with single blanks; empty when blank."""
    return _plain(row.stp_type_descr)


@lru_cache(maxsize=1_000)
def _plain(text: str) -> str:
    return " ".join(text.upper().split())


def is_known(row: DojRow) -> bool:
    """Whether it is certain what the row's step means for a criminal history: DOJ's own headings."""
    kind = step_type(row)
    return kind in READ or _OTHER_HEADINGS.fullmatch(kind) is not None


def is_custody(row: DojRow) -> bool:
    """Whether the row is of a jail or prison."""
    return bool(_CUSTODY.fullmatch(step_type(row)))


def is_action(row: DojRow) -> bool:
    """Whether the row is of a count: a court's, or one that speaks of a conviction under another heading."""
    kind, disposition = step_type(row), row.disp_descr
    if kind == COURT_ACTION or not disposition:
        return kind == COURT_ACTION
    return (
        speaks_of_conviction(disposition)
        or sustained(disposition)
        or (kind != ARREST and changes_sentence(disposition))
    )


def is_of_juvenile_court(row: DojRow) -> bool:
    """Whether the agency that reported the row is a juvenile court, which convicts nobody (WI 203)."""
    return bool(_JUVENILE_COURT.search(row.stp_ori_descr.upper()))
