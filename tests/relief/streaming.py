"""Records, statements of fact and decisions in some order and batches, and what relief comes to: for property tests.

Records become histories and determinations by the pure cores; relief is either in memory or in a real Postgres. What an
office decides follows from what it is shown alone, so that one end is decided alike in every order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from hypothesis import strategies as st

from reliefstream_contracts.determinations import Determination, DeterminationsChanged
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.statements import FactStated
from reliefstream_contracts.vocabulary.stated_facts import StatedBy
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.reconciliation.linkage.conviction.histories import build_histories
from services.relief.lifecycle.authority import has_authority
from services.relief.lifecycle.transitions import WAITING, Relief, State
from services.relief.review.review import WAITING as REVIEW_WAITS
from services.relief.review.review import Review, ReviewState
from services.relief.review.review_steps import Motion
from tests.evaluation.office_answers import AS_OF, KNOWN
from tests.reconciliation.linkage.test_any_order import SETS, latest
from tests.reconciliation.stating import a_statement, seen
from tests.relief.world import World

Sent = SourceRecord | FactStated
MOTIONS = (
    Motion("dismissal", "file_reviewed"),
    Motion("redesignation", "file_reviewed", "misdemeanor"),
    Motion("petition", "court_to_decide"),
    Motion("challenge", "ineligible"),
)
PETITION = MOTIONS[2]
MOST_ROUNDS = 10


class Streaming(NamedTuple):
    """In which order and how it all comes. ``deciding``: after which batches offices decide; ``singly``: relief gets
    each snapshot by itself."""

    order: tuple[Sent, ...]
    size: int
    deciding: tuple[bool, ...]
    singly: bool


@st.composite
def streamings(draw: st.DrawFn, number: int) -> list[Streaming]:
    """The same records and statements, streamed in so many ways."""
    records = draw(SETS)
    counts = [one for record in records for one in seen(record)]
    statements: dict[str, FactStated] = {}
    for name in draw(st.lists(st.sampled_from(["S1", "S2"]), max_size=3)) if counts else ():
        one = a_statement(
            name,
            (draw(st.sampled_from(counts)),),
            draw(st.sampled_from(["felony", "misdemeanor"])),
            fact="level",
            revision=draw(st.integers(1, 2)),
            stated_by=StatedBy(role="clerk", account="cl-1"),
        )
        statements.setdefault(one.identity(), one)
    sent = [*records, *statements.values()]
    return [
        Streaming(
            tuple(draw(st.permutations(sent))),
            draw(st.integers(1, 4)),
            tuple(draw(st.lists(st.booleans(), min_size=4, max_size=4))),
            draw(st.booleans()),
        )
        for _ in range(number)
    ]


@dataclass
class Judging:
    """What has come so far, and what was said of each subject."""

    sent: list[Sent] = field(default_factory=list)
    said: dict[UUID, tuple[int, tuple[Determination, ...]]] = field(default_factory=dict)

    def take(self, batch: Iterable[Sent]) -> list[DeterminationsChanged]:
        """The snapshots that changed; of a subject that is no more an empty one."""
        self.sent += batch
        judged = self.judged()
        changed = []
        for subject in sorted({*judged, *self.said}):
            version, before = self.said.get(subject, (0, ()))
            if judged.get(subject, ()) != before:
                self.said[subject] = (version + 1, judged.get(subject, ()))
                changed.append(_snapshot(subject, *self.said[subject]))
        return changed

    def judged(self) -> dict[UUID, tuple[Determination, ...]]:
        """Of everything at once."""
        records = latest([one for one in self.sent if not isinstance(one, FactStated)])
        stated = sorted(
            (one for one in self.sent if isinstance(one, FactStated)), key=lambda one: one.revision
        )
        histories = build_histories(records, statements={one.key(): one for one in stated}.values())
        policy = load_policy("statute", None)
        return {
            one.subject_id: tuple(judge(one, KNOWN.county, policy, load_statute(), AS_OF))
            for one in histories
        }


def _snapshot(subject: UUID, version: int, found: tuple[Determination, ...]) -> DeterminationsChanged:
    return DeterminationsChanged(
        subject_id=subject, version=version, retired_into=None, sex=None, race=None, determinations=found
    )


class Place(Protocol):
    """Where relief is kept."""

    async def take(self, snapshots: Sequence[DeterminationsChanged]) -> None: ...
    async def decide(self, review: Review, motion: Motion) -> None: ...
    async def reviews(self) -> list[Review]: ...
    async def reliefs(self) -> list[Relief]: ...


@dataclass
class InMemory:
    """As ``World`` keeps it."""

    world: World = field(default_factory=World)

    async def take(self, snapshots: Sequence[DeterminationsChanged]) -> None:
        self.world.take(*snapshots)

    async def decide(self, review: Review, motion: Motion) -> None:
        self.world.decide(review.review_id, motion)

    async def reviews(self) -> list[Review]:
        return list(self.world.reviews.values())

    async def reliefs(self) -> list[Relief]:
        return list(self.world.reliefs.values())


async def streamed(place: Place, how: Streaming) -> dict[UUID, tuple[Determination, ...]]:
    """Everything comes, and the offices decide whatever waits in the end; returns the last determinations.

    At each step no relief waits against a decision that stands.
    """
    judging = Judging()
    for number, at in enumerate(range(0, len(how.order), how.size)):
        snapshots = judging.take(how.order[at : at + how.size])
        for some in [[one] for one in reversed(snapshots)] if how.singly else [snapshots]:
            await place.take(some)
            await nothing_goes_against_a_decision(place)
        if how.deciding[number % len(how.deciding)]:
            await _decide(place, challenging=False)
    for _ in range(MOST_ROUNDS):
        if not await _decide(place, challenging=True):
            return {subject: found for subject, (_, found) in judging.said.items() if found}
    raise AssertionError("a review waits that no decision brings to an end")


async def nothing_goes_against_a_decision(place: Place) -> None:
    """What waits for an order where a decision stands rests on that decision, and says the same; what rests on a
    decision rests on one that stands."""
    reliefs = await place.reliefs()
    stand = set()
    for review in await place.reviews():
        prepared = review.prepared
        if review.state is not ReviewState.DECIDED or prepared is None or prepared.digest != review.digest:
            continue
        stand.add(f"{review.review_id}/{prepared.sequence}")
        for relief in reliefs:
            if relief.state in WAITING and set(relief.conviction.counts) & set(review.counts):
                assert relief.rests_on == f"{review.review_id}/{prepared.sequence}"
                assert prepared.decision == relief.kind
    assert {each.rests_on for each in reliefs if each.state in WAITING and each.rests_on} <= stand


async def ends(place: Place) -> set[tuple[Any, ...]]:
    """Where relief stands in the end, without the ids of a run."""
    return {
        (each.state, each.kind, each.redesignated_to, each.conviction.counts, each.rests_on is not None)
        for each in await place.reliefs()
        if each.state is not State.WITHDRAWN
    }


async def _decide(place: Place, *, challenging: bool) -> bool:
    """Decides once on each review that waits. A challenge is before the court for good: only in the end."""
    busy = False
    for review in [one for one in await place.reviews() if one.state in REVIEW_WAITS]:
        motion = _motion(review)
        if motion.decision != "challenge" or challenging:
            busy = True
            await place.decide(review, motion)
            await nothing_goes_against_a_decision(place)
    return busy


def _motion(review: Review) -> Motion:
    if not has_authority(review.section):
        return PETITION
    return MOTIONS[int(sha256(review.digest.encode()).hexdigest()[:8], 16) % len(MOTIONS)]
