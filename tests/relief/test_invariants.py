"""What must hold whatever comes, in whatever order."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.relief import ReliefAcknowledged, ReliefEvent, ReliefOrdered
from services.relief.lifecycle.findings import given as what_they_give
from services.relief.lifecycle.transitions import WAITING, State, acknowledged, challenged, ordered, resolved
from tests.effort import tries
from tests.relief.builders import NOW, ORDER, STANDING, TODAY, a_determination, a_snapshot
from tests.relief.world import World

COUNTS = ["c1", "c2", "d1", "d2", "d3"]
OUTCOMES = ["dismissal", "dismissal", "dismissal", "redesignation", "not_eligible", "already_relieved"]


@st.composite
def snapshots(draw: st.DrawFn) -> list[Determination]:
    """Some counts, split into convictions, each judged."""
    places = draw(st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 2), max_size=4))
    convictions = defaultdict(list)
    for name, place in sorted(places.items()):
        convictions[place].append(name)
    return [
        a_determination(*names, outcome=draw(st.sampled_from(OUTCOMES)), shown_by=("court",))
        for names in convictions.values()
    ]


class Life(RuleBasedStateMachine):
    """Snapshots of three subjects on partitions of their own, and people who act in between."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @rule(subject=st.sampled_from("ABC"), determinations=snapshots())
    def a_snapshot_comes(self, subject: str, determinations: list[Determination]) -> None:
        self.world.take(a_snapshot(subject, len(self.world.events) + self.version(), *determinations))

    def version(self) -> int:
        return 1 + max(self.world.versions.values(), default=0)

    @rule(first=snapshots())
    def two_subjects_are_merged(self, first: list[Determination]) -> None:
        self.world.take(a_snapshot("A", self.version(), retired_into="B"))
        self.world.take(a_snapshot("B", self.version(), *first))

    @rule(number=st.integers(0, 9))
    def the_prosecution_challenges(self, number: int) -> None:
        self.act(number, (State.PROPOSED,), lambda it: challenged(it, "ineligible", "DA", NOW, TODAY))

    @rule(number=st.integers(0, 9), ruling=st.sampled_from(["sustained", "overruled", "withdrawn"]))
    def a_challenge_is_resolved(self, number: int, ruling: str) -> None:
        self.act(number, (State.CHALLENGED,), lambda it: resolved(it, ruling, NOW))
        self.world.follow_findings()

    @rule(number=st.integers(0, 9))
    def the_court_orders(self, number: int) -> None:
        self.act(number, WAITING, lambda it: ordered(it, ORDER, NOW))

    @rule(number=st.integers(0, 9), by=st.sampled_from(["court", "doj"]))
    def somebody_acknowledges(self, number: int, by: str) -> None:
        self.act(number, (State.ORDERED,), lambda it: acknowledged(it, by, NOW))

    @precondition(lambda self: self.world.standing is None)
    @rule()
    def a_standing_order_is_entered(self) -> None:
        self.world.standing = STANDING
        self.world.follow_findings()

    @precondition(lambda self: self.world.standing is not None)
    @rule()
    def the_standing_order_ends(self) -> None:
        self.world.standing = None

    def act(self, number, states, step) -> None:
        fitting = sorted(
            (each for each in self.world.reliefs.values() if each.state in states),
            key=lambda each: each.anchor,
        )
        if fitting:
            self.world.step(step(fitting[number % len(fitting)]))

    @invariant()
    def no_count_is_ordered_twice(self) -> None:
        counts = [c for e in self.world.events if isinstance(e, ReliefOrdered) for c in e.conviction.counts]
        assert len(counts) == len(set(counts))

    @invariant()
    def sequences_have_no_gaps(self) -> None:
        sequences = defaultdict(list)
        for event in self.world.events:
            if isinstance(event, ReliefEvent):
                sequences[event.relief_id].append(event.sequence)
        assert all(found == list(range(1, len(found) + 1)) for found in sequences.values())
        assert {key: found[-1] for key, found in sequences.items()} == {
            key: relief.sequence for key, relief in self.world.reliefs.items()
        }

    @invariant()
    def an_order_is_never_undone(self) -> None:
        done = set()
        for event in self.world.events:
            if isinstance(event, ReliefEvent) and event.relief_id in done:
                assert isinstance(event, ReliefAcknowledged)
            if isinstance(event, ReliefOrdered):
                done.add(event.relief_id)
        assert {key for key, each in self.world.reliefs.items() if each.state is State.ORDERED} == done

    @invariant()
    def what_waits_is_given_by_every_finding_on_it(self) -> None:
        every = [each for found in self.world.judged.values() for each in found]
        for relief in self.world.reliefs.values():
            if relief.state in WAITING:
                about = [each for each in every if set(each.counts) & set(relief.conviction.counts)]
                assert what_they_give(about) == (relief.gives, None)
                assert relief.obstacle is None

    @invariant()
    def a_relief_keeps_the_count_it_is_named_after(self) -> None:
        assert all(self.world.held[each.anchor] == key for key, each in self.world.reliefs.items())

    @invariant()
    def reviewing_again_says_nothing(self) -> None:
        before = len(self.world.events)
        if self.world.standing is None or not any(e.state in WAITING for e in self.world.reliefs.values()):
            self.world.follow_findings()
            assert len(self.world.events) == before


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=tries(150), stateful_step_count=25, deadline=None, derandomize=True)


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), snapshots()), max_size=8).flatmap(
        lambda sent: st.tuples(st.just(sent), st.permutations(range(len(sent))))
    )
)
def test_what_waits_depends_on_the_last_snapshots_and_not_on_their_order(
    given: tuple[list[tuple[str, list[Determination]]], list[int]],
) -> None:
    sent, order = given
    numbered = [a_snapshot(subject, n, *found) for n, (subject, found) in enumerate(sent, 1)]
    straight, shuffled, batched = World(), World(), World()
    for each in numbered:
        straight.take(each)
    for place in order:
        shuffled.take(numbered[place])
    batched.take(*numbered)
    assert waiting(straight) == waiting(shuffled) == waiting(batched)


def waiting(world: World) -> set[tuple[object, ...]]:
    return {
        (each.kind, each.conviction.counts, each.conviction.subject_id)
        for each in world.reliefs.values()
        if each.state in WAITING
    }
