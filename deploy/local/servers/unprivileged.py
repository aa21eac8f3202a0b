"""Runs Postgres, which refuses to run as root, under an unprivileged account where the caller is root.

Nothing outside the data folder changes its owner or permissions. The repository may lie below a folder that
the account cannot enter (`/root`, 0700); then the process gets the one capability that opens folders, or runs
under another user number with root's files (a user namespace), whichever the system allows first.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

from deploy.local.servers.requirements import ServerMissingError


def prefix_for(data: Path, binary: Path) -> list[str]:
    """The prefix for a command of Postgres; empty for an ordinary user.

    Gives `data`, with all in it, to the user that the command will run as. ServerMissingError, with what
    to do, when this system offers no way.
    """
    if os.geteuid() != 0:
        return []
    for owner, prefix in ways():
        give(data, owner)
        probe = [*prefix, "sh", "-c", 'test -w "$0" && "$1" --version', str(data), str(binary)]
        if subprocess.run(probe, capture_output=True, check=False, cwd=data).returncode == 0:
            return prefix
    raise ServerMissingError(
        "Postgres refuses to run as root, and this system lets root neither lend its rights to another "
        "account nor open a user namespace. Run reliefstream as an ordinary user, or clone it where every "
        "account can enter, such as /opt."
    )


def ways() -> Iterator[tuple[int, list[str]]]:
    """Users that may own the data, each with its command prefix; the first that works is used."""
    account = next(each for name in ("postgres", "nobody") if (each := _account(name)))
    plain = [
        "setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
    ]  # fmt: skip
    yield account.pw_uid, plain
    for capability in ("dac_read_search", "dac_override"):
        yield account.pw_uid, [*plain, f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"]
    # Inside the namespace root's own files seem to belong to the account.
    yield 0, ["unshare", "--user", f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}"]


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def give(folder: Path, owner: int) -> None:
    """Makes this user the owner of the folder and all in it, unless the folder is that user's."""
    if folder.stat().st_uid == owner:
        return
    for path in (*folder.rglob("*"), folder):
        os.chown(path, owner, -1, follow_symlinks=False)
