"""The local processes as notes on disk tell them; whether they answer is asked elsewhere (control, or the services)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.local import addresses
from deploy.local.addresses import KAFKA, POSTGRES, SIGN_IN, Addresses
from deploy.local.layout import Layout
from deploy.local.supervision.processes import noted, running


@dataclass(frozen=True)
class ProcessStatus:
    """One process as seen from outside; pid and since are None when it does not run."""

    name: str
    pid: int | None
    since: float | None
    """Seconds since 1970."""
    restarts: int
    ready: bool
    address: str


def processes(layout: Layout, ready: Mapping[str, bool]) -> list[ProcessStatus]:
    """Every process that runs or ran last; empty before the first start.

    ``ready``: whether a process answers, by its name; one that is not named there does not.
    """
    if not layout.state.exists():
        return []
    given = addresses.read(layout.root)
    places = {
        POSTGRES: f"{given.postgres_host}:{given.postgres_port}",
        KAFKA: given.kafka_bootstrap,
        **dict(listening(given)),
    }
    return [_one(layout, name, place, ready=ready.get(name, False)) for name, place in places.items()]


def listening(given: Addresses) -> list[tuple[str, str]]:
    """Everything that answers over HTTP whether it is ready: name and base URL."""
    return [*([(SIGN_IN, given.sign_in)] if given.sign_in else []), *given.http.items()]


def progress(layout: Layout) -> dict[str, Any]:
    """The supervisor's progress: pid, phase, message, plan; empty before the first start."""
    try:
        told: dict[str, Any] = json.loads((layout.run / "progress.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return told


def _one(layout: Layout, name: str, address: str, *, ready: bool) -> ProcessStatus:
    note = running(layout, name)
    if note is None:
        restarts = (noted(layout, name) or {}).get("restarts", 0)
        return ProcessStatus(name, None, None, restarts, False, address)
    return ProcessStatus(name, note["pid"], note["create_time"], note["restarts"], ready, address)
