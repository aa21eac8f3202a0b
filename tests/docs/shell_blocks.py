"""The shell commands of a document, as a script that ends at the first command whose status is another than documented.

A block that a test runs begins with ```` ```sh ````; one that needs servers with ```` ```sh servers ````; one that no
test can run with ```` ```sh not-tested: REASON ````. A command that ends with another status than 0 says so in its
comment: ``# exit status 1: ...``.
"""

import os
import re
import subprocess
import sys
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.docs.documents import ROOT

FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
STATUS = re.compile(r"#.*exit status (\d+)")
WRONG = 99
"""The status of a script of which a command ended otherwise than documented."""


@dataclass(frozen=True)
class Block:
    """A block of shell commands: where it begins, what it needs, and why no test runs it."""

    document: Path
    line: int
    kind: Literal["offline", "servers", "not-tested"]
    reason: str
    text: str

    @property
    def commands(self) -> Iterator[tuple[int, str]]:
        """Each command with its line in the document; one that goes on after a backslash is one."""
        start, written = 0, ""
        for number, line in enumerate(self.text.splitlines(), self.line + 1):
            start = number if not written else start
            written += line + "\n"
            if not line.endswith("\\"):
                if written.strip() and not written.lstrip().startswith("#"):
                    yield start, written
                written = ""


def fences(document: Path) -> Iterator[tuple[int, str, str]]:
    """Each fenced block of a document: the line that it begins on, its info string, its text."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for fence in FENCE.finditer(text):
        yield text.count("\n", 0, fence.start()) + 1, fence["info"].strip(), fence["body"]


def blocks(document: Path) -> list[Block]:
    """The blocks of shell commands, in their order. Raises ValueError on a marker that is none."""
    found = []
    for line, info, text in fences(document):
        language, _, marker = info.partition(" ")
        if language != "sh":
            continue
        if marker.startswith("not-tested: "):
            found.append(Block(document, line, "not-tested", marker.removeprefix("not-tested: "), text))
        elif marker in ("", "servers"):
            found.append(Block(document, line, "servers" if marker else "offline", "", text))
        else:
            raise ValueError(f"{document}:{line}: {info!r} is no marker of a block")
    return found


def script(found: list[Block], left_out: Container[str] = ()) -> str:
    """A script of the blocks' commands, some ``left_out``, that ends at the first one that does not end as
    documented."""
    lines = []
    for block in found:
        for number, command in block.commands:
            if command.partition("#")[0].strip() in left_out:
                continue
            expected = int((STATUS.search(command) or [0, 0])[1])
            lines += [
                command.rstrip("\n"),
                f'status=$?; [ $status = {expected} ] || {{ echo "{block.document}:{number}: exit status $status, '
                f'documented is {expected}" >&2; exit {WRONG}; }}',
            ]
    return "\n".join(lines) + "\n"


def run(text: str, folder: Path, environment: Mapping[str, str], timeout: float = 1800) -> None:
    """Runs a script in a folder with this environment's `reliefstream` and `python`. Raises AssertionError with all
    that it printed."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "200", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
