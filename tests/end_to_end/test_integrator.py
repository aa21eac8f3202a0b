"""The example consumer of the integrator's guide, on the running product."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.addresses import read
from tests.harness.product import Product

pytestmark = pytest.mark.servers
EXAMPLE = Path(__file__).parents[2] / "deploy" / "examples" / "consume_dismissals.py"


def test_the_example_consumer_prints_each_dismissal_once(product: Product, tmp_path: Path) -> None:
    file = tmp_path / "dismissals.jsonl"
    assert product.run("export", "dismissals", "--out", file, acting_as="trial-signer").returncode == 0
    wanted = len(file.read_text().splitlines())
    assert wanted

    with consumer(product, tmp_path, "first") as process:
        assert process.stdout
        printed = [process.stdout.readline() for _ in range(wanted)]
        process.kill()
        assert process.stdout.read() == "", "a dismissal was printed twice"

    with sqlite3.connect(tmp_path / "dismissals.sqlite") as database:
        assert database.execute("SELECT count(*) FROM dismissals").fetchone() == (wanted,)
        database.execute("DELETE FROM dismissals WHERE rowid = (SELECT max(rowid) FROM dismissals)")
    with consumer(product, tmp_path, "another") as process:  # reads all of them again, and knows all but one
        assert process.stdout
        again = process.stdout.readline()
        process.kill()
        assert process.stdout.read() == "", "a dismissal that was seen was printed again"
    assert again == printed[-1]


@contextmanager
def consumer(product: Product, folder: Path, group: str) -> Iterator["subprocess.Popen[str]"]:
    """The example, running in a consumer group of its own."""
    environment = {
        **os.environ,
        "KAFKA_BOOTSTRAP": read(product.layout.root).kafka_bootstrap,
        "KAFKA_USERNAME": "integrator-demo",
        "KAFKA_PASSWORD": (product.layout.secrets / "kafka-integrator-demo").read_text().strip(),
        "GROUP": f"integrator-demo.{group}",
    }
    with subprocess.Popen(
        [sys.executable, EXAMPLE], env=environment, cwd=folder, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()
