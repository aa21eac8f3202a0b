"""Files with identifiers of people, which only their owner can read."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


def private_file(path: Path, errors: str = "strict") -> TextIO:
    """Opens the file for text, emptied and with mode 0600; a pipe or device keeps its mode. Raises OSError."""
    return os.fdopen(_opened(path, os.O_TRUNC), "w", newline="", encoding="utf-8", errors=errors)


def write_private(path: Path, content: bytes) -> None:
    """Writes the file whole, with mode 0600; a pipe or device keeps its mode. Raises OSError."""
    with os.fdopen(_opened(path, os.O_TRUNC), "wb") as file:
        file.write(content)


@contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """A new file, with mode 0600, which takes the place of the old one at the end of the block: a reader has one of the
    two whole, also after a crash. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def changed_alone(path: Path) -> Iterator[None]:
    """Keeps everybody else who reads, changes and writes the file so out until the end of the block. Raises OSError."""
    beside = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(beside, fcntl.LOCK_EX)
        yield
    finally:
        os.close(beside)


def check_writable(path: Path) -> None:
    """Checks that ``private_file`` can open it: creates a missing file, keeps an existing one. Raises OSError."""
    os.close(_opened(path, os.O_APPEND))


def _opened(path: Path, how: int) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        os.fchmod(handle, 0o600)
    return handle
