"""A TCP proxy in the harness' own loop, whose connections can be cut, held and delayed."""

import asyncio
from contextlib import suppress


class Proxy:
    """Listens on ``port`` and leads to ``target_port``, both on 127.0.0.1.

    Loses no byte of a connection that it keeps: what is held goes on when it is let go, as TCP would do.
    """

    def __init__(self, port: int, target_port: int) -> None:
        self.port, self._target = port, target_port
        self.delay_s = 0.0
        self._server: asyncio.Server | None = None
        self._pairs: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = {}
        self._requests, self._answers = asyncio.Event(), asyncio.Event()
        self.let_go()
        self.refusing = False

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        tasks = list(self._pairs)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def hold(self, *, requests: bool = True) -> None:
        """Lets no answer through, and no request where asked."""
        self._answers.clear()
        if requests:
            self._requests.clear()

    def let_go(self) -> None:
        self._requests.set()
        self._answers.set()

    def cut(self) -> None:
        """Resets every connection; new ones are reset at once until ``refusing`` is False."""
        self.refusing = True
        for client, server in self._pairs.values():
            client.transport.abort()
            server.transport.abort()

    def abandon(self) -> None:
        """Closes the server's side only: a client that sleeps learns of it when it wakes."""
        for _, server in self._pairs.values():
            server.transport.abort()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._pairs[task] = writer, server_writer
        both = [
            asyncio.create_task(self._pump(reader, server_writer, self._requests)),
            asyncio.create_task(self._pump(server_reader, writer, self._answers)),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._pairs[task]
            for each in both:
                each.cancel()
            for each in (writer, server_writer):
                each.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, open_: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(2**16):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if not open_.is_set():
                    await open_.wait()
                writer.write(data)
                await writer.drain()
