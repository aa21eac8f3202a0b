"""What takes long to make, made by a job once somebody asks, and kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from services.chassis.runtime.clock import Clock
from services.chassis.runtime.unit_of_work import Work

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
MOST = 20
"""How many are kept, and how many wait to be made."""
SECONDS_BETWEEN_LOOKS = 0.5


class MadeOnDemand(Generic[K, T]):
    """One is made at a time, however many ask. ``make`` returns None for what is not worth keeping."""

    def __init__(
        self,
        make: Callable[[Work, K], Awaitable[T | None]],
        clock: Clock,
        seconds: float,
        wait_seconds: float = 3.0,
    ) -> None:
        """``seconds``: how long what was made is good for; asked for later, it is shown once more and made anew.

        ``wait_seconds``: how long whoever asks first waits for the job.
        """
        self._make, self._clock, self._good_for = make, clock, timedelta(seconds=seconds)
        self._wait_seconds = wait_seconds
        self._made: dict[K, tuple[datetime, T]] = {}
        self._wanted: dict[K, asyncio.Event] = {}

    async def get(self, key: K) -> T | None:
        """The last one; where there is none yet, waits a little for the job. None: it is not made yet."""
        known = self._made.get(key)
        if known is None or self._clock.now() - known[0] >= self._good_for:
            if key not in self._wanted and len(self._wanted) < MOST:
                self._wanted[key] = asyncio.Event()
            if known is None and (soon := self._wanted.get(key)):
                try:
                    await asyncio.wait_for(soon.wait(), self._wait_seconds)
                except TimeoutError:
                    return None
                known = self._made.get(key)
        return known[1] if known else None

    def wanted(self) -> bool:
        """Whether anything is to be made."""
        return bool(self._wanted)

    async def job(self, work: Work) -> bool:
        """Makes what was asked for first; True when more waits. Raises what making raises."""
        if not self._wanted:
            return False
        key = next(iter(self._wanted))
        try:
            made = await self._make(work, key)
            self._made.pop(key, None)
            if made is not None:
                self._made[key] = (work.now, made)
            while len(self._made) > MOST:
                del self._made[next(iter(self._made))]
        finally:
            self._wanted.pop(key).set()
        return bool(self._wanted)
