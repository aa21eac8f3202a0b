"""``python -m deploy.local.sign_in.run ADDRESS [CLIENT=REDIRECT_URI ...]``: the sign-in of a trial, on loopback."""

import ipaddress
import sys
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import uvicorn

from deploy.local.sign_in.endpoints import application
from deploy.local.sign_in.provider import SignIn
from deploy.local.sign_in.requests import Client
from services.cli.client.session import CLIENT


class NotLoopback(Exception):
    """Whoever reaches this provider is whom they say they are: it runs on loopback, or not at all."""


def loopback(address: str) -> tuple[str, int]:
    """Host and port of ``http://127.0.0.1:PORT``. Raises NotLoopback."""
    found = urlsplit(address)
    try:
        host, port = ipaddress.ip_address(found.hostname or ""), found.port
    except ValueError:
        host, port = None, None
    if (
        host is None
        or port is None
        or not host.is_loopback
        or found.username
        or address != f"http://{found.netloc}"
    ):
        raise NotLoopback(
            f"{address}: the built-in sign-in asks nobody for a password, and so runs on loopback only: "
            "http://127.0.0.1:PORT"
        )
    return str(host), port


def clients(browsers: Sequence[str]) -> list[Client]:
    """The command, and each ``CLIENT=REDIRECT_URI``. Raises NotLoopback."""
    found: dict[str, list[str]] = {}
    for each in browsers:
        name, _, address = each.partition("=")
        loopback(f"http://{urlsplit(address).netloc}")
        found.setdefault(name, []).append(address)
    return [Client(CLIENT, device=True), *(Client(name, tuple(uris)) for name, uris in found.items())]


def main(words: Sequence[str]) -> None:
    """Serves until it is told to stop. Ends with 2 where it may not run."""
    try:
        host, port = loopback(words[0] if words else "")
        provider = SignIn(words[0], clients(words[1:]), time.time)
    except NotLoopback as wrong:
        sys.stderr.write(f"{wrong}\n")
        sys.exit(2)
    uvicorn.run(application(provider), host=host, port=port, access_log=False, server_header=False)


if __name__ == "__main__":
    main(sys.argv[1:])
