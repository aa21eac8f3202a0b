"""What became of a conviction on DOJ's list (HS 11361.9): moved, challenged, answered otherwise, or unaccounted for."""

from typing import Literal, NamedTuple

from reliefstream_contracts.determinations import Outcome
from reliefstream_contracts.relief import ReviewDecision
from services.relief.lifecycle.findings import Withheld
from services.relief.lifecycle.transitions import ORDERED, WAITING, State

Part = Literal["moved", "challenged", "answered", "unaccounted"]
PARTS: tuple[Part, ...] = ("moved", "challenged", "answered", "unaccounted")


class Stands(NamedTuple):
    """Where a listed conviction stands. ``decided``: what was signed in its review; None: nothing, or no review."""

    outcome: Outcome
    withheld: Withheld | None = None
    relief: State | None = None
    decided: ReviewDecision | None = None
    held: bool = False
    """Whether an office has put its review off until a later day."""


class Became(NamedTuple):
    """The part of the balance, and why, as a code."""

    part: Part
    why: str


def became(one: Stands) -> Became:
    """The one part that a conviction belongs to.

    What the court has, or has spoken on, goes before what is determined now; a proposal that waits is unaccounted for.
    """
    if one.relief in ORDERED:
        return Became("moved", "ordered")
    if one.relief in (State.CHALLENGED, State.SUSTAINED):
        return Became("challenged", str(one.relief))
    if one.outcome in ("not_eligible", "not_covered", "already_relieved"):
        return Became("answered", one.outcome)
    if one.relief in WAITING:
        return Became("unaccounted", "waits_for_order")
    if one.outcome == "needs_review" or one.withheld == "city_attorney":
        if one.decided == "petition":
            return Became("answered", "petition")
        waits = one.withheld or "needs_review"
        return Became("answered", "held") if one.held else Became("unaccounted", waits)
    return Became("unaccounted", one.withheld or "not_proposed")
