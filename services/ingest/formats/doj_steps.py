"""What kind of step a row belongs to (STP_TYPE_DESCR)."""

import re
from functools import lru_cache

from services.ingest.formats.doj_columns import DojRow
from services.ingest.formats.doj_disposition import convicted, may_be_convicted

COURT_ACTION = "COURT ACTION"
REGISTRATION = "REGISTRATION"
DECEASED = "DECEASED"
ARREST = "ARREST/DETAINED/CITED"
READ = frozenset({COURT_ACTION, REGISTRATION, DECEASED, ARREST})

_NEVER_A_CONVICTION = re.compile(r"APPLICANT|SUPPLEMENTAL ARREST|PROBATION|MENTAL HEALTH|CUSTODY\s?(:.*)?")


def step_type(row: DojRow) -> str:
    """The step's type in upper case, with single blanks; empty when blank."""
    return _plain(row.stp_type_descr)


@lru_cache(maxsize=1_000)
def _plain(text: str) -> str:
    return " ".join(text.upper().split())


def is_known(row: DojRow) -> bool:
    """Whether it is certain what the row's step means for a criminal history.

    True for the types that are read, and for DOJ's other headings, which hold no conviction (custody after a
    sentence, an applicant's fingerprints) as long as the row does not speak of one.
    """
    kind = step_type(row)
    if kind in READ:
        return True
    return bool(_NEVER_A_CONVICTION.fullmatch(kind)) and not (
        convicted(row.disp_descr) or may_be_convicted(row.disp_descr)
    )
