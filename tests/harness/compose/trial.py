"""`make compose-test`: the product under Docker Compose, as an engineer meets it, on a real engine.

Up from nothing, the demo's figures, each container killed in mid-stream, down, up with the data still there.
Exit status 0 when all held, 1 when something did not, 3 when there is no engine or an image is missing.
"""

import argparse
import asyncio
import json
import logging
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer

from deploy.demo import figures
from deploy.demo.first_county import COUNTY, SEED, enter_standing_order
from deploy.demo.steps import holdings
from services import SERVICES
from services.chassis.settings.kafka_address import KafkaAddress
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.settled import settled
from tests.harness.compose.engine import (
    REPOSITORY,
    SECRETS,
    Missing,
    Stack,
    call,
    require_engine,
    require_image,
)
from tests.harness.compose.monitored import monitored
from tests.harness.compose.rights import locked_down, two_counties

COMMAND = (sys.executable, "-m", "services.cli.main")
PATIENCE_S = 600
"""A busy machine takes minutes to bring a killed broker back."""
VICTIMS = ("kafka", "postgres", *SERVICES)


def step(title: str, work: Callable[[], str]) -> None:
    """Runs one step and prints what it found, and how long it took."""
    began = time.monotonic()
    print(f"{title} ...", flush=True)
    said = work()
    print(f"  {said} ({time.monotonic() - began:.0f} s)", flush=True)


def build(stack: Stack) -> str:
    call(sys.executable, "-m", "deploy.compose.make_secrets")
    stack.compose("build", "--quiet")
    size = int(call("docker", "image", "inspect", "--format", "{{.Size}}", "reliefstream:0.1.0"))
    assert size < 250e6, f"the image has {size / 1e6:.0f} MB"
    return f"reliefstream:0.1.0, {size / 1e6:.0f} MB"


def up(stack: Stack) -> str:
    stack.up()
    return "all healthy"


def demo(stack: Stack) -> str:
    said = call(*COMMAND, "demo", "--once", environment=stack.cli_environment())
    assert "Every figure agrees" in said, said
    again = subprocess.run(
        [*COMMAND, "demo", "--once"],
        cwd=REPOSITORY,
        env=stack.cli_environment(),
        capture_output=True,
        check=False,
    )
    assert again.returncode == 2 and b"hold records already" in again.stderr, again
    webhooks = re.search(r"^\d+ received at .*$", said, re.M)
    figures_said = len(re.findall(r"\bagrees\b(?! with)", said))
    return f"{figures_said} figures agree with the truth; webhooks: {webhooks and webhooks.group()}"


def empty_again(stack: Stack) -> str:
    stack.compose("down", "--volumes")
    stack.up()
    return "down with its volumes, up with new ones"


def kill_each(stack: Stack, folder: Path) -> str:
    """Both files streamed while every container is killed once; then nothing is lost and nothing counted twice."""
    environment = stack.cli_environment() | {"RELIEFSTREAM_LOCAL": str(folder / "local")}
    found = addresses(environment)
    call(
        *COMMAND,
        "sample",
        "--scale",
        "1/50",
        "--seed",
        str(SEED),
        "--out",
        str(folder),
        environment=environment,
    )
    enter_standing_order(found)
    victims = random.Random(SEED).sample(VICTIMS, len(VICTIMS))
    told = []
    for form, name, half in (("doj", "doj.csv", victims[:4]), ("court", "court.jsonl", victims[4:])):
        command = [*COMMAND, "submit", "--county", COUNTY, "--format", form, str(folder / name)]

        said = folder / f"submit-{form}.txt"

        def start(command: list[str] = command, said: Path = said) -> "subprocess.Popen[bytes]":
            with said.open("w") as file:
                return subprocess.Popen(
                    command, cwd=REPOSITORY, env=environment, stdout=file, stderr=subprocess.STDOUT
                )

        submitting = start()
        for victim in half:
            time.sleep(1)
            if submitting.poll() not in (None, 0, 1):  # an earlier victim was its server
                submitting = start()
                time.sleep(2)
            stream = "" if submitting.poll() is None else ", while what was sent is worked through"
            told.append(f"{victim} ({stack.crash(victim)}{stream})")
        deadline = time.monotonic() + PATIENCE_S
        while submitting.wait(PATIENCE_S) not in (0, 1):
            assert time.monotonic() < deadline, f"submit did not come through: {said.read_text()}"
            time.sleep(3)
            submitting = start()  # goes on where it stopped
        assert "records = recorded" in said.read_text(), said.read_text()
        stack.until_healthy()
    return f"killed: {', '.join(told)}; {figures_agree(stack, folder)}"


def figures_agree(stack: Stack, folder: Path) -> str:
    found = addresses(stack.cli_environment())
    asyncio.run(settled(found, 240))
    held, truth = holdings(found, COUNTY), json.loads((folder / "truth.json").read_text())
    all_figures = [
        *figures.relief_figures(held, truth),
        *figures.review_figures(held, truth),
        *figures.left_figures(held, truth),
    ]
    wrong = [f"{f.name}: {f.found}, truth {f.truth}" for f in all_figures if not f.agrees]
    assert not wrong, "; ".join(wrong)
    orders = sum(relief["state"] in figures.ORDERED for relief in held.relief)
    distinct = asyncio.run(_distinct_dismissals(found, orders))
    assert distinct == orders, f"{orders} orders, {distinct} dismissal events"
    return f"{len(all_figures)} figures agree, {orders} orders are {distinct} dismissal events"


async def _distinct_dismissals(found: Addresses, wanted: int, seconds: float = 60) -> int:
    """How many events an integrator reads, with its own name and password; each once."""
    password = (SECRETS / "kafka-integrator-demo").read_text()
    options = KafkaAddress(found.kafka.bootstrap, "integrator-demo", password).client_options()
    consumer = AIOKafkaConsumer(
        **options, group_id=f"integrator-demo.{time.time_ns()}", auto_offset_reset="earliest",
        isolation_level="read_committed", enable_auto_commit=False,
    )  # fmt: skip
    ids: list[Any] = []
    quiet, deadline = 0, time.monotonic() + seconds
    consumer.subscribe(pattern="^dismissals-v1-")
    async with consumer:
        while (len(ids) < wanted or quiet < 3) and time.monotonic() < deadline:
            batches = await consumer.getmany(timeout_ms=1000)
            quiet = 0 if batches else quiet + 1
            ids += [dict(record.headers)["ce_id"] for records in batches.values() for record in records]
    assert len(ids) == len(set(ids)), "an event stands twice"
    return len(ids)


def down_and_up(stack: Stack, folder: Path) -> str:
    stack.compose("down")
    stack.up()
    return f"the data is still there: {figures_agree(stack, folder)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the containers running")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    keep = parser.parse_args().keep
    stack = Stack()
    try:
        print(require_engine())
        named = json.loads(stack.compose("config", "--format", "json"))["services"].values()
        for image in sorted(
            {each["image"] for each in named if not each["image"].startswith("reliefstream")}
        ):
            require_image(image)
    except Missing as missing:
        print(f"compose-test cannot run: {missing}", file=sys.stderr)
        return 3
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            step("build", lambda: build(stack))
            stack.compose("down", "--volumes")
            step("up from nothing", lambda: up(stack))
            step("what the containers may do", lambda: locked_down(stack))
            step("the demo", lambda: demo(stack))
            step("two counties", lambda: two_counties(stack))
            step("empty again", lambda: empty_again(stack))
            step("each container killed in mid-stream", lambda: kill_each(stack, folder))
            step("down and up", lambda: down_and_up(stack, folder))
            try:
                step("monitoring", lambda: monitored(stack))
            except Missing as missing:
                print(f"  skipped: {missing}")
    except AssertionError as fault:
        print(f"FAILED: {fault}", file=sys.stderr)
        return 1
    finally:
        if not keep:
            stack.compose("down", "--volumes", "--remove-orphans", check=False)
    print("compose-test passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
