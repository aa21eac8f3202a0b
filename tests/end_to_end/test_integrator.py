"""The example consumer of the integrator's guide, on the running product."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.addresses import read
from tests.end_to_end.conftest import Product

pytestmark = pytest.mark.servers
EXAMPLE = Path(__file__).parents[2] / "deploy" / "examples" / "consume_dismissals.py"


def test_the_example_consumer_prints_each_dismissal_once(product: Product, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "KAFKA_BOOTSTRAP": read(product.layout.root).kafka_bootstrap,
        "KAFKA_USERNAME": "integrator",
        "KAFKA_PASSWORD": (product.layout.secrets / "kafka-integrator").read_text().strip(),
        "GROUP": "integrator-example",
    }
    assert product.run("export", "dismissals", "--out", tmp_path / "dismissals.jsonl").returncode == 0
    wanted = len((tmp_path / "dismissals.jsonl").read_text().splitlines())
    assert wanted
    for run in ("first", "again"):  # the second run finds all of them seen
        process = subprocess.Popen(
            [sys.executable, EXAMPLE], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        if run == "first":
            printed = [process.stdout.readline() for _ in range(wanted)]
            assert all(
                line.startswith(("dismissal los-angeles", "redesignation los-angeles")) for line in printed
            )
        process.kill()
        rest = process.stdout.read()
        assert not rest.strip(), "a dismissal was printed twice"
        process.wait()
