"""A small disk of its own for Postgres, that can be filled: a tmpfs in a mount namespace of the harness.

The namespace ends with the last process in it, and the disk with the namespace: nothing is left behind.
"""

import ctypes
import os
from contextlib import suppress
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER, MS_REC, MS_PRIVATE = 0x20000, 0x10000000, 16384, 1 << 18
_libc = ctypes.CDLL(None, use_errno=True)


def own_mounts() -> bool:
    """Gives this process, which must have one thread, a mount namespace; False where the system refuses."""
    uid, gid = os.getuid(), os.getgid()
    if _libc.unshare(CLONE_NEWNS | (CLONE_NEWUSER if uid else 0)):
        return False
    if uid:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    return _libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) == 0


class Disk:
    """A tmpfs of ``megabytes`` at ``folder``. Raises OSError where it cannot be mounted."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder, self._ballast = folder, folder / "ballast"
        folder.mkdir(parents=True, exist_ok=True)
        if _libc.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, f"size={megabytes}m,mode=755".encode()):
            raise OSError(ctypes.get_errno(), f"no tmpfs at {folder}")

    def fill(self) -> None:
        """Takes all the space there is."""
        with self._ballast.open("wb", buffering=0) as file:
            for block in (bytes(2**20), bytes(2**12)):
                with suppress(OSError):  # no space left: what we want
                    while True:
                        file.write(block)

    def free(self) -> None:
        """Gives it back."""
        self._ballast.unlink(missing_ok=True)

    def release(self) -> None:
        """Unmounts it, whoever still has a file open there (MNT_DETACH)."""
        _libc.umount2(bytes(self.folder), 2)
