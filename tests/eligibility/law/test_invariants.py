"""What holds under every policy that ships, whoever adds one; exceptions are declared here, each with its reason."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reliefstream_contracts.determinations import Determination, Ground
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.records import Registration
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, SentencePart
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from tests.effort import tries
from tests.eligibility.builders import LOS_ANGELES, a_conviction
from tests.eligibility.law.lives import DAYS, all_policies, histories
from tests.left_out import without

POLICIES = all_policies()
EXAMPLES = settings(max_examples=tries(25), deadline=None, derandomize=True)
TODAY = date(2026, 11, 22)
RANK = {"dismissal": 2, "redesignation": 1}
RELIEF = frozenset(RANK)

ASKS_HOW_MANY = {"more_than_one_conviction", "single_conviction"}
"""A table may give more to two old convictions than to a single one that is still served (Sacramento, San Joaquin,
Contra Costa, rows 7 to 10): there a further conviction may help by its mere number, and only there."""

LOOKS_AT_LATER_CONVICTIONS = ASKS_HOW_MANY | {
    "only_cannabis_convictions",  # the whole record is the question
    "all_sentences_ended",
    "a_sentence_running",
    "serving_a_sentence",
    "no_conviction_in_past_years",
    "latest_conviction_more_than_years_ago",
    "deceased",  # a conviction after the death makes the death somebody else's (I-35)
    "registration_required",  # PC 1203.425 asks what is on record now (I-41)
    "years_without_felony",  # and for new felonies after the sentence (I-44)
}
"""Rules whose answer on a conviction may depend on what came after it."""


def by_conviction(history: HistoryChanged, policy: str, day: date = TODAY) -> dict[str, Determination]:
    found = judge(history, LOS_ANGELES, POLICIES[policy], load_statute(), day)
    return {str(one.conviction_id): one for one in found}


# --- Unknown is never eligible (test_unknown_is_never_eligible.py has more) --------------------------------------


@pytest.mark.parametrize("policy", POLICIES)
@EXAMPLES
@given(history=histories())
def test_relief_rests_on_a_known_section_level_date_and_person_and_on_a_test_that_is_met(
    policy: str, history: HistoryChanged
) -> None:
    convictions = {str(one.conviction_id): one for one in history.convictions}
    for key, one in by_conviction(history, policy).items():
        if one.outcome in RELIEF:
            of = convictions[key]
            assert of.offense.sections
            assert of.conviction_date is not None
            assert of.level_convicted is not None
            assert not any(doubt.field == "disposition" for doubt in of.doubts)
            assert one.grounds[0].finding == "met" or _none_of_its_own(one.grounds[0])
            assert {"identity", "county", "disposition"}.isdisjoint(
                ground.rule.removesuffix("_in_doubt") for ground in one.grounds
            )


def _none_of_its_own(ground: Ground) -> bool:
    """A row of several tests may show first one that is not met, where its opposite was asked for."""
    return ground.finding == "not_met"


PERSON_IN_DOUBT = st.sampled_from(["identity", "name", "name.surname", "name.suffix", "birth_date"])


@pytest.mark.parametrize("policy", POLICIES)
@EXAMPLES
@given(history=histories(), field=PERSON_IN_DOUBT)
def test_nobody_is_cleared_of_what_may_be_another_persons(
    policy: str, history: HistoryChanged, field: str
) -> None:
    doubtful = history.replace(doubts=(Doubt(field=field, kind="contradictory"),))

    assert RELIEF.isdisjoint(one.outcome for one in by_conviction(doubtful, policy).values())


# --- More on record --------------------------------------------------------------------------------------------

DISQUALIFIERS = (
    *("PC 187(a)", "PC 288(a)", "PC 311.3", "PC 290.018(b)", "PC 667.61", "PC 459", "US 1111", "PC 187a"),
    *("HS 11357", "HS 11358", "HS 11359", "HS 11360(a)", "HS 11360(b)", "HS 11358.5"),
)


@st.composite
def disqualifiers(draw: st.DrawFn) -> Conviction | Registration:
    """A conviction or a registration that may stand in the way of relief, its own facts known or not."""
    on = draw(st.none() | DAYS)
    if draw(st.integers(0, 4)) == 0:
        return Registration(section=CodeSection(code="PC", section="290"), on=on)
    return a_conviction(
        draw(st.sampled_from(DISQUALIFIERS)),
        name="worse",
        event="worse",
        county=draw(st.sampled_from(["los-angeles", "fresno"])),
        conviction_date=on,
        level_convicted=draw(st.sampled_from(["felony", "felony", "misdemeanor", None])),
        doubts=draw(st.sampled_from([(), (), (Doubt(field="disposition", kind="unparsed"),)])),
        sentence=draw(
            st.sampled_from(
                [(), (SentencePart(kind="life"),), (SentencePart(kind="jail", length=9, unit="years"),)]
            )
        ),
    )


def _with(history: HistoryChanged, more: Conviction | Registration) -> HistoryChanged:
    if isinstance(more, Registration):
        return history.replace(registrations=(*history.registrations, more))
    return history.replace(convictions=(*history.convictions, more))


def _asks_how_many(one: Determination) -> list[str]:
    return [ground.finding for ground in one.grounds if ground.rule in ASKS_HOW_MANY]


@pytest.mark.parametrize("policy", POLICIES)
@EXAMPLES
@given(history=histories(), more=disqualifiers())
def test_a_further_disqualifier_never_helps(
    policy: str, history: HistoryChanged, more: Conviction | Registration
) -> None:
    now = by_conviction(_with(history, more), policy)
    for key, was in by_conviction(history, policy).items():
        assert RANK.get(now[key].legal_minimum or "", 0) <= RANK.get(was.legal_minimum or "", 0)
        if _asks_how_many(was) == _asks_how_many(now[key]):
            assert RANK.get(now[key].outcome, 0) <= RANK.get(was.outcome, 0), (was.grounds, now[key].grounds)


def test_only_the_tables_of_2019_ask_how_many_convictions_there_are() -> None:
    asking = {
        name for name, policy in POLICIES.items() if any("on record" in row.says for row in policy.rows)
    }

    assert asking == {"sacramento", "san-joaquin", "contra-costa"}


QUESTIONS = {"open_questions"}
LATER = ("HS 11358", "HS 11359", "HS 11360(b)", "PC 187(a)", "PC 288(a)", "PC 459", "PC 148", "VC 23152(a)")


@pytest.mark.parametrize("policy", POLICIES)
@EXAMPLES
@given(history=histories(), section=st.sampled_from(LATER), level=st.sampled_from(["felony", "misdemeanor"]))
def test_a_later_conviction_changes_nothing_but_what_looks_at_it(
    policy: str, history: HistoryChanged, section: str, level: str
) -> None:
    later = a_conviction(
        section, name="later", event="later", conviction_date=date(2026, 1, 2), level_convicted=level
    )
    now = by_conviction(_with(history, later), policy)
    for key, was in by_conviction(history, policy).items():
        before, after = (
            {_told(ground) for ground in _steady(was)},
            {_told(ground) for ground in _steady(now[key])},
        )
        asked = {ground.rule for ground in _steady(was)} & {ground.rule for ground in _steady(now[key])}
        assert {one for one in before if one[0] in asked} == {one for one in after if one[0] in asked}
        assert now[key].legal_minimum == was.legal_minimum or "unknown" in str(was.grounds)
        if len(list(_steady(was))) == len(was.grounds) and was.conviction_date is not None:
            # What an answer to a question would lead to may look at it.
            assert without(now[key], QUESTIONS) == without(was, QUESTIONS)


def _steady(one: Determination) -> Iterator[Ground]:
    """The grounds that a later conviction cannot change, where the conviction's own date is known.

    One whose date is unknown may have come later than any other.
    """
    for ground in one.grounds:
        if ground.rule not in LOOKS_AT_LATER_CONVICTIONS and one.conviction_date is not None:
            yield ground


def _told(ground: Ground) -> tuple[str, str, str]:
    return ground.rule, ground.finding, str(ground.facts)
