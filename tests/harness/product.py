"""The whole product as a user has it: servers, five services and the command, in a folder of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from deploy.local.layout import Layout
from deploy.local.testing import WITHOUT_POWER_CUTS
from tests.harness.forked_commands import commands
from tests.harness.installation import empty_installation, up

AS_OF = date(2026, 11, 2)


@dataclass(frozen=True)
class Product:
    """A running product; ``run`` calls the command as a user does, ``acting_as`` an account of an office."""

    layout: Layout

    def run(
        self, *arguments: str | Path, timeout: float = 900, acting_as: str = ""
    ) -> subprocess.CompletedProcess[str]:
        given = {"RELIEFSTREAM_LOCAL": str(self.layout.root), "RELIEFSTREAM_ACT_AS": acting_as}
        environment = {**os.environ, **given, "COLUMNS": "200"}
        return commands().run([*map(str, arguments)], environment, Path(__file__).parents[2], timeout)

    def start(self, *arguments: str | Path) -> "subprocess.Popen[bytes]":
        """The command in the background, silent: the installed program, which may be killed."""
        return subprocess.Popen(
            [sys.executable, "-m", "services.cli.main", *map(str, arguments)],
            env={**os.environ, "RELIEFSTREAM_LOCAL": str(self.layout.root)},
            cwd=Path(__file__).parents[2],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def up(self) -> None:
        up(self.layout, AS_OF, postgres=WITHOUT_POWER_CUTS)

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


@contextmanager
def fresh_product(name: str) -> Iterator[Product]:
    """A product that holds nothing yet, in a folder of its own; stopped in the end."""
    with empty_installation(name, as_of=AS_OF, standing_order=False, postgres=WITHOUT_POWER_CUTS) as layout:
        yield Product(layout)
