"""A key for each day's backup, destroyed after 35 days: what that backup holds is gone then, wherever copies are.

``python -m deploy.backup_keys FOLDER`` makes today's key where there is none, destroys the old ones and prints the file
of today's. The folder belongs on other disks than the backups, and in none of them.
"""

import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cyclopts import App

from services.chassis.runtime.private_file import write_private

KEPT_DAYS = 35
SUFFIX = ".key"

app = App(name="backup_keys", help=__doc__)


def key_of_day(
    folder: Path, today: date, random_bytes: Callable[[int], bytes], kept: timedelta = timedelta(KEPT_DAYS)
) -> Path:
    """The file of this day's key, which only its owner can read; made where there is none. Keys of days that are over
    for longer than ``kept`` are overwritten and removed; other files stay. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        if (day := _day(file)) and day < today - kept:
            _destroy(file)
    own = folder / f"{today}{SUFFIX}"
    if not own.exists():
        write_private(own, random_bytes(32).hex())
    return own


def _day(file: Path) -> date | None:
    """The day whose key it is; None: it is no key of a day."""
    try:
        return date.fromisoformat(file.stem)
    except ValueError:
        return None


def _destroy(file: Path) -> None:
    with file.open("r+b") as held:
        held.write(bytes(file.stat().st_size))
        held.flush()
        os.fsync(held.fileno())
    file.unlink()


@app.default
def main(folder: Path, /) -> None:
    """Print the file of today's key, and destroy those that are older than 35 days."""
    sys.stdout.write(f"{key_of_day(folder, datetime.now(UTC).date(), secrets.token_bytes)}\n")


if __name__ == "__main__":
    app()
