"""What .dockerignore leaves for the image holds every module of every command and service."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services import CONSOLE, SERVICES
from services.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
MODULES = (
    *(f"services.{name}.app" for name in (*SERVICES, CONSOLE)),
    *(one.place.split(":")[0] for one in COMMANDS.values()),
)


@pytest.mark.slow
def test_the_image_has_every_module_of_every_command_and_service(tmp_path: Path) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    for line in lines:
        kept = line.removeprefix("!")
        if kept == line:
            continue
        source = ROOT / kept
        assert source.exists(), f".dockerignore names {kept}, which is not there"
        if source.is_dir():
            shutil.copytree(source, tmp_path / kept, dirs_exist_ok=True)
        else:
            (tmp_path / kept).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, tmp_path / kept)
    assert "deploy/local/sign_in" in lines
    shutil.rmtree(tmp_path / "deploy/local/sign_in")
    path = [str(tmp_path), str(tmp_path / "contracts")]
    program = f"import sys; sys.path[:0] = {path}; import importlib; [importlib.import_module(m) for m in {MODULES}]"
    program += "; import services; print(services.__file__)"

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))
