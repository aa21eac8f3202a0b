"""How long a run waits: as long as something moves, however slow the machine is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

STILL_S = 600.0


class Patience:
    """Ends a block in which nothing was done for a while; who works in the block tells of each step that is done."""

    def __init__(self, still_s: float = STILL_S) -> None:
        self._still_s = still_s
        self._limit: asyncio.Timeout | None = None

    def moved(self) -> None:
        """Something was done: from now on the whole time may pass again."""
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time() + self._still_s)

    @asynccontextmanager
    async def while_it_moves(self) -> AsyncIterator[None]:
        """Raises TimeoutError in the block once nothing has moved for so long."""
        async with asyncio.timeout(self._still_s) as self._limit:
            yield
