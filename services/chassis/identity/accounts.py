"""Whose token is whose in a running service: the provider's persons, the file's machines, the settings' tokens.

The file is read again within seconds of a change: a revoked grant opens nothing within a minute, in each service.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from prometheus_client import Gauge

from services.chassis.http.problems import Refusal
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.identity.grants.audit import write_changes
from services.chassis.identity.grants.file import GrantsFile, read_grants
from services.chassis.identity.provider import PERSON, Provider
from services.chassis.identity.token_uses import TokenUses
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.telemetry import log
from services.chassis.runtime.unit_of_work import Work
from services.chassis.settings.located_yaml import WrongFile

LOOK_S = 2.0
UNREADABLE_S = 60.0
"""Seconds for which the grants before stay in force while the file is missing or wrong. Then nobody is admitted: what
could not be read may have revoked somebody."""
UNREADABLE = Gauge("reliefstream_grants_unreadable", "1: the file of grants is missing or wrong")


class InstallationAccounts:
    """``path`` None: no file; ``provider`` None: no persons."""

    def __init__(
        self,
        path: Path | None,
        shared: Directory,
        provider: Provider | None,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises WrongFile, so that no service starts with a file that it cannot read."""
        self._path, self.shared, self._provider = path, shared, provider
        self._clock, self._monotonic = clock, monotonic
        self._file = read_grants(path) if path else GrantsFile()
        self._stamp = self._stamped()
        self._wrong_since: float | None = None
        self._unwritten: GrantsFile | None = self._file
        self.uses = TokenUses(clock)
        """When each machine's token was last used."""
        UNREADABLE.set(0)

    async def of_token(self, token: str) -> Account | None:
        """The account; None: nobody's. Raises BadToken, and Refusal 503 where nobody can be told from anybody."""
        self._check_readable()
        found = await self._found(token)
        if found is None or found.account in self._file.revoked:
            return None
        if found.kind == "machine":
            self.uses.used(found.account, sha256(token))
        return found

    def grants_of(self, account: str) -> tuple[Grant, ...] | None:
        """What an account is granted now, without its token: nothing when it is unknown or revoked. None: a person who
        is not revoked, whose groups only a token tells. Raises Refusal 503, as ``of_token``."""
        self._check_readable()
        if account in self._file.revoked:
            return ()
        if account.startswith(PERSON):
            return None
        shared = [one.grants for one in self.shared.machines.values() if one.account == account]
        return self._file.granted(account) + tuple(grant for grants in shared for grant in grants)

    def ask_strengths(self, strengths: Mapping[str, str]) -> None:
        """County to the ``acr`` or ``amr`` without which its grants count for no person."""
        if self._provider is not None:
            self._provider.strengths = strengths

    def look(self) -> None:
        """Reads the file where it has changed."""
        stamp = self._stamped()
        if self._path is None or (stamp == self._stamp and self._wrong_since is None):
            return
        self._stamp = stamp
        try:
            self._file = read_grants(self._path)
        except (WrongFile, OSError) as error:
            if self._wrong_since is None:
                self._wrong_since = self._monotonic()
                said = str(error) if isinstance(error, WrongFile) else type(error).__name__
                log().error("the file of grants is wrong; in a minute nobody is admitted", error=said)
        else:
            self._wrong_since = None
            self._unwritten = self._file
            log().info("the file of grants was read", machines=len(self._file.machines))
        UNREADABLE.set(self._wrong_since is not None)

    async def write_changes(self, work: Work) -> bool:
        """A job: what changed in the file since it was last written to the audit log, also by another replica."""
        if (file := self._unwritten) is not None:
            await write_changes(work, file)

            def written() -> None:
                if self._unwritten is file:
                    self._unwritten = None

            work.on_commit.append(written)
        return False

    async def keep_looking(self) -> None:
        """For ever."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_S)

    async def _found(self, token: str) -> Account | None:
        if self._provider is not None and token.count(".") == 2:
            return await self._provider.account_of(token, self._file.granted)
        machine = self._file.machine(sha256(token), self._clock.now().date())
        return machine or await self.shared.of_token(token)

    def _check_readable(self) -> None:
        if self._wrong_since is not None and self._monotonic() - self._wrong_since > UNREADABLE_S:
            said = (
                "The file of grants cannot be read, so that nobody is admitted. The service's log says why."
            )
            raise Refusal(503, "grants_unreadable", "Grants cannot be read", said, {"Retry-After": "60"})

    def _stamped(self) -> tuple[int, int, int] | None:
        """Tells one content of the file from another; None: it is not there."""
        try:
            found = self._path.stat() if self._path else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
