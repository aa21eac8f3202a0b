"""The proxy keeps what it holds, and ends what it cuts."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from tests.harness.faults.proxy import Proxy


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)
    writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Proxy(port, server.sockets[0].getsockname()[1])
    await made.start()
    yield made
    await made.stop()
    server.close()


async def test_what_was_held_goes_on_in_order(proxy: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    proxy.hold()
    writer.write(b"first ")
    await writer.drain()
    writer.write(b"second")
    proxy.let_go()
    assert await reader.readexactly(12) == b"first second"
    writer.close()


async def test_an_answer_that_is_held_and_cut_is_never_heard(proxy: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"asked")
    assert await reader.readexactly(5) == b"asked"
    proxy.hold(requests=False)
    writer.write(b"again")
    await writer.drain()
    proxy.cut()
    proxy.let_go()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(5)


async def test_nobody_gets_through_while_it_refuses(proxy: Proxy) -> None:
    proxy.cut()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        reader, _ = await asyncio.open_connection("127.0.0.1", proxy.port)
        await reader.readexactly(1)
    proxy.refusing = False
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    writer.close()
