"""One answer for all who ask at the same time, so that no number of callers costs more than one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedAnswer(Generic[T]):
    """Asks at most once at a time, and after a pause. Each caller gets an answer that was asked for after its call."""

    def __init__(self, ask: Callable[[], Awaitable[T]], pause_seconds: float) -> None:
        self._ask, self._pause = ask, pause_seconds
        self._next: asyncio.Task[T] | None = None
        self._asked: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The answer. Raises what asking raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._asked))
        return await asyncio.shield(self._next)

    async def _after(self, before: "asyncio.Task[T] | None") -> T:
        if before is not None:
            await asyncio.wait({before})
            await asyncio.sleep(self._pause)
        self._asked, self._next = self._next, None
        return await self._ask()
