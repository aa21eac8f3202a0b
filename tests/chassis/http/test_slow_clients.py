"""Clients that are slow on purpose, over real sockets: they lose their connection, and nobody else waits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.chassis.http.shared_answer import SharedAnswer
from services.chassis.http.slow_clients import within

REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
AWAY = 3600.0  # longer than any test


@asynccontextmanager
async def served(head_seconds: float, limit: int | None = None) -> AsyncIterator[Callable[[], Any]]:
    """A server; yields what opens a connection to it. A request of /hold is at work until the server ends."""
    ended = asyncio.Event()

    async def answer(request: Request) -> PlainTextResponse:
        if request.url.path == "/hold":
            await ended.wait()
        return PlainTextResponse("here")

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    config = uvicorn.Config(
        app, port=0, log_level="critical", lifespan="off", http=within(head_seconds), limit_concurrency=limit
    )
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    writers: list[asyncio.StreamWriter] = []

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writers.append(writer)
        return reader, writer

    try:
        yield connect
    finally:
        ended.set()
        for writer in writers:
            writer.close()
        server.should_exit = True
        await task


async def closed(reader: asyncio.StreamReader) -> bool:
    """Waits for the end of the connection."""
    with suppress(ConnectionResetError):
        await reader.read()
    return reader.at_eof() or reader.exception() is not None


async def answered(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> bytes:
    reader, writer = connection
    writer.write(REQUEST)
    return await reader.readuntil(b"\r\n")


async def test_a_connection_without_a_request_is_closed() -> None:
    async with served(0.1) as connect:
        reader, _ = await connect()
        assert await closed(reader)


async def test_headers_that_come_byte_by_byte_do_not_hold_a_connection() -> None:
    async with served(0.2) as connect:
        reader, writer = await connect()

        async def drip() -> None:
            with suppress(ConnectionError):
                while True:
                    writer.write(b"G")
                    await writer.drain()
                    await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert await closed(reader)
        dripping.cancel()


async def test_a_second_request_that_is_only_begun_does_not_hold_a_connection() -> None:
    async with served(0.3) as connect:
        reader, writer = await connect()
        assert await answered((reader, writer)) == b"HTTP/1.1 200 OK\r\n"
        writer.write(b"GET / HT")
        assert await closed(reader)


async def test_a_request_at_work_is_not_cut_off_however_long_it_takes() -> None:
    async with served(0.05) as connect:
        reader, writer = await connect()
        writer.write(b"GET /hold HTTP/1.1\r\nhost: x\r\n\r\n")
        other, _ = await connect()
        assert await closed(other), "the time has passed"
        assert not reader.at_eof()


async def test_connections_without_a_request_make_room_for_those_who_ask() -> None:
    async with served(AWAY, limit=3) as connect:
        idle = [await connect() for _ in range(3)]
        while not idle[0][0].at_eof() and not idle[0][0].exception():
            assert await answered(await connect()) == b"HTTP/1.1 200 OK\r\n"
            await asyncio.sleep(0)
        assert await closed(idle[0][0]), "the oldest went first"


async def test_requests_at_work_are_not_cut_off_for_new_ones() -> None:
    async with served(AWAY, limit=3) as connect:
        busy = [await connect() for _ in range(2)]
        for _, writer in busy:
            writer.write(b"GET /hold HTTP/1.1\r\nhost: x\r\n\r\n")
            await writer.drain()
        assert await answered(await connect()) == b"HTTP/1.1 503 Service Unavailable\r\n"
        assert not any(reader.at_eof() for reader, _ in busy)


async def test_many_who_ask_for_the_status_at_once_cost_one_answer() -> None:
    asked, go = [], asyncio.Event()

    async def ask() -> int:
        asked.append(1)
        await go.wait()
        return len(asked)

    answer = SharedAnswer(ask, 0)
    first = asyncio.create_task(answer.get())
    while not asked:  # noqa: ASYNC110 - one turn of the loop
        await asyncio.sleep(0)
    later = [asyncio.create_task(answer.get()) for _ in range(100)]
    await asyncio.sleep(0)
    go.set()
    assert await first == 1
    assert set(await asyncio.gather(*later)) == {2}, "asked after their call, once for all of them"


async def test_an_answer_that_fails_fails_for_those_who_waited_and_is_asked_for_again() -> None:
    fails = [True]

    async def ask() -> str:
        if fails.pop() if fails else False:
            raise OSError("away")
        return "here"

    answer = SharedAnswer(ask, 0)
    found = await asyncio.gather(answer.get(), answer.get(), return_exceptions=True)
    assert [type(one) for one in found] == [OSError, OSError]
    assert await answer.get() == "here"
