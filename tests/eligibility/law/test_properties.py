"""What holds for every history that the contracts allow."""

from datetime import date, timedelta
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import policy_names
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.eligibility.store import DETERMINATIONS
from tests.effort import tries
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_statement, an_offense, relieved
from tests.eligibility.law.lives import CANNABIS, histories
from tests.left_out import without

POLICIES = st.sampled_from(policy_names())


def found(history: HistoryChanged, policy: str, day: date) -> tuple[Determination, ...]:
    return judge(history, LOS_ANGELES, load_policy(policy), load_statute(), day)


def content(one: Determination) -> str:
    """Questions aside: what an answer leads to is told of the day that is judged."""
    return without(one, {"as_of", "next_review_on", "open_questions"})


@pytest.mark.slow
@settings(max_examples=tries(150), deadline=None)
@given(histories(), POLICIES, st.dates(date(2015, 1, 1), date(2025, 1, 1)), st.data())
def test_nothing_changes_before_the_next_review_and_something_does_on_it(
    history: HistoryChanged, policy: str, day: date, data: st.DataObject
) -> None:
    on = cache(partial(found, history, policy))  # the days of each conviction are mostly the same
    for place, today in enumerate(on(day)):
        last = today.next_review_on or day + timedelta(days=40 * 366)
        walked = {min(day + timedelta(days=n), last) for n in range(1, 60)}
        walked |= {data.draw(st.dates(day, last)), last - timedelta(days=1)}
        for later in sorted(walk for walk in walked if day < walk < last):
            then = on(later)[place]
            assert content(then) == content(today)
            assert then.next_review_on == today.next_review_on
        if today.next_review_on is not None:
            assert today.next_review_on > day
            assert content(on(last)[place]) != content(today)


@settings(max_examples=tries(100), deadline=None)
@given(histories(), POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_a_history_does_not_matter(history: HistoryChanged, policy: str, chance: Any) -> None:
    shuffled = list(history.convictions)
    chance.shuffle(shuffled)
    other = history.replace(convictions=tuple(shuffled))

    day = date(2019, 11, 11)
    assert [one.outcome for one in found(other, policy, day)] == [
        one.outcome for one in found(history, policy, day)
    ]


@settings(max_examples=tries(100), deadline=None)
@given(histories(), POLICIES)
def test_what_is_stored_reads_back_the_same(history: HistoryChanged, policy: str) -> None:
    one = found(history, policy, date(2019, 11, 11))

    assert DETERMINATIONS.decode(json.encode(one)) == one
    assert HistoryChanged.from_json(history.to_json()) == history


@settings(max_examples=tries(150), deadline=None)
@given(histories(), POLICIES, st.sampled_from(CANNABIS), st.dates(date(1965, 1, 1), date(1989, 12, 31)))
def test_what_a_source_shows_dismissed_may_be_sealed_and_nothing_else_is_determined_otherwise(
    history: HistoryChanged, policy: str, section: str, on: date
) -> None:
    dismissed = a_conviction(
        name="dismissed",
        event="dismissed",
        offense=an_offense(section),
        level_convicted="felony",
        conviction_date=on,
        later_relief=relieved("hs_11361_8_dismissal"),
    )
    history = history.replace(deceased=False, deceased_on=None)
    said = a_statement("dismissed", "level", "felony")
    before = history.replace(convictions=(*history.convictions, dismissed), stated_facts=(said,))
    day = date(2019, 11, 11)
    others = [one for one in found(before, policy, day) if one.conviction_id != dismissed.conviction_id]
    assert others == list(found(history, policy, day))
