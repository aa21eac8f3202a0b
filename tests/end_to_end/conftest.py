"""One running product for the whole folder, with a fabricated county streamed through it while processes are killed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.harness.product import AS_OF, Product, Sample, fresh_product

VICTIMS = (
    "ingest",
    "reconciliation",
    "eligibility",
    "relief",
    "notification",
    "kafka",
    "postgres",
    "supervisor",
)
SEED = 64


@pytest.fixture(scope="package")
def bare_product() -> Iterator[Product]:
    with fresh_product("test-product") as running:
        yield running


@pytest.fixture(scope="package")
def sample(bare_product: Product, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    made = bare_product.run("sample", "--scale", "1/200", "--seed", "7", "--out", folder)
    assert made.returncode == 0, made.stderr
    return Sample(folder, json.loads((folder / "truth.json").read_text()))


@dataclass(frozen=True)
class Streamed:
    """What the product held when both files had passed, before any other test sent anything."""

    counts: dict[str, Any]
    exports: Path
    balance: dict[str, Any]

    def lines(self, what: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.exports / f"{what}.jsonl").read_text().splitlines()]


@pytest.fixture(scope="package")
def streamed(bare_product: Product, sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Streamed:
    """Both files streamed under a standing order, each process killed once on the way."""
    product = bare_product
    entered = product.run(
        "order", "standing", "--county", "los-angeles", "--number", "SO-1", "--judge", "A. Judge",
        "--on", "2021-09-27", "--scope", "HS 11361.8", acting_as="trial-clerk",
    )  # fmt: skip
    assert entered.returncode == 0, entered.stderr
    shown = product.run("order", "list", "--county", "los-angeles", acting_as="trial-second-clerk")
    assert "scope: HS 11361.8" in shown.stdout, shown.stderr
    same = product.run("order", "confirm", "SO-1", "--county", "los-angeles", acting_as="trial-clerk")
    assert same.returncode != 0
    assert "another clerk" in same.stderr
    confirmed = product.run(
        "order", "confirm", "SO-1", "--county", "los-angeles", acting_as="trial-second-clerk"
    )
    assert confirmed.returncode == 0, confirmed.stderr
    victims = random.Random(SEED).sample(VICTIMS, len(VICTIMS))
    print(f"killed in this order (seed {SEED}): {victims}")
    for form, file in (("doj", sample.doj), ("court", sample.court)):
        half, victims = victims[:4], victims[4:]
        submit_while_killing(product, form, file, half)
    settled = product.run("settle", "--timeout", "600")
    assert settled.returncode == 0, settled.stderr + settled.stdout
    exports = tmp_path_factory.mktemp("streamed")
    for name in ("determinations.csv", "determinations.jsonl", "relief.jsonl", "dismissals.jsonl"):
        what = name.split(".")[0]
        restated = ("--as-of", AS_OF.isoformat()) if what == "determinations" else ()
        done = product.run("export", what, *restated, "--out", exports / name, acting_as="trial-signer")
        assert done.returncode == 0, done.stderr
    balance = product.run("balance", "--county", "los-angeles", "--json", acting_as="trial-signer")
    return Streamed(json.loads(product.run("counts").stdout), exports, json.loads(balance.stdout))


@pytest.fixture(scope="package")
def product(bare_product: Product, streamed: Streamed) -> Product:
    """The product with the sample county in it."""
    assert streamed.counts
    return bare_product


def kill(product: Product, victim: str) -> None:
    """Kills a process of the product; where that is just starting again by itself, the one that comes."""
    for _ in range(600):
        with suppress(KeyError, ProcessLookupError):
            os.kill(product.pids()[victim], signal.SIGKILL)
            return
        time.sleep(0.1)
    raise AssertionError(f"{victim} does not come up again")


def submit_while_killing(product: Product, form: str, file: Path, victims: list[str]) -> None:
    command = [
        sys.executable,
        "-m",
        "services.cli.main",
        "submit",
        "--county",
        "los-angeles",
        "--format",
        form,
    ]
    environment = {**os.environ, "RELIEFSTREAM_LOCAL": str(product.layout.root)}

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*command, str(file)], env=environment, stdout=subprocess.DEVNULL)

    submitting = start()
    for victim in victims:
        time.sleep(1.5)
        kill(product, victim)
        product.up()
    for _ in range(5):
        if submitting.wait(600) in (0, 1):
            return
        product.up()
        submitting = start()  # goes on where it stopped
    raise AssertionError("submit did not come through")
