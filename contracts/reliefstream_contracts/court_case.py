"""What a county sends for one court case: a JSON object, one a line in a file.

Field names follow NIEM's justice domain and NCSC's National Open Court Data Standards. Unknown fields are
refused, so that a misspelt field is reported. Dates are ISO 8601; a date that the court does not
know is left out or null.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from reliefstream_contracts.identifiers import CaseNumber, CiiNumber, RecordId, SourceSubjectId
from reliefstream_contracts.vocabulary.offense import Level, ReliefKind

Text = Annotated[str, Field(max_length=500)]

# Control and direction marks: a clerk would see another number than the one that is stored.
UNSEEN = "\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
Visible = Field(pattern=f"^[^{UNSEEN}]+$")


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Defendant(Strict):
    """The defendant, with the facts that the court has. There is no field for a social security or licence number."""

    source_subject_id: SourceSubjectId | None = None
    cii_number: CiiNumber | None = None
    surname: Text | None = None
    given_name: Text | None = None
    middle_name: Text | None = None
    name_suffix: Text | None = None
    birth_date: date | None = None
    sex: Text | None = None
    race: Text | None = None


class CourtSentence(Strict):
    """One part of a sentence on its charge; ``length`` and ``unit`` go together."""

    kind: Literal["prison", "jail", "probation", "fine", "life", "other"]
    length: int | None = Field(default=None, ge=0, le=2000)
    unit: Literal["days", "months", "years"] | None = None


class CourtLaterRelief(Strict):
    """Relief that the court's record already shows on a charge."""

    kind: ReliefKind
    relief_date: date | None = None
    order_number: Text | None = None


class CourtCharge(Strict):
    """One count. ``code_section`` is as the court writes it (``11357(c) HS``)."""

    charge_number: Annotated[str, Field(min_length=1, max_length=20, pattern=f"^[^/{UNSEEN}]+$")]
    """The count's number or id; without a slash, as it is the last part of the count's key."""
    code_section: Text
    description: Text | None = None
    level_charged: Level | None = None
    level_convicted: Level | None = None
    offense_date: date | None = None
    plea: Text | None = None
    disposition: Literal["convicted", "acquitted", "dismissed", "petition_sustained", "pending", "other"]
    """``petition_sustained``: a juvenile court's adjudication, which is no conviction."""
    disposition_date: date | None = None
    conviction_date: date | None = None
    """If left out: the disposition date, when the disposition is a conviction."""
    sentence: tuple[CourtSentence, ...] = Field(default=(), max_length=100)
    sentence_end_date: date | None = None
    later_relief: tuple[CourtLaterRelief, ...] = Field(default=(), max_length=100)


class CourtCase(Strict):
    """One case of one defendant. The same ``record_id`` with a higher ``revision`` replaces it whole."""

    record_id: Annotated[RecordId, Visible]
    revision: int = Field(ge=0, le=2**31 - 1)
    withdrawn: bool = False
    county: Text
    """The county's name in any common writing: ``Los Angeles``."""
    court: Text
    case_number: Annotated[CaseNumber, Visible]
    prosecuting_agency: Text | None = None
    defendant: Defendant
    charges: tuple[CourtCharge, ...] = Field(max_length=500)
    record_status: Literal["active", "sealed", "destroyed"] = "active"
