"""Sends one message to one URL: bounded in time and size, to allowed addresses only, no redirect followed."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import httpx

from services.notification.webhooks.address_rules import Rules, refused_address
from services.notification.webhooks.verdict import Answer

READ_AT_MOST = 16_384
"""Bytes of an answer's body that are read, and thrown away, so that the connection can be used again."""

Resolve = Callable[[str, int], Awaitable[list[str]]]


class AddressRefused(Exception):
    """The host has an address that a webhook must not go to."""


async def allowed_addresses(host: str, port: int, rules: Rules, look_up: Resolve) -> list[str]:
    """A host's addresses; AddressRefused when one of them is out of bounds, OSError when there is none."""
    addresses = await look_up(host, port)
    if any(refused_address(address, rules) for address in addresses):
        raise AddressRefused
    return addresses


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the address that was checked: looking it up again could find another (DNS rebinding)."""

    def __init__(self, rules: Rules, look_up: Resolve) -> None:
        self._rules, self._look_up = rules, look_up
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in await allowed_addresses(host, port, self._rules, self._look_up):
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class Sender:
    """Keeps connections between messages to one host. No cookie, proxy or credential of ours goes along."""

    def __init__(self, rules: Rules, timeout_s: float, look_up: Resolve) -> None:
        self._timeout_s = timeout_s
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            # Who may have how many is bounded for each subscription, so that none takes another's.
            max_connections=None,
            max_keepalive_connections=100,
            keepalive_expiry=5.0,
            network_backend=_GuardedBackend(rules, look_up),
        )

    async def send(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """The endpoint's answer, or why there is none; never raises for what the endpoint does."""
        parts = httpx.URL(url)
        target = httpcore.URL(
            scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path
        )
        all_headers = [(b"host", parts.netloc), *((k.encode(), v.encode()) for k, v in headers.items())]
        answer: Answer | None = None
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._pool.stream("POST", target, headers=all_headers, content=body.encode()) as response,
            ):
                answer = Answer(response.status, retry_after=_retry_after(response.headers))
                await _read_body(response)
        except Exception as error:
            # Once the status has come, whatever the body does, hang or break off, changes nothing.
            return answer or Answer(None, _failure(error))
        return answer

    async def close(self) -> None:
        """Closes the connections."""
        await self._pool.aclose()


async def _read_body(response: httpcore.Response) -> None:
    read = 0
    async for chunk in response.aiter_stream():
        read += len(chunk)
        if read > READ_AT_MOST:
            return


def _failure(error: Exception) -> str:
    match error:
        case AddressRefused():
            return "address_refused"
        case socket.gaierror():
            return "host_unknown"
        case TimeoutError() | httpcore.TimeoutException():
            return "timeout"
        case httpcore.ConnectError() if isinstance(error.__context__, ssl.SSLError):
            return "tls_failed"
        case httpcore.NetworkError() | OSError():
            return "connection_failed"
        case _:
            return "protocol_error"


def _retry_after(headers: list[tuple[bytes, bytes]]) -> timedelta | datetime | None:
    """Retry-After (RFC 9110, 10.2.3), in seconds or as a date; None without one, or where it is neither."""
    value = next((value for name, value in headers if name.lower() == b"retry-after"), b"").strip()
    if value.isdigit() and len(value) <= 6:
        return timedelta(seconds=int(value))
    try:
        at = parsedate_to_datetime(value[:40].decode("ascii"))
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
