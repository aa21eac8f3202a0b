"""Local servers of their own for these tests: they get killed."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from deploy.local import addresses
from deploy.local.addresses import Addresses
from deploy.local.layout import Layout
from deploy.local.plan import Plan
from deploy.local.supervision import control
from deploy.local.supervision.processes import SUPERVISOR, running

JARS = Path(__file__).resolve().parents[2] / ".local" / "kafka" / "libs"
DUMMY = (sys.executable, str(Path(__file__).with_name("dummy_service.py")))
PREPARE = (
    sys.executable,
    "-c",
    "import os, json; json.loads(os.environ['RELIEFSTREAM_OWNER_URLS'])['ingest']",
)


@dataclass(frozen=True)
class Local:
    """Two dummy services on real servers."""

    layout: Layout
    plan: Plan

    def up(self) -> bool:
        return control.up(self.layout, self.plan, os.environ, say=lambda _: None)

    def pid(self, name: str) -> int:
        note = running(self.layout, name)
        assert note, f"{name} does not run"
        return int(note["pid"])

    @property
    def supervisor(self) -> int:
        return self.pid(SUPERVISOR)

    @property
    def addresses(self) -> Addresses:
        return addresses.read(self.layout.root)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    layout = Layout(tmp_path_factory.mktemp("servers") / "local")
    plan = Plan(
        prepare=(PREPARE,),
        services={"ingest": DUMMY, "relief": DUMMY},
        counties=("los-angeles", "sacramento"),
        integrators={"a": ("los-angeles",), "ab": ("los-angeles", "sacramento")},
        as_of=date(2021, 9, 1),
        policy={"los-angeles": "los-angeles-2021"},
        jars=JARS,
    )
    local = Local(layout, plan)
    try:
        local.up()
        yield local
    finally:
        control.down(layout, say=lambda _: None)
