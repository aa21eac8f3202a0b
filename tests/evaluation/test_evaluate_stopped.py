"""``reliefstream evaluate`` stopped in the middle of its work by the keyboard."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.evaluation.doj_rows import a_file, a_row

ENOUGH = 10_000
"""Rows that take some seconds."""
FOREGROUND = """
import signal
from services.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""The command as a terminal runs it: what a shell runs in the background, this test too, ignores SIGINT."""


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A TMPDIR with a short path: multiprocessing's sockets lie in it, and a socket's path may have 107 characters."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.slow
def test_control_c_ends_every_process_and_leaves_nothing_behind(tmp_path: Path, temporary: Path) -> None:
    source = tmp_path / "doj.csv"
    (header, row) = a_file(a_row(SUBJECT_ID="PERSON")).splitlines()
    source.write_text("\n".join([header, *(row.replace("PERSON", str(n)) for n in range(ENOUGH))]))
    command = [sys.executable, "-c", FOREGROUND, "evaluate", str(source), "--county", "los-angeles"]
    command += ["--policy", "statute", "--as-of", "2026-11-01", "--out", str(tmp_path), "--workers", "2"]
    process = subprocess.Popen(
        command,
        env=os.environ | {"TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list(temporary.glob("reliefstream-*/results-*")) and process.poll() is None:
        time.sleep(0.01)

    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process of the command gets it

    _, errors = process.communicate(timeout=900)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert not list(temporary.glob("reliefstream-*"))
    assert not (tmp_path / "determinations.csv").exists()
    assert ended(process.pid)


def ended(group: int) -> bool:
    """Whether no process of the group is left, or will be soon."""
    for _ in range(500):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False
