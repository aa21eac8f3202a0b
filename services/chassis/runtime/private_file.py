"""Files with identifiers of people, which only their owner can read."""

import os
import stat
from pathlib import Path
from typing import TextIO


def private_file(path: Path, errors: str = "strict") -> TextIO:
    """Opens the file for text, emptied and with mode 0600; a pipe or device keeps its mode. Raises OSError."""
    return os.fdopen(_opened(path, os.O_TRUNC), "w", newline="", encoding="utf-8", errors=errors)


def write_private(path: Path, content: bytes) -> None:
    """Writes the file whole, with mode 0600; a pipe or device keeps its mode. Raises OSError."""
    with os.fdopen(_opened(path, os.O_TRUNC), "wb") as file:
        file.write(content)


def check_writable(path: Path) -> None:
    """Checks that ``private_file`` can open it: creates a missing file, keeps an existing one. Raises OSError."""
    os.close(_opened(path, os.O_APPEND))


def _opened(path: Path, how: int) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        os.fchmod(handle, 0o600)
    return handle
