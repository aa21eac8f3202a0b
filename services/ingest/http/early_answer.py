"""An answer before the body is read, sent so that the client receives it."""

import asyncio
from contextlib import suppress

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

LINGER_BYTES = 256 * 1024 * 1024
LINGER_S = 10.0


class AnswerThenDiscard(Response):
    """Answers at once, then throws away what still comes, up to a limit, before it closes the connection.

    Closing with unread bytes resets the connection, and many clients lose the answer with it.
    """

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.body, answer.status_code, dict(answer.headers), answer.media_type)
        self.headers["Connection"] = "close"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def flushed(message: Message) -> None:
            await send({**message, "more_body": True} if message["type"] == "http.response.body" else message)

        await super().__call__(scope, receive, flushed)
        with suppress(TimeoutError, ClientDisconnect):
            async with asyncio.timeout(LINGER_S):
                discarded = 0
                while discarded < LINGER_BYTES:
                    message = await receive()
                    if message["type"] != "http.request" or not message.get("more_body"):
                        break
                    discarded += len(message.get("body", b""))
        await send({"type": "http.response.body", "body": b""})
