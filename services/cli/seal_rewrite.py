"""``reliefstream seal rewrite``: Postgres' files without what was deleted."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime, time
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from services.cli.terminal.exit import Broken, Ending, ServerMissing, WrongUsage, ends_as

if TYPE_CHECKING:
    from deploy.rewriting import Rewritten

NIGHTLY = Parameter(help="stay, and do it every day at this time of the machine's clock: 03:00")


def rewrite(*, nightly_at: Annotated[str | None, NIGHTLY] = None) -> None:
    """Rewrite every table of the services' databases, so that no file of Postgres holds what was deleted.

    The services run on: who needs a table waits while that table is rewritten. Of the local servers, or with
    RELIEFSTREAM_OWNER_URLS as for prepare (or a file reliefstream_owner_urls in RELIEFSTREAM_SECRETS_DIR). Exit status
    4 where something still stands there, with what to do.
    """
    urls = owner_urls()
    if nightly_at is None:
        _rewrite(urls)
    else:
        _nightly(_time_of_day(nightly_at), lambda: _rewrite(urls))


def _nightly(at: time, work: Callable[[], None]) -> None:
    from deploy.rewriting import until

    while True:
        sleep(until(at, datetime.now().astimezone()).total_seconds())
        try:
            work()
        except Ending as ending:
            print(f"Not done: {ending}", flush=True)


def _rewrite(urls: Mapping[str, str]) -> None:
    import asyncio

    import asyncpg

    from deploy.rewriting import CannotRewrite, rewrite

    began = monotonic()
    try:
        with ends_as(Broken, CannotRewrite):
            asyncio.run(rewrite(urls, _print))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServerMissing(f"Postgres does not answer or refuses ({type(error).__name__})") from None
    print(f"Rewritten in {monotonic() - began:.1f} s, and the write-ahead log begun anew.", flush=True)


def _print(done: "Rewritten") -> None:
    mb = 2**20
    print(
        f"{done.database:16} {done.before / mb:8,.1f} MB, now {done.after / mb:8,.1f} MB, {done.seconds:6.1f} s"
    )


def owner_urls() -> Mapping[str, str]:
    """Of each service's database as its owner: from the environment as ``prepare`` takes it, else the local ones."""
    from deploy.local import addresses
    from deploy.local.servers.requirements import ServerMissingError
    from deploy.prepare import OwnerSettings
    from services.chassis.settings.service_settings import WrongSettings, read_settings
    from services.cli.client.local_root import local_root

    if not os.environ.keys() & {"RELIEFSTREAM_OWNER_URLS", "RELIEFSTREAM_SECRETS_DIR"}:
        with ends_as(ServerMissing, ServerMissingError):
            return addresses.read(local_root()).owner_urls
    with ends_as(WrongUsage, WrongSettings):
        owners = read_settings(OwnerSettings, os.environ).owner_urls
    return {name: url.get_secret_value() for name, url in owners.items()}


def _time_of_day(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"--nightly-at {text!r} is no time of day: write 03:00") from None
