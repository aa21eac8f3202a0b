"""The duties of a court and DOJ for relief on one conviction: deadlines, and the events that start and end them.

- ``order``: what nobody challenged in time on DOJ's list was to be ordered by 1 March 2023 (HS 11361.9, I-60).
- ``court_record``: a court reports a disposition to DOJ within 30 days (PC 13151(a)): its own record shows it by then.
- ``doj_record``: DOJ was to update its records by 1 July 2023 (HS 11361.9). What was ordered later it could not record
  by then: it is asked when 60 days have passed (I-60).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from reliefstream_contracts.discrepancies import DiscrepancyKind
from reliefstream_contracts.identifiers import Source
from reliefstream_contracts.relief import (
    ReliefAcknowledged,
    ReliefChallenged,
    ReliefEvent,
    ReliefOrdered,
    ReliefProposalWithdrawn,
    ReliefProposed,
    ReliefSustained,
)
from reliefstream_contracts.vocabulary.doj_list import CHALLENGE_UNTIL, CITATION, ORDERS_DUE, RECORDS_DUE

DutyName = Literal["order", "court_record", "doj_record"]
COURT_DAYS = timedelta(days=30)
DOJ_DAYS = timedelta(days=60)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """``owed_with``: the source without whose record of the conviction nothing is owed."""

    kind: DiscrepancyKind
    owner: Literal["county_court", "doj"]
    owed_with: Source


DUTIES: Mapping[DutyName, Duty] = {
    "order": Duty("relief_overdue", "county_court", owed_with="doj"),
    "court_record": Duty("relief_not_shown", "county_court", owed_with="court"),
    "doj_record": Duty("relief_overdue", "doj", owed_with="doj"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """A duty that an event starts (``ended_by`` None) or ends."""

    duty: DutyName
    ended_by: str | None = None


def moves(event: ReliefEvent, day: date) -> Iterator[Move]:
    """The duties that an event of that day starts and ends. A late challenge ends no duty that the law made due."""
    match event:
        case ReliefProposed():
            yield Move("order")
        case ReliefChallenged() if day <= CHALLENGE_UNTIL:
            yield Move("order", "challenged in time")
        case ReliefSustained():
            yield Move("order", "challenge sustained")
        case ReliefProposalWithdrawn():
            yield Move("order", "proposal withdrawn")
        case ReliefOrdered():
            yield Move("order", "ordered")
            yield Move("court_record")
            yield Move("doj_record")
        case ReliefAcknowledged():
            yield Move("court_record" if event.by == "court" else "doj_record", f"shown by {event.by}")


def due_by(duty: DutyName, started_on: date) -> date:
    """The day by which it was to be done."""
    if duty == "court_record":
        return started_on + COURT_DAYS
    return ORDERS_DUE if duty == "order" else RECORDS_DUE


def asked_on(duty: DutyName, started_on: date) -> date:
    """The first day on which its owner is asked: for the court's record the 30th, else the first too late."""
    due = due_by(duty, started_on)
    if duty == "court_record":
        return due
    if duty == "doj_record" and started_on > due:
        return started_on + DOJ_DAYS
    return due + ONE_DAY


def in_words(duty: DutyName, started_on: date) -> str:
    """The overdue duty in words: what was not done, and since when."""
    due = due_by(duty, started_on)
    if duty == "court_record":
        return f"not shown {COURT_DAYS.days} days after the order of {started_on}"
    overdue = f"due by {due} ({CITATION}), overdue since {due + ONE_DAY}"
    return f"no order: {overdue}" if duty == "order" else f"order of {started_on} not shown: {overdue}"
