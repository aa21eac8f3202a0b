"""A review is not an end: it has a question that brings it further, or says why none does and who acts."""

from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.histories import HistoryChanged
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.engine.reasons import FOR_A_PERSON
from tests.eligibility.builders import AS_OF, LOS_ANGELES
from tests.eligibility.law.lives import all_policies, histories

POLICIES = all_policies()


@given(histories(), st.sampled_from(sorted(POLICIES)))
def test_a_review_asks_or_says_who_acts_and_why_no_answer_settles_it(
    history: HistoryChanged, name: str
) -> None:
    policy = POLICIES[name]
    for found in judge(history, LOS_ANGELES, policy, load_statute(), AS_OF):
        if found.outcome != "needs_review" or found.open_questions or found.reason in FOR_A_PERSON:
            continue
        left_to = {row.reason: row.route for row in policy.rows if row.outcome == "needs_review"}
        related = {row.reason for row in policy.rows} if policy.related_charges is not None else set()
        assert found.reason in left_to or found.reason in related, found.reason
        assert found.route is not None, found.reason
