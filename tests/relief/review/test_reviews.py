"""What needs a person is opened, decided, opened again and closed: the rules, without servers."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reliefstream_contracts.determinations import Determination, OpenQuestion
from reliefstream_contracts.relief import ReliefOrdered, ReliefProposed
from services.relief.lifecycle.for_review import PARTS, WIDTH, changed, digest
from services.relief.lifecycle.transitions import State, resolved
from services.relief.review.review import Review, ReviewState
from services.relief.review.review_steps import Author, Motion, Refused, claim, send_back, sign
from tests.effort import tries
from tests.relief.builders import NOW, STANDING, a_determination, a_snapshot, a_subject, count
from tests.relief.world import PREPARER, SIGNER, World

DISMISSAL = Motion("dismissal", "file_reviewed")
CHALLENGE = Motion("challenge", "ineligible")


def doubtful(*counts: str, **facts: Any) -> Determination:
    known = {"outcome": "needs_review", "reason": "unknown_level", "legal_minimum": None, "grounds": ()}
    return a_determination(*counts, **(known | facts))


def the_review(world: World) -> Review:
    (review,) = world.reviews.values()
    return review


def digest_of(world: World, subject: str) -> str:
    (finding,) = world.judged[a_subject(subject)]
    return finding.review.digest


def one_doubtful(**facts: Any) -> World:
    world = World()
    world.take(a_snapshot("A", 1, doubtful("d1", **facts)))
    return world


def test_what_needs_a_person_waits_for_the_office_that_it_is_routed_to() -> None:
    review = the_review(one_doubtful(route="city_attorney", city="Burbank"))
    assert (review.state, review.office, review.city) == (ReviewState.OPEN, "city_attorney", "Burbank")


@pytest.mark.parametrize("outcome", ["dismissal", "redesignation"])
def test_relief_that_is_a_citys_to_ask_for_is_moved_for_by_its_attorney(outcome: Any) -> None:
    world = World()
    world.take(
        a_snapshot("A", 1, a_determination("d1", outcome=outcome, route="city_attorney", city="Burbank"))
    )
    review = the_review(world)
    assert (review.office, review.city, review.at_stake) == ("city_attorney", "Burbank", outcome)
    assert world.names() == []
    world.decide(review.review_id, DISMISSAL)
    assert world.the_relief().state is State.PROPOSED
    assert world.the_relief().rests_on == f"{review.review_id}/1"


def test_what_no_list_may_ask_for_is_no_citys_review_either() -> None:
    world = World()
    world.take(
        a_snapshot("A", 1, a_determination("d1", section="PC 148", route="city_attorney", city="Burbank"))
    )
    assert not world.reviews


@pytest.mark.parametrize(
    ("asked_of", "office"),
    [
        ([("clerk", "district_attorney", "city_attorney")], "district_attorney"),
        ([("records_unit",), ("clerk", "district_attorney")], "district_attorney"),
        ([("clerk",)], "clerk"),
        ([("records_unit",)], "records_unit"),
        ([("clerk", "records_unit"), ("records_unit",)], "records_unit"),
    ],
)
def test_another_office_has_it_only_where_no_prosecutor_can_answer(asked_of: Any, office: str) -> None:
    questions = tuple(
        OpenQuestion(
            code="level", count=count("d1"), section="HS 11359", question="?", answers=(), asked_of=offices
        )
        for offices in asked_of
    )
    assert the_review(one_doubtful(open_questions=questions)).office == office


def test_it_closes_by_itself_and_says_what_was_found() -> None:
    world = one_doubtful()
    world.take(a_snapshot("A", 2, a_determination("d1")))
    review = the_review(world)
    assert (review.state, review.why) == (ReviewState.CLOSED, "dismissal")


def test_a_signed_motion_becomes_a_proposal_that_the_next_snapshot_does_not_withdraw() -> None:
    world = one_doubtful()
    world.decide(the_review(world).review_id, DISMISSAL)
    world.take(a_snapshot("A", 2, doubtful("d1", as_of=date(2027, 1, 1), law="another version")))
    (proposed,) = [each for each in world.events if isinstance(each, ReliefProposed)]
    assert proposed.rests_on == f"{the_review(world).review_id}/1"
    assert world.the_relief().state is State.PROPOSED


def test_nothing_follows_before_somebody_else_has_signed() -> None:
    world = one_doubtful()
    review = the_review(world)
    prepared = DISMISSAL.prepare(review, PREPARER, NOW).review
    world.reviews[review.review_id] = prepared
    world.follow_findings()
    assert world.events == []
    with pytest.raises(Refused, match="another signer"):
        sign(prepared, Author("district_attorney", PREPARER.account, signer=True), NOW)
    with pytest.raises(Refused, match="Only a signer"):
        sign(prepared, Author("district_attorney", "account-3", signer=False), NOW)


def test_another_finding_withdraws_the_proposal_and_opens_the_review_again_and_says_what_changed() -> None:
    world = one_doubtful()
    world.decide(the_review(world).review_id, DISMISSAL)
    world.take(a_snapshot("A", 2, doubtful("d1", reason="unknown_conviction_date", conviction_date=None)))
    review = the_review(world)
    assert (review.state, review.why) == (ReviewState.OPEN, "determination_changed")
    assert review.changed == ("finding", "dates")
    assert world.the_relief().state is State.WITHDRAWN


def test_a_change_of_another_conviction_of_the_person_leaves_the_decision_alone() -> None:
    world = one_doubtful()
    world.decide(the_review(world).review_id, DISMISSAL)
    world.take(a_snapshot("A", 2, doubtful("d1"), a_determination("d2", outcome="not_eligible")))
    assert the_review(world).state is ReviewState.DECIDED
    assert world.the_relief().state is State.PROPOSED


def test_a_standing_order_does_not_reach_what_rests_on_a_decision() -> None:
    world = one_doubtful()
    world.decide(the_review(world).review_id, DISMISSAL)
    world.standing = STANDING
    world.take(a_snapshot("A", 2, doubtful("d1"), a_determination("d2")))
    (ordered,) = [each for each in world.events if isinstance(each, ReliefOrdered)]
    assert [count.rpartition("/")[2] for count in ordered.conviction.counts] == ["d2"]


def test_a_challenge_is_heard_before_any_order_reaches_it_whatever_the_standing_order_covers() -> None:
    world = one_doubtful()
    world.standing, world.covers_decisions = STANDING, True
    world.decide(the_review(world).review_id, CHALLENGE)
    assert world.names() == ["Proposed", "Challenged"]
    world.step(resolved(world.the_relief(), "overruled", world.now))
    world.follow_findings()
    assert world.names() == ["Proposed", "Challenged", "Overruled", "Ordered"]


def test_a_challenge_that_stands_only_later_is_heard_then() -> None:
    world = World()
    world.take(a_snapshot("A", 1, doubtful("d1")), a_snapshot("B", 1, doubtful("d1", level="misdemeanor")))
    world.decide(the_review(world).review_id, CHALLENGE)
    assert world.events == [], "the count stands under two subjects, which differ"
    decided_on = the_review(world).prepared.digest
    leaving = next(s for s in "AB" if digest_of(world, s) != decided_on)
    world.take(a_snapshot(leaving, 2))
    assert world.the_relief().state is State.CHALLENGED


@pytest.mark.parametrize("ruling", ["overruled", "withdrawn"])
def test_what_was_resolved_is_not_challenged_again_on_the_same_decision(ruling: Any) -> None:
    world = one_doubtful()
    world.decide(the_review(world).review_id, CHALLENGE)
    world.step(resolved(world.the_relief(), ruling, world.now))
    world.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    world.take(a_snapshot("A", 3, doubtful("d1")))
    assert world.the_relief().state is State.PROPOSED
    assert world.names().count("Challenged") == 1


def test_a_petition_gives_no_relief_and_ends_the_review() -> None:
    world = one_doubtful()
    world.decide(the_review(world).review_id, Motion("petition", "court_to_decide"))
    assert the_review(world).state is ReviewState.DECIDED
    assert world.reliefs == {}


def test_no_motion_where_the_law_gives_no_authority() -> None:
    with pytest.raises(Refused, match="no authority"):
        DISMISSAL.prepare(the_review(one_doubtful(section="PC 148(a)(1)")), PREPARER, NOW)


def test_a_danger_is_raised_only_while_a_sentence_runs() -> None:
    review = the_review(one_doubtful())
    with pytest.raises(Refused, match="does not say that it does"):
        Motion("challenge", "unreasonable_risk").prepare(review, PREPARER, NOW)
    done = Motion("challenge", "unreasonable_risk", still_serving=True).prepare(review, PREPARER, NOW)
    assert done.review.state is ReviewState.PREPARED


def test_what_another_has_claimed_is_not_claimed_again() -> None:
    claimed = claim(the_review(one_doubtful()), PREPARER, NOW).review
    assert claim(claimed, PREPARER, NOW).review == claimed
    with pytest.raises(Refused, match="Somebody else"):
        claim(claimed, SIGNER, NOW)


def test_sent_back_it_is_open_with_the_note() -> None:
    prepared = DISMISSAL.prepare(the_review(one_doubtful()), PREPARER, NOW).review
    back = send_back("the file is missing")(prepared, SIGNER, NOW).review
    assert (back.state, back.why, back.note) == (ReviewState.OPEN, "sent_back", "the file is missing")


def test_a_digest_names_what_differs_and_leaves_ids_and_the_day_aside() -> None:
    one = doubtful("d1")
    assert len(digest(one)) == len(PARTS) * WIDTH
    assert digest(one) == digest(doubtful("d1", "c1", as_of=date(2030, 1, 1), source_row=7, law="v2"))
    assert changed(digest(one), digest(doubtful("d1", section="HS 11358"))) == ("conviction",)


COUNTS = ["c1", "d1", "d2"]
OUTCOMES = ["needs_review", "needs_review", "needs_review", "dismissal", "not_eligible"]


@st.composite
def snapshots(draw: st.DrawFn) -> list[Determination]:
    places = draw(st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 1), max_size=3))
    convictions = defaultdict(list)
    for name, place in sorted(places.items()):
        convictions[place].append(name)
    return [
        a_determination(
            *names,
            outcome=draw(st.sampled_from(OUTCOMES)),
            reason=draw(st.sampled_from(["unknown_level", "unknown_conviction_date"])),
        )
        for names in convictions.values()
    ]


MOTIONS = st.sampled_from(
    [DISMISSAL, Motion("redesignation", "file_reviewed", "misdemeanor"), Motion("petition", "p"), CHALLENGE]
)
SENT = st.lists(
    st.one_of(st.tuples(st.sampled_from("AB"), snapshots()), st.tuples(st.integers(0, 5), MOTIONS)),
    max_size=9,
)


@settings(deadline=None, derandomize=True, max_examples=tries(150))
@given(SENT, st.booleans())
def test_no_relief_waits_or_is_ordered_against_a_decision_that_stands(
    sent: list[Any], standing: bool
) -> None:
    world = World(STANDING if standing else None)
    for number, (who, what) in enumerate(sent, 1):
        run(world, number, who, what)
        for review in world.reviews.values():
            if (
                review.state is ReviewState.DECIDED
                and review.prepared
                and review.prepared.digest == review.digest
            ):
                on_it = [r for r in world.reliefs.values() if set(r.conviction.counts) & set(review.counts)]
                waiting = [r for r in on_it if r.state is State.PROPOSED]
                assert all(r.rests_on and r.kind == review.prepared.decision for r in waiting)


@settings(deadline=None, derandomize=True, max_examples=tries(150))
@given(SENT)
def test_batching_snapshots_between_decisions_does_not_matter(sent: list[Any]) -> None:
    single, batched = World(), World()
    batch: list[Any] = []
    for number, (who, what) in enumerate(sent, 1):
        if isinstance(who, str):
            batch.append(a_snapshot(who, number, *what))
            single.take(batch[-1])
            continue
        batched.take(*batch)
        batch = []
        decide(single, who, what)
        decide(batched, who, what)
    batched.take(*batch)
    assert ends(single) == ends(batched)


def run(world: World, number: int, who: Any, what: Any) -> None:
    if isinstance(who, str):
        world.take(a_snapshot(who, number, *what))
    else:
        decide(world, who, what)


def decide(world: World, number: int, motion: Motion) -> None:
    """The number says which conviction; nothing where it does not wait."""
    waiting = [each for each in world.reviews.values() if each.state is ReviewState.OPEN]
    wanted = count(sorted(COUNTS)[number % len(COUNTS)])
    found = next((each for each in waiting if wanted in each.counts), None)
    if found:
        world.decide(found.review_id, motion)


def ends(world: World) -> Any:
    """What waits, and what was decided."""
    waits = {
        (r.kind, r.conviction.counts, r.rests_on is not None)
        for r in world.reliefs.values()
        if r.state is State.PROPOSED
    }
    open_now = {
        (r.counts, r.digest)
        for r in world.reviews.values()
        if r.state in (ReviewState.OPEN, ReviewState.PREPARED)
    }
    return waits, {digest for _, digest in open_now}
