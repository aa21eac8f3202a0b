"""``make bench``: the speed of the whole flow, as a ratio to raw limits of the same machine in the same run.

Everything runs here: broker, database, five services and this program. Rates are of this machine; the ratios
are what to compare.
"""

import argparse
import asyncio
import json
import logging
import os
import shutil
import tempfile
import time
from pathlib import Path

import psutil
from aiokafka import AIOKafkaProducer

from deploy.local import control
from deploy.local.addresses import read as read_addresses
from deploy.local.layout import Layout
from deploy.local.plan import reliefstream_plan
from services.cli.addresses import Addresses, addresses
from services.cli.demo import timing, topic_reader
from services.cli.demo.command import COUNTY, SOURCE, enter_standing_order
from services.cli.sample.command import sample
from services.cli.settle import settled
from services.cli.submission_units import submitted_file
from services.cli.submit import submit_file
from tests.benchmarks import raw_limits

LOCAL = Path(__file__).parents[2] / ".local"


def peak_memory_mb(layout: Layout) -> dict[str, int]:
    """Peak resident memory of each process, in MB."""
    peaks = {}
    for file in layout.run.glob("*.pid"):
        status = Path("/proc") / str(json.loads(file.read_text())["pid"]) / "status"
        if not status.exists():  # `prepare` has ended
            continue
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        peaks[file.stem] = int(lines["VmHWM"].split()[0]) // 1024
    return peaks


def cpu_seconds(layout: Layout) -> dict[str, float]:
    """CPU time of each process so far, in seconds."""
    used = {}
    for file in layout.run.glob("*.pid"):
        pid = json.loads(file.read_text())["pid"]
        if psutil.pid_exists(pid):
            times = psutil.Process(pid).cpu_times()
            used[file.stem] = times.user + times.system
    return used


def messages(folder: Path) -> list[bytes]:
    """The bytes of every message that the two files make."""
    found = []
    for form, name in (("doj", "doj.csv"), ("court", "court.jsonl")):
        file = submitted_file(folder / name, form)  # type: ignore[arg-type]
        with file.open():
            found += [message.value for message in file.messages()]
    return found


def stream(found: Addresses, folder: Path) -> float:
    """Seconds from the first record sent until everything has passed through every service."""
    started = time.perf_counter()
    for form, name in (("doj", "doj.csv"), ("court", "court.jsonl")):
        submit_file(found, folder / name, COUNTY, form)  # type: ignore[arg-type]
    asyncio.run(settled(found, 1800))
    return time.perf_counter() - started


async def at_modest_load(found: Addresses, folder: Path, rate: float, seconds: float) -> list[float]:
    """Seconds from record to court order of single court cases that come ``rate`` a second."""
    options = found.kafka.client_options()
    producer = AIOKafkaProducer(**options, acks="all", enable_idempotence=True)
    await producer.start()
    since = time.time()
    lines = [line for line in (folder / "court.jsonl").read_bytes().splitlines() if line.startswith(b"{")]
    begun = time.perf_counter()
    for n, line in enumerate(lines[: int(rate * seconds)]):
        await asyncio.sleep(max(0.0, begun + n / rate - time.perf_counter()))
        await producer.send(SOURCE, line, key=str(n).encode(), headers=[("format", b"court")])
    await producer.stop()
    await settled(found, 300)
    stored = await topic_reader.read(options, (SOURCE, "relief-v1"))
    recent = [each for each in stored if each.at.timestamp() >= since]
    return timing.seconds_to_order([e for e in recent if e.topic == SOURCE], recent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="1/20", help="1 is 124,000 convictions (default 1/20)")
    parser.add_argument("--rate", type=float, default=50, help="records a second at modest load (default 50)")
    parser.add_argument("--seconds", type=float, default=20, help="length of the modest load (default 20)")
    asked = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    layout = Layout(LOCAL / "bench")
    control.down(layout, lambda _: None) if layout.root.exists() else None
    shutil.rmtree(layout.root, ignore_errors=True)
    plan = reliefstream_plan(layout, None, {}).model_copy(update={"jars": LOCAL / "kafka" / "libs"})
    control.up(layout, plan, os.environ, print)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            measure(layout, addresses({}, layout.root), Path(temporary), asked)
    finally:
        control.down(layout, print)


def measure(layout: Layout, found: Addresses, folder: Path, asked: argparse.Namespace) -> None:
    """Measures and prints; each figure once, no repetition."""
    sample(county=COUNTY, scale=asked.scale, seed=1, out=folder / "bulk")
    sample(county=COUNTY, scale="1/100", seed=2, out=folder / "trickle")
    rows = json.loads((folder / "bulk" / "truth.json").read_text())["doj.csv"]["rows"]
    values = messages(folder / "bulk")
    enter_standing_order(found)
    produced, consumed = asyncio.run(raw_limits.kafka(found.kafka.client_options(), "raw-limit", values))
    copied = asyncio.run(raw_limits.copy(read_addresses(layout.root).database_urls["ingest"], values))
    before = cpu_seconds(layout)
    took = stream(found, folder / "bulk")
    spent = {name: used - before[name] for name, used in cpu_seconds(layout).items() if name in before}
    flow = len(values) / took
    latencies = asyncio.run(at_modest_load(found, folder / "trickle", asked.rate, asked.seconds))
    size = sum(map(len, values)) / len(values)
    print(
        f"\n{len(values):,} records of {size:.0f} bytes on average; {rows:,} of DOJ's rows; {os.cpu_count()} cores"
    )
    print("\n| | records/s | flow's share of it |\n|---|---|---|")
    for name, rate in (
        ("bare aiokafka, produce (acks=all)", produced),
        ("bare aiokafka, consume", consumed),
        ("COPY into Postgres (fsync on)", copied),
    ):
        print(f"| {name} | {rate:,.0f} | {flow / rate:.2%} |")
    print(f"| the whole flow, record to dismissal event, all five services | {flow:,.0f} | |")
    p50, p99 = timing.percentile(latencies, 0.5), timing.percentile(latencies, 0.99)
    if p50 is not None and p99 is not None:
        print(
            f"\nRecord to `ReliefOrdered` in standing mode at {asked.rate:g} records/s: "
            f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms ({len(latencies)} orders)."
        )
    costs = (f"{name} {seconds / len(values) * 1000:.2f}" for name, seconds in sorted(spent.items()))
    print("CPU in ms a record: " + ", ".join(costs))
    print("Peak memory in MB: " + ", ".join(f"{k} {v}" for k, v in sorted(peak_memory_mb(layout).items())))


if __name__ == "__main__":
    main()
