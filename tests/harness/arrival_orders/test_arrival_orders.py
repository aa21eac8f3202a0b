"""Two ends are held against each other; the three orders themselves run by ``make arrival-orders``."""

from typing import Any

from tests.harness.arrival_orders.differences import difference
from tests.harness.arrival_orders.holdings import Held, held

DOJ, COURT = "doj/los-angeles/1#1", "court/los-angeles/A#1"


def subject(number: int, *convictions: list[str]) -> dict[str, Any]:
    records = sorted({count.split("#")[0] for counts in convictions for count in counts})
    return {
        "subject_id": str(number),
        "version": number,
        "records": records,
        "convictions": [{"conviction_id": str(number), "counts": counts} for counts in convictions],
    }


def determined(counts: list[str], outcome: str = "dismissal") -> dict[str, Any]:
    return {"conviction_id": "1", "counts": counts, "outcome": outcome}


def ordered(relief_id: str, counts: list[str]) -> dict[str, Any]:
    return {
        "relief_id": relief_id,
        "state": "ordered",
        "relief": "dismissal",
        "counts": counts,
        "rests_on": None,
    }


def entry(kind: str, counts: list[str], status: str = "open") -> dict[str, Any]:
    return {"kind": kind, "status": status, "counts": counts, "version": 1}


def end(
    number: int = 1, *, relief: Any = (), ledger: Any = (), outcome: str = "dismissal", apart: bool = False
) -> Held:
    groups = [[DOJ], [COURT]] if apart else [[DOJ, COURT]]
    return held(
        [subject(number + place, counts) for place, counts in enumerate(groups)],
        [determined(counts, outcome) for counts in groups],
        relief,
        ledger,
    )


ONCE = [ordered("r1", [DOJ, COURT])]
TWICE = [ordered("r1", [DOJ]), ordered("r2", [COURT])]


def test_ids_and_versions_are_no_difference() -> None:
    assert difference(end(1, relief=ONCE), end(7, relief=ONCE)).none_matters


def test_another_subject_is_a_difference() -> None:
    found = difference(end(), end(apart=True))
    assert found.subjects == 3 and not found.none_matters


def test_another_outcome_is_a_difference() -> None:
    assert difference(end(), end(outcome="needs_review")).determinations == 1


def test_another_open_discrepancy_is_a_difference_and_a_resolved_one_none() -> None:
    assert difference(end(), end(ledger=[entry("only_in_doj", [DOJ])])).discrepancies == 1
    assert difference(end(), end(ledger=[entry("only_in_doj", [DOJ], "resolved")])).none_matters


def test_relief_that_differs_needs_an_open_discrepancy_where_it_stands() -> None:
    silent = difference(end(relief=ONCE), end(relief=TWICE))
    assert (silent.relief, silent.unexplained) == (1, 1)
    said = difference(end(relief=ONCE), end(relief=TWICE, ledger=[entry("relief_ordered_twice", [COURT])]))
    assert (said.relief, said.unexplained) == (1, 0) and said.none_matters
    elsewhere = difference(end(relief=ONCE, ledger=[entry("relief_ordered_twice", [DOJ])]), end(relief=TWICE))
    assert elsewhere.unexplained == 1


def test_relief_by_a_decision_that_came_to_something_else_needs_an_open_discrepancy() -> None:
    moved = [ordered("r1", [DOJ, COURT]) | {"state": "proposed", "rests_on": "w1/1"}]
    assert difference(end(relief=moved), end(relief=moved)).none_matters
    silent = difference(end(relief=moved), end())
    assert silent.decisions == 1 and not silent.none_matters
    said = end(ledger=[entry("determination_changed_after_order", [COURT])])
    assert difference(end(relief=moved), said).decisions == 0
