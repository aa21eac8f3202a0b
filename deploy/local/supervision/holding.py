"""One service kept stopped by a command; the supervisor starts it again when that ends, however it ends."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from deploy.local.layout import Layout
from deploy.local.servers.requirements import ServerMissingError
from deploy.local.supervision.processes import running, started_at
from services.chassis.runtime.private_file import write_private

STOPS_WITHIN_S = 60.0


@contextmanager
def stopped(layout: Layout, name: str) -> Iterator[None]:
    """The service `name` does not run during the block. ServerMissingError when it does not stop."""
    note = layout.run / f"{name}.hold"
    write_private(note, json.dumps({"pid": os.getpid(), "started": started_at(os.getpid())}))
    try:
        if found := running(layout, name):
            with suppress(ProcessLookupError):
                os.kill(found["pid"], signal.SIGTERM)
        deadline = time.monotonic() + STOPS_WITHIN_S
        while (found := running(layout, name)) is not None:
            if time.monotonic() > deadline:
                raise ServerMissingError(f"{name} does not stop; see {layout.log(name)}")
            time.sleep(0.1)
        yield
    finally:
        note.unlink(missing_ok=True)


def is_held(layout: Layout, name: str) -> bool:
    """Whether a command that still runs wants `name` stopped."""
    try:
        note = json.loads((layout.run / f"{name}.hold").read_text())
    except (FileNotFoundError, ValueError):
        return False
    return bool(note["started"] and started_at(note["pid"]) == note["started"])
