"""The whole product as a user has it: servers, five services and the command, in a folder of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.local import control
from deploy.local.layout import Layout
from deploy.local.plan import reliefstream_plan

LOCAL = Path(__file__).parents[2] / ".local"
AS_OF = date(2026, 11, 2)


@dataclass(frozen=True)
class Product:
    """A running product; ``run`` calls the command as a user does."""

    layout: Layout

    def run(self, *arguments: str | Path, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "services.cli.main", *map(str, arguments)],
            env={**os.environ, "RELIEFSTREAM_LOCAL": str(self.layout.root), "COLUMNS": "200"},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def up(self) -> None:
        plan = reliefstream_plan(self.layout, AS_OF, {})
        jars = LOCAL.resolve() / "kafka" / "libs"  # shared with the other tests and the demo
        control.up(self.layout, plan.model_copy(update={"jars": jars}), os.environ, lambda _: None)

    def pids(self) -> dict[str, int]:
        """The running processes by name, the supervisor's included."""
        return {
            file.stem: json.loads(file.read_text())["pid"] for file in sorted(self.layout.run.glob("*.pid"))
        }


@dataclass(frozen=True)
class Sample:
    """A fabricated county and the truth about it."""

    folder: Path
    truth: dict[str, Any]

    @property
    def doj(self) -> Path:
        return self.folder / "doj.csv"

    @property
    def court(self) -> Path:
        return self.folder / "court.jsonl"


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    root = LOCAL / "test-product"
    control.down(Layout(root), lambda _: None) if root.exists() else None
    shutil.rmtree(root, ignore_errors=True)
    running = Product(Layout(root))
    running.up()
    try:
        yield running
    finally:
        control.down(running.layout, lambda _: None)


@pytest.fixture(scope="session")
def sample(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    made = product.run(
        "sample", "--county", "los-angeles", "--scale", "1/200", "--seed", "7", "--out", folder
    )
    assert made.returncode == 0, made.stderr
    return Sample(folder, json.loads((folder / "truth.json").read_text()))
