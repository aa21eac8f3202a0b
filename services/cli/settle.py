"""``reliefstream settle`` and ``counts``: whether all has passed through the services, and what each counts."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import Parameter

from services import SERVICES
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.services import ask
from services.cli.terminal.exit import WrongUsage


def settle(
    *,
    timeout: Annotated[
        float, Parameter(help="seconds to wait at most; then say what is still under way, with exit status 1")
    ] = 600,
) -> None:
    """Wait until everything accepted has passed through every service; print the counts."""
    import asyncio

    from services.cli.client.settled import settled
    from services.cli.terminal.progress_bar import step_line

    if not timeout > 0:
        raise WrongUsage(f"--timeout {timeout}: give seconds, more than 0")
    found = addresses()
    with step_line("settling") as told:
        asyncio.run(settled(found, timeout, told))
    for service, counted in counts(found).items():
        print(f"{service}: {line(counted)}")


def counts_command() -> None:
    """Print what each service counts, as JSON."""
    print(json.dumps(counts(addresses()), indent=2))


def counts(found: Addresses) -> Mapping[str, Any]:
    """What each service counts, by service. Raises ServerMissing, Refused."""
    return {service: ask(service, "GET", "/v1/counts", found=found) for service in SERVICES}


def line(value: Any) -> str:
    """Counts in one line: ``a 1, b 2, c (d 3)``; what counts nothing is left out."""
    if not isinstance(value, dict):
        return str(value)
    told = {name.replace("_", " "): v for name, v in value.items() if v not in ({}, None)}
    return ", ".join(f"{k} ({line(v)})" if isinstance(v, dict) else f"{k} {v}" for k, v in told.items())
