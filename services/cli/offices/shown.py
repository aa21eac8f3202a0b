"""What this command has shown, by its digest: an act carries the digest of what its author saw. Ids and hashes only."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from services.chassis.runtime.private_file import changed_alone, private_file
from services.cli.client.local_root import local_root

Kind = Literal["reviews", "orders"]


def known(kind: Kind) -> dict[str, list[str]]:
    """What was remembered of each; empty where nothing was shown on this machine."""
    try:
        found: dict[str, list[str]] = json.loads(_path(kind).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def remember(kind: Kind, shown: Mapping[str, list[str]]) -> None:
    """Adds to what was shown."""
    path = _path(kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    with changed_alone(path), private_file(path) as file:
        json.dump(known(kind) | dict(shown), file)


def _path(kind: Kind) -> Path:
    return local_root() / f"{kind}-shown.json"
