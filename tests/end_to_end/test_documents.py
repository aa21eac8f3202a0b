"""The commands of the documents that need servers, run in the order in which a reader meets them."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.layout import Layout
from deploy.local.supervision import control
from tests.docs.documents import ROOT, documents
from tests.docs.shell_blocks import blocks, run, script
from tests.harness.forked_commands import commands

pytestmark = pytest.mark.servers
READING_ORDER = (
    "README.md",
    "docs/guides/county-it.md",
    "docs/guides/prosecutor-and-clerk.md",
    "docs/guides/prosecutor.md",
    "docs/guides/city-attorney.md",
    "docs/guides/clerk.md",
    "docs/guides/community-group.md",
    "docs/guides/records-unit.md",
    "docs/guides/public-defender.md",
    "docs/guides/integrator.md",
    "docs/guides/on-call.md",
    "docs/guides/auditor.md",
    "docs/guides/replay.md",
)


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """What the documents name of a clone, with Kafka's jars as any earlier start has left them."""
    for part in ("contracts/examples", "deploy/counties", "deploy/examples"):
        shutil.copytree(ROOT / part, tmp_path / part)
    local = tmp_path / ".local"
    jars = ROOT / ".local" / "kafka" / "libs"
    if jars.is_dir():
        (local / "kafka").mkdir(parents=True)
        (local / "kafka" / "libs").symlink_to(jars.resolve())
    try:
        yield tmp_path
    finally:
        control.down(Layout(local), lambda _: None)


def test_every_document_with_commands_that_need_servers_is_read() -> None:
    needing = {str(path) for path in documents() if any(block.kind == "servers" for block in blocks(path))}

    assert needing == set(READING_ORDER)


def test_the_commands_of_the_documents_end_as_the_documents_say(clone: Path) -> None:
    path = f"{commands().program(clone / 'bin')}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    for document in READING_ORDER:
        found = [block for block in blocks(Path(document)) if block.kind == "servers"]
        # What the last document stops, the others leave running for the next one.
        left_out = () if document == READING_ORDER[-1] else ("reliefstream down",)
        run(script(found, left_out), clone, {"RELIEFSTREAM_LOCAL": str(clone / ".local"), "PATH": path})
