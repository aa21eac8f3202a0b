"""What holds identifiers of people is its owner's alone to read."""

import os
import stat
from pathlib import Path

from services.cli.private_file import private_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_its_owners_alone_whatever_stood_there(tmp_path: Path) -> None:
    for name in ("new", "old"):
        path = tmp_path / name
        if name == "old":
            path.write_text("before")
            path.chmod(0o644)
        with private_file(path) as file:
            assert mode(path) == 0o600
            file.write("now")
        assert path.read_text() == "now"


def test_a_pipe_stays_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o640)
    before, reader = mode(pipe), os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with private_file(pipe) as file:
            file.write("now")
        assert (os.read(reader, 10), mode(pipe)) == (b"now", before)
    finally:
        os.close(reader)
