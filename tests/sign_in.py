"""The built-in sign-in provider, running on a free port of loopback, and people who sign in there."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx
import uvicorn

from deploy.local.addresses import is_free
from deploy.local.sign_in.endpoints import application
from deploy.local.sign_in.provider import SignIn
from deploy.local.sign_in.requests import Client
from services.chassis.http.trusted import trusted
from services.cli.client.session import CLIENT, Session, device_login, session_file, write


@dataclass
class RunningProvider:
    """``issuer``: where it runs, as its tokens name it. ``ahead_s``: how far its clock is ahead."""

    issuer: str
    ahead_s: float = 0.0

    def signed_in(self, account: str) -> Session:
        """The session of a person who confirmed the command's code in a browser."""
        with httpx.Client(verify=trusted(self.issuer)) as http:

            def confirm(text: str) -> None:
                form = {"user_code": text.rpartition(" ")[2], "account": account}
                http.post(f"{self.issuer}/device", data=form).raise_for_status()

            return device_login(self.issuer, CLIENT, http, confirm, lambda _: None)

    def sign_in(self, account: str, home: Path) -> None:
        """The command acts as this person from now on, where HOME is this folder."""
        write(session_file({"HOME": str(home)}), self.signed_in(account))


@contextmanager
def running_provider() -> Iterator[RunningProvider]:
    """A provider that runs during the block."""
    issuer = f"http://127.0.0.1:{next(each for each in range(17_000, 18_000) if is_free(each))}"
    running = RunningProvider(issuer)
    provider = SignIn(issuer, [Client(CLIENT, device=True)], lambda: time.time() + running.ahead_s)
    port = int(issuer.rpartition(":")[2])
    server = uvicorn.Server(uvicorn.Config(application(provider), port=port, log_level="critical"))
    thread = Thread(target=asyncio.run, args=(server.serve(),))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield running
    finally:
        server.should_exit = True
        thread.join()
