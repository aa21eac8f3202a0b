"""By which day and rules subjects are judged anew, where several processes may differ. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class InForce:
    """``rules``: their name on that day. ``process``: who says so; the higher started later.

    ``fixed``: the day is given for a trial and stays.
    """

    today: date
    rules: str
    process: int
    fixed: bool


def agreed(stored: InForce | None, own: InForce, rules_on: Callable[[date], str]) -> InForce:
    """What is in force once this process has looked; ``own``: what it holds to be in force, ``rules_on`` its rules.

    A process that starts sets its day and rules, also back. From then on the day moves forward only, whoever
    sees it first, and a process that started earlier with other rules changes nothing: so processes whose clocks
    or rules differ never overwrite each other in turn.
    """
    if stored is None or own.process > stored.process:
        return own
    if own.process < stored.process and rules_on(stored.today) != stored.rules:
        return stored
    forward = own.today > stored.today and not (stored.fixed or own.fixed)
    day = own.today if forward else stored.today
    return replace(stored, today=day, rules=rules_on(day))
