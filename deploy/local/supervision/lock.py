"""One supervisor for one folder: a lock that ends with the process that holds it, however it ends."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.layout import Layout


@contextmanager
def folder_lock(layout: Layout, patience_s: float) -> Iterator[bool]:
    """Context manager: whether it holds the lock during the block, after waiting at most `patience_s`."""
    deadline = time.monotonic() + patience_s
    with (layout.run / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    yield False
                    return
                time.sleep(0.1)
            else:
                yield True
                return
