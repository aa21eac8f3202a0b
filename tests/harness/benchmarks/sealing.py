"""``make bench-sealing``: how many dismissals are sealed in a second, and what a record beside it takes to its order.

Everything runs here: broker, database, five services and this program. The dismissals are made due by hand, as if court
and DOJ had shown them sixty-one days ago.
"""

import argparse
import asyncio
import logging
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import asyncpg

from deploy.demo.first_county import COUNTY
from deploy.local.addresses import read as read_addresses
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.services import ask
from services.cli.sample import sample
from services.cli.seal import ASKED_AT_MOST, PAUSE_S
from tests.harness.benchmarks import flow_tables
from tests.harness.benchmarks.flow_load import at_rate, bulk, cases
from tests.harness.benchmarks.processes import cpu_seconds, pids
from tests.harness.installation import empty_installation

CASES_AT_SCALE_1 = 120_000
SEALS = f"/v1/counties/{COUNTY}/seals"


def measure(folder: Path, asked: argparse.Namespace) -> None:
    """Fills an installation, and prints the figures."""
    sample(county=COUNTY, scale=asked.scale, seed=1, out=folder)
    needed = Fraction(int(asked.rate * asked.seconds * 2.2), CASES_AT_SCALE_1)
    sample(county=COUNTY, scale=str(max(needed, Fraction(1, 1000))), seed=2, out=folder / "singles")
    single = iter(cases(folder / "singles"))
    some = [
        [line for line, _ in zip(single, range(int(asked.rate * asked.seconds)), strict=False)]
        for _ in range(2)
    ]
    with empty_installation("bench-sealing") as layout:
        found = addresses({}, layout.root)
        filled = bulk(found, folder, {})
        print(
            f"{filled.records:,} records in {filled.seconds:,.0f} s ({filled.rate:,.0f} a second)", flush=True
        )
        print(flow_tables.LATENCY_HEAD)
        alone = asyncio.run(at_rate(found, some[0], asked.rate))
        print(flow_tables.latency(0, asked.rate, alone), "without sealing", flush=True)
        before = cpu_seconds(pids(layout))
        due = asyncio.run(make_due(read_addresses(layout.root).owner_urls["relief"]))
        print(f"{due:,} dismissals to seal", flush=True)
        beside, seconds = asyncio.run(together(found, some[1], asked.rate))
        used = {name: spent - before.get(name, 0.0) for name, spent in cpu_seconds(pids(layout)).items()}
        print(flow_tables.latency(0, asked.rate, beside), "beside sealing")
        print(f"sealed {due:,} in {seconds:.1f} s: {due / seconds:,.0f} a second")
        for name, spent in sorted(used.items()):
            print(f"  {name}: {spent:.1f} s of CPU, {spent / due * 1000:.2f} ms a conviction")


async def make_due(url: str) -> int:
    """Every dismissal counts as shown long ago; returns how many there are."""
    db = await asyncpg.connect(url)
    try:
        done = await db.execute(
            """UPDATE reliefs SET told_on = current_date, ordered_at = now() - interval '61 days',
                   acknowledged_by_court_at = now() - interval '61 days',
                   acknowledged_by_doj_at = now() - interval '61 days'
               WHERE state = 'ordered' AND kind = 'dismissal' AND NOT discrepancy_open"""
        )
        await db.execute("DELETE FROM disputed_counts")
        await db.execute("ANALYZE")
    finally:
        await db.close()
    return int(done.split()[-1])


async def together(found: Addresses, lines: list[bytes], rate: float) -> tuple[list[float], float]:
    """Seconds to the order of each single case, and how long the sealing took."""
    beside, seconds = await asyncio.gather(at_rate(found, lines, rate), asyncio.to_thread(seal_all, found))
    return beside, seconds


def seal_all(found: Addresses) -> float:
    """Seals what is due, and waits until every service has forgotten it; how many seconds that took."""
    clerk, begun = found.acting_as("trial-clerk"), time.perf_counter()
    asked, told = begun, ask("relief", "POST", SEALS, found=clerk)
    while told["due"] or told["being_sealed"]:
        # As `seal run` does: counting a county's dismissals takes the service some time itself.
        time.sleep(max(PAUSE_S, ASKED_AT_MOST * (time.perf_counter() - asked)))
        asked = time.perf_counter()
        told = ask("relief", "POST" if told["due"] else "GET", SEALS, found=clerk)
    return time.perf_counter() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.harness.benchmarks.sealing", description=__doc__)
    parser.add_argument("--scale", default="1/20", help="of the county whose dismissals are sealed")
    parser.add_argument("--rate", type=float, default=20.0, help="records a second beside it")
    parser.add_argument("--seconds", type=float, default=30.0, help="for which they come")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(temporary) / "bulk", parser.parse_args())
