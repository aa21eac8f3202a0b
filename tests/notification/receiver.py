"""An integrator's endpoint on a real socket: keeps what it was sent, answers as it was told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Message:
    """One request as it came; header names in lower case."""

    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``respond`` gives status line and headers to each message; None: it never answers."""

    respond: Callable[[Message], str | None] = lambda _: "200 OK"
    tail: bytes = b""
    """Sent after the answer's headers."""
    messages: list[Message] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"

    @property
    def ids(self) -> list[str]:
        return [message.headers["webhook-id"] for message in self.messages]

    async def __aenter__(self) -> "Receiver":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for writer in self._open:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = {
                    name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                message = Message(head[0].split()[1], headers, body)
                self.messages.append(message)
                self.arrived.set()
                answer = self.respond(message)
                if answer is None:
                    await asyncio.Event().wait()
                length = "" if "ength" in str(answer) else f"content-length: {len(self.tail)}\r\n"
                writer.write(f"HTTP/1.1 {answer}\r\n{length}\r\n".encode() + self.tail)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            return
        finally:
            self._open.discard(writer)
            writer.close()
