"""What stays on a person's record: what is relieved, what was relieved before, and what nobody knows."""

from datetime import date
from typing import Any

import pytest

from reliefstream_contracts.determinations import Outcome
from reliefstream_contracts.histories import HistoryChanged, RelievedBy
from reliefstream_contracts.identifiers import derived
from reliefstream_contracts.vocabulary.offense import Doubt, LaterRelief
from services.eligibility.comparison.record_left import KINDS, cleared, on_record
from tests.eligibility.builders import AS_OF, a_conviction, a_history

ALL = frozenset(KINDS)
FELONY, CONVICTION, RECENT = (frozenset({kind}) for kind in KINDS)
YOUNG = {"conviction_date": date(2015, 1, 1)}


def found(**outcomes: Outcome) -> dict[Any, Outcome]:
    """Outcomes by the name of the conviction."""
    return {derived("conviction", name.removeprefix("c")): outcome for name, outcome in outcomes.items()}


def shown(kind: Any) -> dict[str, Any]:
    return {"later_relief": (RelievedBy(source="court", relief=LaterRelief(kind=kind)),)}


def test_a_dismissal_takes_all_away_and_a_redesignation_the_felony() -> None:
    history = a_history(a_conviction(**YOUNG))

    assert on_record(history, {}, AS_OF) == ALL
    assert cleared(history, found(c1="dismissal"), AS_OF) == ALL
    assert cleared(history, found(c1="redesignation"), AS_OF) == FELONY
    for outcome in ("needs_review", "not_eligible", "not_covered"):
        assert not cleared(history, found(c1=outcome), AS_OF)  # type: ignore[arg-type]


def test_another_conviction_stays_whatever_county_it_is_of() -> None:
    other = a_conviction("VC 10851", name="2", county="yolo", level_convicted="misdemeanor", **YOUNG)
    history = a_history(a_conviction(), other)

    assert cleared(history, found(c1="dismissal"), AS_OF) == FELONY
    assert on_record(history, {}, AS_OF) == ALL


@pytest.mark.parametrize(("on", "recent"), [(date(2012, 11, 11), False), (date(2012, 11, 12), True)])
def test_a_conviction_is_recent_until_its_seventh_anniversary(on: date, recent: bool) -> None:
    assert (on_record(a_history(a_conviction(conviction_date=on)), {}, AS_OF) >= RECENT) == recent


@pytest.mark.parametrize("kind", ["pc_17b", "pc_1170_18", "hs_11361_8_redesignation"])
def test_a_felony_that_was_reduced_is_none_any_more(kind: str) -> None:
    history = a_history(a_conviction(**shown(kind)))

    assert on_record(history, found(c1="already_relieved"), AS_OF) == CONVICTION


@pytest.mark.parametrize("kind", ["pc_1203_4", "pc_1385"])
def test_relief_that_does_not_seal_leaves_the_conviction(kind: str) -> None:
    assert on_record(a_history(a_conviction(**shown(kind))), {}, AS_OF) == FELONY | CONVICTION


def test_what_was_dismissed_sealed_or_destroyed_before_is_not_on_record() -> None:
    dismissed = a_history(a_conviction(**shown("hs_11361_8_dismissal")))
    sealed = a_history(a_conviction(sealed_by=("court",)))

    assert not on_record(dismissed, {}, AS_OF)
    assert not on_record(sealed, found(c1="already_relieved"), AS_OF)
    assert not cleared(sealed, found(c1="already_relieved"), AS_OF)


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"level_convicted": None, **YOUNG}, frozenset()),
        ({"level_convicted": "misdemeanor", "conviction_date": None}, FELONY),
        ({"doubts": (Doubt(field="disposition", kind="contradictory"),)}, RECENT),
    ],
)
def test_what_may_count_stays_and_does_not_count_as_had(
    changes: dict[str, Any], left: frozenset[str]
) -> None:
    unsure = a_conviction("VC 10851", name="2", **changes)
    history = a_history(a_conviction(**YOUNG), unsure)

    assert cleared(history, found(c1="dismissal"), AS_OF) == left
    assert not on_record(a_history(a_conviction(level_convicted=None)), {}, AS_OF) >= FELONY


@pytest.mark.parametrize("rap_sheet", ["none", "incomplete"])
def test_without_a_complete_rap_sheet_nothing_is_cleared(rap_sheet: Any) -> None:
    history: HistoryChanged = a_history(rap_sheet=rap_sheet)

    assert on_record(history, {}, AS_OF)
    assert not cleared(history, found(c1="dismissal"), AS_OF)
