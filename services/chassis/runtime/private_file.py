"""Files with identifiers of people, which only their owner can read, and which are there whole or not at all."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def private_file(path: Path, errors: str = "strict") -> Iterator[TextIO]:
    """A file for text with mode 0600, which takes the place of an earlier one when the block ends without an error.

    Until then, and after an error or a crash, the earlier one stays. A pipe, a device and a link are written at once.
    Raises OSError.
    """
    with (
        _beside(path) as handle,
        os.fdopen(handle, "w", newline="", encoding="utf-8", errors=errors, closefd=False) as file,
    ):
        yield file


def write_private(path: Path, content: str | bytes) -> None:
    """Writes the file, as ``private_file`` does. Raises OSError."""
    with _beside(path) as handle, os.fdopen(handle, "wb", closefd=False) as file:
        file.write(content.encode() if isinstance(content, str) else content)


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
    """Checks that ``private_file`` can write it: creates a missing file, keeps an existing one. Raises OSError."""
    os.close(_opened(path, os.O_APPEND))


@contextmanager
def _beside(path: Path) -> Iterator[int]:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        handle = _opened(path, os.O_TRUNC)
        try:
            yield handle
        finally:
            os.close(handle)
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        yield handle
        os.fsync(handle)
        Path(name).replace(path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, name):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
    finally:
        os.close(handle)


def _opened(path: Path, how: int) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        os.fchmod(handle, 0o600)
    return handle
