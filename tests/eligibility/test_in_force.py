"""Processes whose clocks or rules differ come to an agreement, whoever looks when."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.eligibility.in_force import InForce, agreed

DAY = date(2026, 11, 22)
CHANGES_ON = DAY + timedelta(1)

processes = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from("AB"), st.sampled_from("AB")),
    min_size=1,
    max_size=4,
)
"""Of each process: days its clock is ahead, whether its day is fixed, its rules before and from a change on."""


def rules_of(before: str, after: str, day: date) -> str:
    return after if day >= CHANGES_ON else before


@given(processes, st.lists(st.integers(0, 3), max_size=12))
def test_looking_in_any_order_they_come_to_rest(
    started: list[tuple[int, bool, str, str]], looks: list[int]
) -> None:
    def look(stored: InForce | None, number: int) -> InForce:
        ahead, fixed, before, after = started[number]
        day = DAY + timedelta(ahead)
        own = InForce(day, rules_of(before, after, day), number, fixed)
        return agreed(stored, own, lambda day: rules_of(before, after, day))

    stored = None
    for number in looks:
        stored = look(stored, number % len(started))
    for _ in range(4):
        for number in range(len(started)):
            stored = look(stored, number)
    rest = {look(stored, number) for number in range(len(started))}

    assert rest == {stored}
    assert stored is not None
    newest = len(started) - 1
    ahead, fixed, before, after = started[newest]
    assert stored.process == newest
    assert stored.rules == rules_of(before, after, stored.today)
    assert stored.today == DAY + timedelta(ahead) if fixed else stored.today >= DAY + timedelta(ahead)
