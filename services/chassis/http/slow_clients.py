"""Connections of clients that are slow on purpose: none holds its place without a request."""

from asyncio import Protocol, TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


def within(head_seconds: float) -> type[Protocol]:
    """uvicorn's HTTP protocol, which closes a connection whose request line and headers are not here after this time:
    from its beginning, and from the first byte of each later request.

    uvicorn itself waits for ever for the first request, and counts each open connection. Where ``limit_concurrency`` is
    reached, the connection that has waited longest without a request makes room for a new one.
    """

    class WithinTime(H11Protocol):
        waiting_since: float | None = None
        _late: TimerHandle | None = None

        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()
            if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
                _close_oldest(self.connections, self)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self._at_work():
                self._end_wait()
            elif self._late is None:
                self._wait()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if not self._at_work():  # uvicorn's own timer closes what sends nothing more
                self.waiting_since = self.loop.time()

        def connection_lost(self, exc: Exception | None) -> None:
            self._end_wait()
            super().connection_lost(exc)

        def _at_work(self) -> bool:
            return self.cycle is not None and not self.cycle.response_complete

        def _wait(self) -> None:
            self.waiting_since = self.loop.time()
            self._late = self.loop.call_later(head_seconds, self.transport.abort)

        def _end_wait(self) -> None:
            self.waiting_since = None
            if self._late is not None:
                self._late.cancel()
                self._late = None

    def _close_oldest(connections: set[Any], new: WithinTime) -> None:
        waiting = [
            (one.waiting_since, id(one), one)
            for one in connections
            if one is not new and one.waiting_since is not None and not one.transport.is_closing()
        ]
        if waiting:
            min(waiting)[-1].transport.abort()

    return WithinTime
