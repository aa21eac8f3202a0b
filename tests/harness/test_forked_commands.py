"""A forked command says and ends as the installed program does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.forked_commands import commands

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
CALLS = (
    ["--version"],
    ["policy", "list"],
    ["no-command"],
    ["counts"],
    ["sample", "--out", "made", "--scale", "0"],
)


def told(program: Path, words: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [program, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_a_command_says_and_ends_as_the_installed_one(words: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "RELIEFSTREAM_LOCAL": str(tmp_path / "none"), "COLUMNS": "100"}
    installed = told(Path(sys.executable).with_name("reliefstream"), words, tmp_path, environment)

    forked = commands().run(words, environment, tmp_path, 60)
    assert (forked.returncode, forked.stdout, forked.stderr) == installed
    program = commands().program(tmp_path / "bin") / "reliefstream"
    assert told(program, words, tmp_path, environment) == installed


def test_a_command_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    rows = tmp_path / "endless"
    os.mkfifo(rows)
    words = ["evaluate", str(rows), "--county", "los-angeles", "--policy", "statute", "--as-of", "2026-11-01"]
    with pytest.raises(subprocess.TimeoutExpired):
        commands().run([*words, "--out", str(tmp_path)], dict(os.environ), tmp_path, 0.5)
