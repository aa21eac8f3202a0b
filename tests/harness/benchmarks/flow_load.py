"""The two loads of the flow's benchmark: everything at once, and single cases at a steady rate."""

import asyncio
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiokafka import AIOKafkaProducer

from deploy.demo import timing, topic_reader
from deploy.demo.first_county import COUNTY, SOURCE
from services.cli.client.addresses import Addresses
from services.cli.client.settled import settled
from services.cli.submission.file_messages import Format, submitted_file
from services.cli.submission.submit_file import submit_file
from tests.harness.benchmarks.processes import CpuSeconds, cpu_seconds

FILES: tuple[tuple[Format, str], ...] = (("doj", "doj.csv"), ("court", "court.jsonl"))
SENDER = "sender (submit, settle)"
LONGEST_S = 7200.0
"""That all may take to pass, with whatever is sealed beside it."""


@dataclass(frozen=True)
class Bulk:
    """A sample that went through whole: how long it took and what each process used."""

    records: int
    rows: int
    seconds: float
    cpu: CpuSeconds

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds


def messages(folder: Path) -> list[bytes]:
    """The bytes of every message that the two files make."""
    found = []
    for form, name in FILES:
        file = submitted_file(folder / name, form)
        with file.open():
            found += [message.value for message in file.messages()]
    return found


def cases(folder: Path) -> list[bytes]:
    """The court's cases that are JSON objects at all."""
    return [line for line in (folder / "court.jsonl").read_bytes().splitlines() if line.startswith(b"{")]


def bulk(found: Addresses, folder: Path, running: dict[str, int]) -> Bulk:
    """Sends both files as fast as they are taken, and waits until all has passed through every service."""
    rows = json.loads((folder / "truth.json").read_text())["doj.csv"]["rows"]
    before, own, started = cpu_seconds(running), os.times(), time.perf_counter()
    received = sum(submit_file(found, folder / name, COUNTY, form).received for form, name in FILES)
    asyncio.run(settled(found, LONGEST_S))
    seconds, own_now = time.perf_counter() - started, os.times()
    used = {name: spent - before.get(name, 0.0) for name, spent in cpu_seconds(running).items()}
    used[SENDER] = own_now.user + own_now.system - own.user - own.system
    return Bulk(received, rows, seconds, used)


async def at_rate(found: Addresses, lines: Sequence[bytes], rate: float) -> list[float]:
    """Seconds from record to court order of each case that is ordered, sorted; ``rate`` cases come a second."""
    options = found.kafka.client_options()
    producer = AIOKafkaProducer(**options, acks="all", enable_idempotence=True)
    await producer.start()
    since, begun = time.time(), time.perf_counter()
    for n, line in enumerate(lines):
        await asyncio.sleep(max(0.0, begun + n / rate - time.perf_counter()))
        await producer.send(SOURCE, line, key=str(n).encode(), headers=[("format", b"court")])
    await producer.stop()
    await settled(found, LONGEST_S)
    stored = await topic_reader.read(options, (SOURCE, "relief-v1"))
    recent = [each for each in stored if each.at.timestamp() >= since]
    return timing.seconds_to_order([e for e in recent if e.topic == SOURCE], recent)
