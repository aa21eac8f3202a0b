"""``reliefstream --version``."""

import shutil
import subprocess
from importlib.metadata import version as version_of
from pathlib import Path

CLONE = Path(__file__).resolve().parents[3]


def version() -> str:
    """The version of the package; where it runs from a clone of the repository, with the commit in parentheses."""
    number, git = version_of("reliefstream"), shutil.which("git")
    if git is None or not (CLONE / ".git").exists():
        return number
    asked = [git, "-C", str(CLONE), "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"{number} ({done.stdout.strip()})" if done.returncode == 0 else number
