"""Records, statements and decisions in any order and batches end alike, and nothing goes against a decision."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings

from reliefstream_contracts.determinations import DeterminationsChanged
from services.relief.app import new_id
from services.relief.lifecycle.transitions import Relief as OneRelief
from services.relief.review import store as reviews
from services.relief.review.bulk import Bulk, Line, act_on
from services.relief.review.review import Review
from services.relief.review.review_steps import Act, Author, Motion, sign
from services.relief.store import relief_of
from tests.effort import tries
from tests.relief.conftest import Relief
from tests.relief.streaming import InMemory, Judging, Streaming, ends, streamed, streamings
from tests.relief.world import PREPARER, SIGNER

TABLES = "subjects, findings, relief_counts, reliefs, reviews, review_acts, outbox"


@dataclass
class InPostgres:
    """As relief keeps it, with its locks and transactions."""

    relief: Relief

    async def take(self, snapshots: Sequence[DeterminationsChanged]) -> None:
        await self.relief.take(*snapshots)

    async def decide(self, review: Review, motion: Motion) -> None:
        await self._act(review, motion.prepare, "prepare", PREPARER)
        (prepared,) = [each for each in await self.reviews() if each.review_id == review.review_id]
        await self._act(prepared, sign, "sign", SIGNER)

    async def reviews(self) -> list[Review]:
        rows = await self.relief.service.database.pool.fetch("SELECT * FROM reviews ORDER BY review_id")
        return [reviews.review_of(row) for row in rows]

    async def reliefs(self) -> list[OneRelief]:
        rows = await self.relief.service.database.pool.fetch("SELECT * FROM reliefs")
        return [relief_of(row) for row in rows]

    async def _act(self, review: Review, act: Act, name: str, by: Author) -> None:
        bulk = Bulk(act, name, lambda _: by, by.account, by.role, new_id, "", follows=name == "sign")
        line = Line(review.review_id, review.shown)
        (result,) = await act_on(self.relief.service.transaction, self.relief.counties, [line], bulk)
        assert result.result == "done", result


@given(ways=streamings(2))
@settings(
    deadline=None, derandomize=True, max_examples=tries(100), suppress_health_check=[HealthCheck.too_slow]
)
def test_any_order_and_batching_ends_in_the_same_determinations_and_relief(ways: list[Streaming]) -> None:
    one, other = InMemory(), InMemory()
    first, second = (asyncio.run(streamed(place, way)) for place, way in zip((one, other), ways, strict=True))
    at_once = Judging(list(ways[0].order)).judged()
    assert first == second == {subject: found for subject, found in at_once.items() if found}
    assert asyncio.run(ends(one)) == asyncio.run(ends(other))


@pytest.mark.servers
@given(ways=streamings(1))
@settings(
    deadline=None,
    derandomize=True,
    max_examples=tries(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_relief_in_postgres_comes_to_what_relief_in_memory_does(
    relief: Relief, ways: list[Streaming]
) -> None:
    await relief.service.database.pool.execute(f"TRUNCATE {TABLES} CASCADE")
    in_memory, stored = InMemory(), InPostgres(relief)
    assert await streamed(stored, ways[0]) == await streamed(in_memory, ways[0])
    assert await ends(stored) == await ends(in_memory)
