"""Names of hosts to addresses, on threads of its own: a name server that hangs holds up nothing but webhooks to it."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

LookUp = Callable[[str, int], list[str]]


def addresses_of(host: str, port: int) -> list[str]:
    """A host's addresses, in the system's order; OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Resolver:
    """Looks a host up once at a time, however many ask."""

    def __init__(self, seconds: float, threads: int = 16, look_up: LookUp = addresses_of) -> None:
        self._seconds, self._look_up = seconds, look_up
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="dns")
        self._under_way: dict[tuple[str, int], asyncio.Future[Any]] = {}

    async def __call__(self, host: str, port: int) -> list[str]:
        """A host's addresses, in the system's order. Raises OSError where it has none, TimeoutError after the time."""
        key = host, port
        asked = self._under_way.get(key)
        if asked is None:
            asked = asyncio.get_running_loop().run_in_executor(self._threads, self._look_up, host, port)
            self._under_way[key] = asked
            asked.add_done_callback(lambda done: self._done(key, done))
        found: list[str] = await asyncio.wait_for(asyncio.shield(asked), self._seconds)
        return found

    def _done(self, key: tuple[str, int], asked: "asyncio.Future[Any]") -> None:
        self._under_way.pop(key, None)
        if not asked.cancelled():
            asked.exception()  # seen, where all who asked have given up
