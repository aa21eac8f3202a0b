"""Where the local servers keep their state."""

import os
from pathlib import Path

from deploy.local.layout import REPOSITORY


def local_root() -> Path:
    """The local servers' folder: RELIEFSTREAM_LOCAL, else `.local` of this clone, else of this directory."""
    named = os.environ.get("RELIEFSTREAM_LOCAL")
    if named:
        return Path(named).absolute()
    clone = REPOSITORY if (REPOSITORY / "pyproject.toml").is_file() else Path.cwd()
    return clone / ".local"
