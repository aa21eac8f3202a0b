"""One installation from nothing: the messages in one order, and what it holds when all have passed."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from deploy.demo import topic_reader
from deploy.demo.first_county import COUNTY, SOURCE
from deploy.local.layout import Layout
from deploy.local.plan import reliefstream_plan
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.services import exported
from services.cli.client.settled import settled
from services.cli.export import write_jsonl
from services.evaluation.output.determinations_csv import write_determinations
from services.ingest.core.message_headers import headers_of
from tests.harness.arrival_orders.holdings import Held, held
from tests.harness.arrival_orders.orders import Sent
from tests.harness.arrival_orders.replica import Replica
from tests.harness.faults.deciding import Offices
from tests.harness.faults.stating import Stated, state

AS_OF = date(2026, 11, 2)
DOUBLED = ("reconciliation", "eligibility", "relief")
SETTLE_S = 3600.0
AT_ONCE = 500


def run(
    layout: Layout, sent: Iterable[Sent], said: Sequence[Stated], out: Path, *, after: float, doubled: bool
) -> tuple[Held, int, float]:
    """What is held in the end, how many messages went in, and the seconds from the first to the end.

    ``said``: what offices state; ``after``: how much of the messages has come before, 0, 0.5 or 1. Half way they decide
    what waits then, and all that waits in the end.
    ``out``: gets ``determinations.csv``, and beside it the statements. ``doubled``: with a second replica of three
    services; half way one replica of each is killed.
    """
    found = addresses({}, layout.root)
    offices = found.acting_as("trial-import")
    with ExitStack() as stack:
        replicas: list[Replica] = []
        if doubled:
            plan = reliefstream_plan(layout, AS_OF, {})
            replicas = [Replica(layout, plan, service) for service in DOUBLED]
            for replica in replicas:
                stack.callback(replica.end)
        tokens = {name.removeprefix("trial-"): token for name, token in found.account_tokens.items()}
        deciding = Offices(found.service("relief"), tokens, [COUNTY])
        messages = list(sent)
        started = time.perf_counter()
        half = len(messages) // 2

        def offices_state(at: float) -> None:
            if at == after:
                asyncio.run(state(found.service("ingest"), offices.operator_token, said, 0.0))

        offices_state(0.0)
        asyncio.run(_send(found, messages[:half]))
        offices_state(0.5)
        asyncio.run(deciding.take_up(challenging=False))
        if doubled:
            _until_some_are_through(found, half // 10)
            _kill(layout, replicas)
        asyncio.run(_send(found, messages[half:]))
        offices_state(1.0)
        asyncio.run(settled(found, SETTLE_S))
        asyncio.run(deciding.to_the_end())
        asyncio.run(settled(found, SETTLE_S))
        took = time.perf_counter() - started
        write_jsonl(
            exported("statements", {"county": COUNTY}, found=offices), out.with_suffix(".statements.jsonl")
        )
        write_determinations(
            exported("determinations", {"county": COUNTY, "as_of": str(AS_OF)}, found=offices), out
        )
        return asyncio.run(_holdings(found)), len(messages), took


def _until_some_are_through(found: Addresses, records: int) -> None:
    while True:
        with found.client("reconciliation") as client:
            if client.get("/v1/counts").json()["records"] >= records:
                return
        time.sleep(0.2)


def _kill(layout: Layout, replicas: Iterable[Replica]) -> None:
    """The second replica of two services and the first of the third, while they work."""
    first, *_ = replicas = list(replicas)
    pid = json.loads((layout.run / f"{DOUBLED[0]}.pid").read_text())["pid"]
    os.kill(pid, signal.SIGKILL)  # its supervisor starts it again
    for replica in replicas:
        if replica is not first:
            replica.kill()


async def _send(found: Addresses, messages: Iterable[Sent]) -> None:
    producer = AIOKafkaProducer(
        **found.kafka.client_options(), acks="all", enable_idempotence=True, max_batch_size=256 * 1024
    )
    await producer.start()
    try:
        waiting = []
        for _, message in messages:
            headers = [(name, text.encode()) for name, text in headers_of(message.metadata).items()]
            waiting.append(await producer.send(SOURCE, message.value, key=message.key, headers=headers))
            if len(waiting) == AT_ONCE:
                await asyncio.gather(*waiting)
                waiting = []
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()


async def _holdings(found: Addresses) -> Held:
    offices = found.acting_as("trial-import")
    ledger: dict[str, Mapping[str, Any]] = {}
    for stored in await topic_reader.read(found.kafka.client_options(), ("discrepancies-v1",)):
        entry = json.loads(stored.value)
        if entry["version"] >= ledger.get(stored.key, entry)["version"]:
            ledger[stored.key] = entry

    def of(what: str) -> Iterator[dict[str, Any]]:
        return exported(what, {"county": COUNTY}, found=offices)

    return held(
        of("subjects"),
        exported("determinations", {"county": COUNTY, "as_of": str(AS_OF)}, found=offices),
        of("relief"),
        ledger.values(),
    )
