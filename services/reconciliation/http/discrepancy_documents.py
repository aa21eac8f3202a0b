"""What requests about discrepancies say, and what their answers hold."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from reliefstream_contracts.discrepancies import DiscrepancyChanged, DiscrepancyKind
from reliefstream_contracts.identifiers import CaseNumber, CountyName, Source, SubjectId
from services.chassis.http.text import AskedMoment, Body, Day, Moment, OptionalText, Query, Words
from services.reconciliation.http.as_recorded import CountSaid
from services.reconciliation.linkage.identity.explanation import Likeness

Owner = Literal["county_court", "doj", "district_attorney", "city_attorney", "records_unit"]
Reason = Annotated[Words, Field(max_length=2000)]


class Filters(Query):
    """Filters; one that is left out matches everything. ``put_off``: until a later day."""

    kind: DiscrepancyKind | None = None
    owner: Owner | None = None
    put_off: Literal["yes", "no"] | None = None


class LedgerPage(Filters):
    """``after``: the ``next`` of the page before."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    after: OptionalText = None


class Listed(BaseModel):
    """One entry. ``put_off_until``: the day on which it waits again; null: it waits."""

    discrepancy: DiscrepancyChanged
    first_seen: Moment
    put_off_until: date | None


class Described(Listed):
    """An entry with what tells it from others: ``name`` and ``about``, the first of its counts, as one record says
    them; null: no record that can be read has it."""

    name: str | None
    about: CountSaid | None


class ListedPage(BaseModel):
    """``next``: the ``after`` of the next page; null: this was the last."""

    discrepancies: list[Described]
    next: str | None


class LedgerCounts(BaseModel):
    """How many are open, by kind and owner; ``total`` under all filters."""

    counts: dict[str, dict[str, int]]


class SinceQuery(Query):
    """``since``: what was first found from then on is new."""

    since: AskedMoment


class CountySummary(BaseModel):
    """``referrals``: persons whom community groups named that wait for an answer."""

    county: str
    open: int
    new: int
    referrals: int
    referrals_overdue: int


class LedgerSummary(BaseModel):
    """How much is open in each county, in numbers alone."""

    counties: list[CountySummary]


class ActShown(BaseModel):
    """What a person did with an entry."""

    at: Moment
    act: Literal["closed", "put_off"]
    account: str
    reason: str
    until: date | None


class CaseSaid(BaseModel):
    """One case of a record; null: it does not say."""

    case_number: CaseNumber | None
    court: str | None
    charges: list[str]
    conviction_date: date | None


class RecordSaid(BaseModel):
    """A record's person as its source says; null: it does not say."""

    record: str
    source: Source
    county: CountyName
    surname: str | None
    given_name: str | None
    middle_name: str | None
    suffix: str | None
    birth_date: date | None
    sex: str | None
    race: str | None
    cii_numbers: list[str]
    source_subject_id: str | None
    cases: list[CaseSaid]


class Side(BaseModel):
    """One who may be the same person as another side: a subject with its records.

    ``likeness``: to the first side; null: of the first itself, or too little speaks for it to be weighed.
    """

    subject_id: SubjectId
    records: list[RecordSaid]
    likeness: Likeness | None


class DiscrepancyShown(Listed):
    """``counts``: what each source says of the conviction. ``sides``: of an identity in doubt, who may be one person.

    ``closable``: whether a person may close it although the sources still differ. ``acts``: what people did, in order.
    """

    counts: list[CountSaid]
    sides: list[Side]
    closable: bool
    acts: list[ActShown]


class CloseBody(Body):
    """Closed as it was shown (``version``), with the reason."""

    version: Annotated[int, Field(ge=1)]
    reason: Reason


class PutOffBody(Body):
    """Put off until a day, with the reason."""

    until: Day
    reason: Reason


class Ended(BaseModel):
    """``done`` false: it was done before, or had ended, and nothing was done."""

    done: bool
