"""``make bench``: the speed of the whole flow, as a ratio to raw limits of the same machine in the same run.

Everything runs here: broker, database, five services and this program. Rates are of this machine; the ratios
are what to compare.
"""

import argparse
import asyncio
import logging
import os
import tempfile
from fractions import Fraction
from pathlib import Path

from deploy.demo.first_county import COUNTY, enter_standing_order
from deploy.local.addresses import read as read_addresses
from services.cli.client.addresses import Addresses, addresses
from services.cli.sample import sample
from tests.harness.benchmarks import flow_tables, raw_limits
from tests.harness.benchmarks.flow_load import Bulk, at_rate, bulk, cases, messages
from tests.harness.benchmarks.processes import peak_memory_mb, pids
from tests.harness.benchmarks.replicas import second_replicas
from tests.harness.installation import empty_installation

SHARES = (0.25, 0.5, 0.75)
CASES_AT_SCALE_1 = 120_000


def one_replica(folder: Path, asked: argparse.Namespace) -> Bulk:
    """Measures raw limits, the bulk, then the latencies at shares of its rate, and prints them."""
    values = messages(folder)
    with empty_installation("bench") as layout:
        found = addresses({}, layout.root)
        options = found.kafka.client_options()
        administrator = read_addresses(layout.root).kafka.client_options()  # who may make a topic
        produced, consumed = asyncio.run(raw_limits.kafka(administrator, "raw-limit", values))
        copied = asyncio.run(raw_limits.copy(read_addresses(layout.root).owner_urls["ingest"], values))
        passed = bulk(found, folder, pids(layout))
        judged = asyncio.run(raw_limits.law(options, passed.records))
        limits = {
            "bare aiokafka, produce (acks=all)": produced,
            "bare aiokafka, consume": consumed,
            "COPY into Postgres (fsync on)": copied,
            "the law alone, on all histories in memory": judged,
        }
        print(flow_tables.rates(passed, limits, sum(map(len, values)) / len(values)))
        print(flow_tables.processes(passed, peak_memory_mb(layout)), flush=True)
        latencies(found, folder.with_name("singles"), passed.rate, asked.seconds)
    return passed


def latencies(found: Addresses, folder: Path, highest: float, seconds: float) -> None:
    """Prints the time from record to order for single cases at each share of the highest rate."""
    needed = sum(int(highest * share * seconds) for share in SHARES)
    scale = Fraction(needed * 11 // 10, CASES_AT_SCALE_1)
    sample(county=COUNTY, scale=str(max(scale, Fraction(1, 1000))), seed=2, out=folder)
    lines = iter(cases(folder))
    print(flow_tables.LATENCY_HEAD)
    for share in SHARES:
        rate = highest * share
        some = [line for line, _ in zip(lines, range(int(rate * seconds)), strict=False)]
        print(flow_tables.latency(share, rate, asyncio.run(at_rate(found, some, rate))), flush=True)


def running(folder: Path, asked: argparse.Namespace) -> None:
    """Measures the installation that the environment names, begun empty, such as Compose's, where all is TLS.

    Without raw limits and CPU times, which are of servers started here.
    """
    found = addresses(os.environ)
    enter_standing_order(found)
    values = messages(folder)
    passed = bulk(found, folder, {})
    print(flow_tables.rates(passed, {}, sum(map(len, values)) / len(values)), flush=True)
    latencies(found, folder.with_name("singles"), passed.rate, asked.seconds)


def two_replicas(folder: Path) -> Bulk:
    """The same bulk with two of each service, on fresh servers."""
    with empty_installation("bench") as layout, second_replicas(layout) as more:
        return bulk(addresses({}, layout.root), folder, pids(layout) | more)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="1/20", help="1 is 124,000 convictions (default 1/20)")
    parser.add_argument("--seconds", type=float, default=20, help="length of each steady load (default 20)")
    parser.add_argument(
        "--running", action="store_true", help="measure the servers that the environment names, begun empty"
    )
    asked = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "bulk"
        sample(county=COUNTY, scale=asked.scale, seed=1, out=folder)
        if asked.running:
            running(folder, asked)
            return
        alone = one_replica(folder, asked)
        both = two_replicas(folder)
        print(flow_tables.replicas(alone, both))
        print(flow_tables.processes(both, {}))


if __name__ == "__main__":
    main()
