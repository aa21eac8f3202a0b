"""What the answers of relief hold."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from reliefstream_contracts.identifiers import Source
from services.chassis.http.text import Moment
from services.relief.lifecycle.transitions import LegalHold, Relief
from services.relief.orders.line_outcomes import LineOutcome
from services.relief.orders.proposed_orders import ProposedOrder
from services.relief.orders.standing_orders import StandingOrder
from services.relief.sealing.due import SealWaitsFor, Stage


class StandingOrders(BaseModel):
    """``in_force``: the number of the one in force, null: none. ``waiting``: proposals, and ``why`` they wait."""

    county: str
    order_mode: str
    in_force: str | None
    waiting: int
    why: str | None
    standing_orders: list[StandingOrder]


class StandingOrderEntered(StandingOrder):
    """The order as it was entered or confirmed, and what waits in the county."""

    order_mode: str
    waiting: int
    why: str | None


class ChallengedRelief(Relief):
    """The challenged relief. ``warning``: what the challenger must check or state; null: nothing."""

    warning: str | None


class ProposedOrders(BaseModel):
    """Proposed orders of a county, without their lines."""

    proposed_orders: list[ProposedOrder]


class Line(BaseModel):
    """One line; ``result`` is null until the order is entered, ``outcome`` until the clerk told it.

    ``still_serving``: whether the sentence runs, as it is known now; null: not known."""

    line: int
    case_number: str | None
    county: str | None
    court: str | None
    code_section: str | None
    level: str | None
    conviction_date: str | None
    relief: str
    redesignated_to: str | None
    counts: list[str]
    relief_id: str
    result: str | None
    outcome: LineOutcome | None
    subject_id: UUID
    still_serving: bool | None


class ProposedOrderShown(BaseModel):
    """``proposed_order`` null: nothing waits. ``results``: how many lines had each; empty before it is entered."""

    proposed_order: ProposedOrder | None
    results: dict[str, int]
    lines: list[Line]


class ProposedOrderDiscarded(BaseModel):
    proposed_order: ProposedOrder


class ProposedOrderTold(BaseModel):
    proposed_order: ProposedOrder


class OrderOutcomes(BaseModel):
    """``told``: how many lines were named. ``not_taken``: those that are not of this order, or were not ordered.
    ``outcomes``: of the whole order."""

    told: int
    not_taken: list[int]
    outcomes: dict[str, int]


class StillToForget(BaseModel):
    """A service that has not forgotten convictions that are being sealed; ``since``: the oldest of them."""

    service: str
    convictions: int
    since: Moment


class SealsOfCounty(BaseModel):
    """Dismissals of a county: how many wait to be sealed, by what for; are due; are being sealed; are sealed.

    ``seal_after_days``: after every source shows the dismissal; null: it waits until the person was told.
    ``missing``: the services that what is being sealed waits for.
    """

    county: str
    seal_after_days: int | None
    waiting: dict[SealWaitsFor, int]
    due: int
    being_sealed: int
    missing: list[StillToForget]
    sealed: int


class OpenDiscrepancy(BaseModel):
    discrepancy_id: UUID
    kind: str


class SealingDismissal(BaseModel):
    """A dismissal that is not sealed yet. ``stage``: what it waits for, ``due`` or ``being_sealed``.

    ``shown_by``: whose records show it. ``discrepancies``: what is open about it.
    """

    relief_id: UUID
    stage: Stage
    section: str
    court: str | None
    case_number: str | None
    conviction_date: date | None
    subject_id: UUID
    order_number: str
    ordered_on: date
    shown_by: tuple[Source, ...]
    told_on: date | None
    legal_hold: LegalHold | None
    discrepancies: list[OpenDiscrepancy]


class SealingDismissals(BaseModel):
    """``next``: the ``after`` of the next page, null on the last."""

    dismissals: list[SealingDismissal]
    next: UUID | None


class Reliefs(BaseModel):
    """``next``: the ``after`` of the next page, null on the last."""

    reliefs: list[Relief]
    next: UUID | None


class SubjectShown(BaseModel):
    """The last snapshot of a subject, and the reliefs on its counts."""

    subject_id: UUID
    version: int
    retired_into: UUID | None
    findings: list[dict[str, Any]]
    reliefs: list[Relief]


class Groups(BaseModel):
    """Convictions and persons by county, state and the characteristics that were asked for."""

    groups: list[dict[str, str | int | None]]
