"""What stays on a person's record once relief is granted: a felony, a conviction, one of the last seven years."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from reliefstream_contracts.determinations import Outcome
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.identifiers import ConvictionId
from services.eligibility.law.engine.calendar import add_years
from services.eligibility.law.input.judged_conviction import is_certain, is_dismissed

Kind = Literal["felony", "conviction", "recent conviction"]
KINDS: tuple[Kind, ...] = get_args(Kind)
RECENT_YEARS = 7
REDUCED = frozenset({"pc_17b", "pc_1170_18", "hs_11361_8_redesignation"})
"""Relief after which a felony is a misdemeanor for all purposes (PC 17(b), 1170.18(k); HS 11361.8(h))."""
Outcomes = Mapping[ConvictionId, Outcome]


def on_record(history: HistoryChanged, found: Outcomes, as_of: date) -> frozenset[Kind]:
    """What the person surely has on record on the day, in any county, before anything more is granted.

    ``found``: the outcomes under any policy; only those that show relief already granted are looked at.
    """
    standing = [one for one in _standing(history, found) if is_certain(one)]
    return frozenset(
        kind for kind in KINDS if any(_counts(one, kind, as_of, unknown=False) for one in standing)
    )


def cleared(history: HistoryChanged, found: Outcomes, as_of: date) -> frozenset[Kind]:
    """What the person has on record and would not have any more once the relief ``found`` is granted.

    Unknown is never cleared: nothing is where no complete state rap sheet has come, or where a conviction
    stays whose level, date or disposition is unknown and so may count. A dismissal takes a conviction away;
    a redesignation takes only its felony away.
    """
    if history.rap_sheet != "complete":
        return frozenset()
    staying = list(_standing(history, found))
    return frozenset(
        kind
        for kind in on_record(history, found, as_of)
        if not any(
            _counts(one, kind, as_of, unknown=True) and not _takes_away(found.get(one.conviction_id), kind)
            for one in staying
        )
    )


def _standing(history: HistoryChanged, found: Outcomes) -> list[Conviction]:
    """All but those already dismissed, sealed or destroyed: deemed never to have occurred (I-15, I-16)."""
    return [
        one
        for one in history.convictions
        if not is_dismissed(one)
        and not (found.get(one.conviction_id) == "already_relieved" and not _reduced(one))
    ]


def _counts(conviction: Conviction, kind: Kind, as_of: date, *, unknown: bool) -> bool:
    """Whether a conviction is of that kind; ``unknown`` is the answer where the record does not say."""
    if kind == "conviction":
        return True
    if kind == "felony":
        if _reduced(conviction):
            return False
        level = conviction.level_convicted
        return unknown if level is None else level == "felony"
    on = conviction.conviction_date
    if on is None:
        return unknown
    until = add_years(on, RECENT_YEARS)
    return until is None or until > as_of


def _takes_away(outcome: Outcome | None, kind: Kind) -> bool:
    return outcome == "dismissal" or (outcome == "redesignation" and kind == "felony")


def _reduced(conviction: Conviction) -> bool:
    return any(shown.relief.kind in REDUCED for shown in conviction.later_relief)
