"""Files with identifiers of people are their owner's alone to read."""

import os
import stat
from pathlib import Path
from typing import TextIO


def private_file(path: Path, errors: str = "strict") -> TextIO:
    """The file opened anew for text, mode 0600 whatever it was; what is no file (a pipe) as it is. Raises OSError."""
    return os.fdopen(_opened(path, os.O_TRUNC), "w", newline="", encoding="utf-8", errors=errors)


def check_writable(path: Path) -> None:
    """That ``private_file`` will open it: made if it is missing, and what stands there stays. Raises OSError."""
    os.close(_opened(path, os.O_APPEND))


def _opened(path: Path, how: int) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        os.fchmod(handle, 0o600)
    return handle
