"""``make bench-overload``: what one county's flood, a service that stands still and a webhook that hangs cost others.

Everything runs here: broker, database, five services, the senders and this program. The quiet county's latency is
from its record on its topic to the court order on relief-v1.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import re
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import httpx
import psutil
from aiokafka import AIOKafkaProducer

from deploy.demo import timing, topic_reader
from deploy.local.layout import Layout
from services import SERVICES
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.settled import settled
from services.cli.sample import sample
from tests.harness.benchmarks.processes import peak_memory_mb
from tests.harness.installation import empty_installation
from tests.notification.receiver import Message, Receiver

QUIET, FLOOD = "los-angeles", "contra-costa"
SOURCE = "source-records-v1-"


class Load:
    """Sends to the product and reads what became of it."""

    def __init__(self, found: Addresses, layout: Layout, cases: dict[str, Iterator[bytes]]) -> None:
        self.found, self._layout, self._cases = found, layout, cases

    async def send(self, county: str, records: int, rate: float | None = None) -> None:
        """So many cases on the county's topic; ``rate`` a second, else as fast as they go."""
        producer = AIOKafkaProducer(
            **self.found.kafka.client_options(), acks="all", linger_ms=0 if rate else 5
        )
        await producer.start()
        begun = time.perf_counter()
        for n in range(records):
            if rate:
                await asyncio.sleep(max(0.0, begun + n / rate - time.perf_counter()))
            await producer.send(SOURCE + county, self.a_case(county), headers=[("format", b"court")])
        await producer.stop()

    def a_case(self, county: str) -> bytes:
        """A case that was not sent before."""
        return next(self._cases[county])

    async def latencies(self, since: float) -> list[float]:
        """Of the quiet county's records sent since, sorted."""
        stored = await topic_reader.read(self.found.kafka.client_options(), (SOURCE + QUIET, "relief-v1"))
        recent = [each for each in stored if each.at.timestamp() >= since]
        return timing.seconds_to_order([e for e in recent if e.topic == SOURCE + QUIET], recent)

    def pid(self, service: str) -> int:
        return int(json.loads((self._layout.run / f"{service}.pid").read_text())["pid"])

    def memory(self) -> dict[str, int]:
        """Resident MB of each service now."""
        return {name: psutil.Process(self.pid(name)).memory_info().rss // 2**20 for name in SERVICES}

    async def metric(self, service: str, name: str) -> float:
        async with httpx.AsyncClient(timeout=30) as http:
            text = (await http.get(f"{self.found.service(service)}/metrics")).text
        found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
        return float(found.group(1)) if found else 0.0


def row(name: str, seconds: Sequence[float], more: str = "") -> str:
    """A line of the table of latencies."""
    p50, p99 = timing.percentile(seconds, 0.5), timing.percentile(seconds, 0.99)
    shown = f"{p50 * 1000:.0f} | {p99 * 1000:.0f}" if p50 is not None and p99 is not None else "- | -"
    return f"| {name} | {len(seconds)} | {shown} | {more} |"


@contextlib.asynccontextmanager
async def highest_in_flight(load: Load) -> AsyncIterator[list[float]]:
    """What ingest counted as in flight while this lasts."""
    seen: list[float] = []

    async def look() -> None:
        while True:
            seen.append(await load.metric("ingest", "reliefstream_in_flight_records"))
            await asyncio.sleep(0.5)

    task = asyncio.create_task(look())
    try:
        yield seen
    finally:
        task.cancel()


async def alone(load: Load, asked: argparse.Namespace) -> str:
    """The quiet county with nobody else."""
    since = time.time()
    await load.send(QUIET, int(asked.rate * asked.seconds), asked.rate)
    await settled(load.found, 600)
    return row("quiet county alone", await load.latencies(since))


async def beside_a_flood(load: Load, asked: argparse.Namespace) -> str:
    """The other county's records come all at once, on its topic."""
    await load.send(FLOOD, asked.records)
    since, begun = time.time(), time.perf_counter()
    async with highest_in_flight(load) as in_flight:
        await load.send(QUIET, int(asked.rate * asked.seconds), asked.rate)
        await settled(load.found, 1800)
    rate = asked.records / (time.perf_counter() - begun)
    more = f"flood done at {rate:.0f} records/s; at most {max(in_flight):.0f} records in flight"
    return row(
        f"beside {asked.records:,} records at once on another county's topic",
        await load.latencies(since),
        more,
    )


async def beside_http(load: Load, asked: argparse.Namespace) -> str:
    """The other county posts as fast as eight clients can, and heeds no Retry-After."""
    answers, waits = Counter[int](), Counter[str]()
    stop = time.perf_counter() + asked.seconds
    token = load.found.county_tokens[FLOOD]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/x-ndjson"}
    url = f"{load.found.service('ingest')}/v1/counties/{FLOOD}/records"

    async def client(http: httpx.AsyncClient) -> None:
        body = b""
        while time.perf_counter() < stop:
            body = body or b"\n".join(load.a_case(FLOOD) for _ in range(50))
            answer = await http.post(url, content=body, headers=headers)
            body = body if answer.status_code in (429, 503) else b""
            answers[answer.status_code] += 1
            if "retry-after" in answer.headers:
                waits[answer.headers["retry-after"]] += 1
                await asyncio.sleep(0.1)

    since = time.time()
    async with httpx.AsyncClient(timeout=120) as http:
        quiet = asyncio.create_task(load.send(QUIET, int(asked.rate * asked.seconds), asked.rate))
        await asyncio.gather(quiet, *(client(http) for _ in range(8)))
    await settled(load.found, 1800)
    more = ", ".join(f"{count} x {status}" for status, count in sorted(answers.items()))
    if waits:
        more += f"; Retry-After {min(map(int, waits))} to {max(map(int, waits))} s"
    return row("beside eight HTTP clients of another county", await load.latencies(since), more)


async def standing_still(load: Load, asked: argparse.Namespace) -> str:
    """A service in the middle does nothing while the other county floods; then it goes on."""
    pid = load.pid("eligibility")
    os.kill(pid, signal.SIGSTOP)
    try:
        await load.send(FLOOD, asked.records // 2)
        async with highest_in_flight(load) as in_flight:
            await asyncio.sleep(asked.seconds)
        memory = load.memory()
    finally:
        os.kill(pid, signal.SIGCONT)
    since = time.time()
    await load.send(QUIET, int(asked.rate * asked.seconds), asked.rate)
    await settled(load.found, 1800)
    more = f"at most {max(in_flight):.0f} records in flight; MB {shown(memory)}"
    name = f"after eligibility stood still {asked.seconds:g} s before {asked.records // 2:,} records"
    return row(name, await load.latencies(since), more)


async def webhooks(load: Load, asked: argparse.Namespace, hanging: bool) -> str:
    """From the dismissal's publication to the endpoint of one integrator; another's hangs."""
    arrived: list[float] = []

    def note(message: Message) -> str:
        published = datetime.fromisoformat(json.loads(message.body)["timestamp"])
        arrived.append(time.time() - published.timestamp())
        return "200 OK"

    async with Receiver(note) as quick, Receiver(lambda _: None) as slow, httpx.AsyncClient() as http:
        http.headers["authorization"] = f"Bearer {load.found.operator_token}"
        top = f"{load.found.service('notification')}/v1/subscriptions"
        made = [(await http.post(top, json={"url": quick.url})).json()["id"]]
        if hanging:
            made += [(await http.post(top, json={"url": slow.url})).json()["id"] for _ in range(20)]
        await load.send(QUIET, int(asked.rate * asked.seconds), asked.rate)
        await settled(load.found, 600)
        await asyncio.sleep(2)
        for each in made:
            await http.delete(f"{top}/{each}")
    name = "webhook of one integrator, " + ("20 others hang" if hanging else "alone")
    return row(name, sorted(arrived), f"{len(slow.messages)} attempts at those that hang" if hanging else "")


def shown(memory: dict[str, int]) -> str:
    return ", ".join(f"{name} {mb}" for name, mb in memory.items())


async def measure(load: Load, layout: Layout, asked: argparse.Namespace) -> None:
    """Measures and prints, each once."""
    before = load.memory()
    lines = [
        await alone(load, asked),
        await beside_a_flood(load, asked),
        await beside_http(load, asked),
        await standing_still(load, asked),
        await webhooks(load, asked, hanging=False),
        await webhooks(load, asked, hanging=True),
    ]
    print(f"\nLatency in ms of a county that sends {asked.rate:g} records/s; {os.cpu_count()} cores\n")
    printed(lines)
    print(f"\nMB at first: {shown(before)}\nMB at last:  {shown(load.memory())}")
    show_peaks(layout)


async def measure_unlimited(load: Load, layout: Layout, asked: argparse.Namespace) -> None:
    """What the same flood costs where intake takes whatever comes."""
    print("\nThe same without a limit on what is in flight\n")
    printed([await beside_a_flood(load, asked), await standing_still(load, asked)])
    show_peaks(layout)


def printed(lines: Sequence[str]) -> None:
    print("| | records | p50 | p99 | |\n|---|---|---|---|---|")
    print("\n".join(lines), flush=True)


def show_peaks(layout: Layout) -> None:
    peaks = peak_memory_mb(layout)
    print(f"MB at most:  {shown({name: peaks[name] for name in SERVICES})}", flush=True)


def cases(folder: Path, county: str, scale: str) -> Iterator[bytes]:
    """The court cases of a fabricated county."""
    sample(county=county, scale=scale, seed=3, out=folder / county)
    lines = (folder / county / "court.jsonl").read_bytes().splitlines()
    return iter([line for line in lines if line.startswith(b"{")])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000, help="of the flood (default 10,000)")
    parser.add_argument(
        "--rate", type=float, default=5, help="the quiet county's records a second (default 5)"
    )
    parser.add_argument("--seconds", type=float, default=20, help="length of each step (default 20)")
    parser.add_argument("--scale", default="1/4", help="of the county that floods (default 1/4)")
    asked = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    for measured, ingest in ((measure, []), (measure_unlimited, ["RELIEFSTREAM_IN_FLIGHT_LEAST=1000000"])):
        with tempfile.TemporaryDirectory() as folder:
            sent = {
                county: cases(Path(folder), county, scale)
                for county, scale in ((QUIET, "1/100"), (FLOOD, asked.scale))
            }
        with empty_installation("bench-overload", ingest=ingest) as layout:
            asyncio.run(measured(Load(addresses({}, layout.root), layout, sent), layout, asked))


if __name__ == "__main__":
    main()
