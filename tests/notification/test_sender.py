"""The sender against real sockets."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from services.notification.webhooks.address_rules import Rules
from services.notification.webhooks.resolver import Resolver
from services.notification.webhooks.sender import Sender
from services.notification.webhooks.verdict import Answer
from tests.notification.receiver import Receiver

LOCAL = Rules(allow_loopback=True)
NEW_YEAR = datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest_asyncio.fixture
async def sender() -> AsyncIterator[Sender]:
    made = Sender(LOCAL, 20, Resolver(20))  # a busy machine is no failure of the endpoint
    yield made
    await made.close()


async def test_a_message_arrives_as_it_was_given(sender: Sender) -> None:
    async with Receiver() as receiver:
        assert await sender.send(receiver.url, {"webhook-id": "1"}, '{"é":1}') == Answer(200)
    (message,) = receiver.messages
    assert message.target == "/hook?key=1"
    assert message.body == '{"é":1}'.encode()
    assert message.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert message.headers["webhook-id"] == "1"


async def test_cookies_are_not_kept(sender: Sender) -> None:
    async with Receiver(lambda _: "200 OK\r\nset-cookie: a=b") as receiver:
        await sender.send(receiver.url, {}, "{}")
        await sender.send(receiver.url, {}, "{}")
    assert "cookie" not in receiver.messages[1].headers


async def test_a_redirect_is_not_followed(sender: Sender) -> None:
    async with Receiver() as inside:
        async with Receiver(lambda _: f"307 Moved\r\nlocation: {inside.url}") as receiver:
            assert await sender.send(receiver.url, {}, "{}") == Answer(307)
        assert inside.messages == []


async def test_an_endpoint_that_never_answers_is_a_timeout() -> None:
    impatient = Sender(LOCAL, 0.2, Resolver(5))
    async with Receiver(lambda _: None) as receiver:
        assert await impatient.send(receiver.url, {}, "{}") == Answer(None, "timeout")
    await impatient.close()


async def test_an_endless_body_changes_nothing_and_is_not_read(sender: Sender) -> None:
    async with Receiver(lambda _: "200 OK\r\ncontent-length: 99999999999", tail=b"x" * 500_000) as receiver:
        assert await sender.send(receiver.url, {}, "{}") == Answer(200)


@pytest.mark.slow
async def test_a_body_that_hangs_changes_nothing() -> None:
    impatient = Sender(LOCAL, 2, Resolver(5))  # all of it is waited for
    async with Receiver(lambda _: "200 OK\r\ncontent-length: 10", tail=b"x") as receiver:
        assert await impatient.send(receiver.url, {}, "{}") == Answer(200)
    await impatient.close()


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta()),
        ("-1", None),
        ("9" * 30, None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", NEW_YEAR),
        ("Friday, 31-Dec-99 23:59:59 GMT", NEW_YEAR),
        ("Fri Dec 31 23:59:59 1999", NEW_YEAR),
        ("Fri, 32 Dec 1999 23:59:59 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
async def test_retry_after_is_read_in_seconds_and_as_a_date(
    sender: Sender, header: str, asked: timedelta | datetime | None
) -> None:
    async with Receiver(lambda _: f"503 No\r\nretry-after: {header}") as receiver:
        answer = await sender.send(receiver.url, {}, "{}")
    assert answer.status == 503
    assert answer.retry_after == asked


async def test_what_is_not_http_is_a_protocol_error(sender: Sender) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await sender.send(f"http://127.0.0.1:{port}/", {}, "{}") == Answer(None, "protocol_error")
    assert await sender.send(f"https://127.0.0.1:{port}/", {}, "{}") == Answer(None, "tls_failed")
    server.close()


async def test_nobody_listening_is_a_failed_connection(sender: Sender) -> None:
    async with Receiver() as receiver:
        pass
    assert await sender.send(receiver.url, {}, "{}") == Answer(None, "connection_failed")


async def test_a_forbidden_address_is_never_connected_to() -> None:
    async with Receiver() as receiver:
        guarded = Sender(Rules(require_https=False), 0.5, Resolver(5))
        for host in (
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "localhost",
            "0.0.0.0",
            "[::ffff:127.0.0.1]",
        ):
            answer = await guarded.send(f"http://{host}:{receiver.port}/", {}, "{}")
            assert answer == Answer(None, "address_refused"), host
        assert receiver.messages == []


async def test_a_name_that_changes_its_address_after_the_check_is_caught() -> None:
    answers = iter([["8.8.8.8", "127.0.0.1"], ["127.0.0.1"]])

    async def rebinding(_: str, __: int) -> list[str]:
        return next(answers)

    async with Receiver() as receiver:
        guarded = Sender(Rules(require_https=False), timeout_s=0.5, look_up=rebinding)
        for _ in range(2):
            answer = await guarded.send(f"http://integrator.example:{receiver.port}/", {}, "{}")
            assert answer == Answer(None, "address_refused")
        assert receiver.messages == []


async def test_the_connection_goes_to_the_checked_address_under_its_name() -> None:
    async def look_up(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    async with Receiver() as receiver:
        answer = await Sender(LOCAL, 0.5, look_up).send(
            f"http://integrator.example:{receiver.port}/", {}, "{}"
        )
    assert answer == Answer(200)
    assert receiver.messages[0].headers["host"] == f"integrator.example:{receiver.port}"
