"""What the flow's benchmark prints, as Markdown."""

import os
from collections.abc import Mapping, Sequence

from deploy.demo.timing import percentile
from tests.harness.benchmarks.flow_load import Bulk

LATENCY_HEAD = (
    "\n| single cases, share of the rate above | records/s | orders | p50 ms | p99 ms | p99.9 ms |\n"
    "|---|---|---|---|---|---|"
)


def rates(passed: Bulk, limits: Mapping[str, float], size: float) -> str:
    """The rate of the flow beside what this machine can do at most, in records a second."""
    lines = [
        f"\n{passed.records:,} records of {size:.0f} bytes on average, {passed.rows:,} of DOJ's rows among them, "
        f"in {passed.seconds:.1f} s; {os.cpu_count()} cores",
        "\n| | records/s | flow's share of it |\n|---|---|---|",
        *(f"| {name} | {rate:,.0f} | {passed.rate / rate:.2%} |" for name, rate in limits.items()),
        f"| the whole flow, record to dismissal event, all five services | {passed.rate:,.0f} | |",
        f"| the same in DOJ's rows a second | {passed.rows / passed.seconds:,.0f} | |",
    ]
    return "\n".join(lines)


def processes(passed: Bulk, peaks: Mapping[str, int]) -> str:
    """CPU time a record and peak memory of each process; what used next to nothing is left out."""
    lines = ["\n| process | CPU ms a record | peak memory MB |\n|---|---|---|"]
    for name, seconds in sorted(passed.cpu.items()):
        cost = seconds / passed.records * 1000
        if cost >= 0.005:
            lines.append(f"| {name} | {cost:.2f} | {peaks.get(name, '')} |")
    total = sum(passed.cpu.values()) / passed.records * 1000
    return "\n".join([*lines, f"| together | {total:.2f} | |"])


def latency(share: float, rate: float, seconds: Sequence[float]) -> str:
    """One line: from a case on its county's topic to its court order."""
    found = [percentile(seconds, part) for part in (0.5, 0.99, 0.999)]
    shown = " | ".join("" if one is None else f"{one * 1000:,.0f}" for one in found)
    return f"| {share:.0%} | {rate:,.0f} | {len(seconds):,} | {shown} |"


def replicas(one: Bulk, two: Bulk) -> str:
    """What a second replica of each service gains on the same machine."""
    return (
        f"\nTwo replicas of each service: {two.rate:,.0f} records/s, {two.rate / one.rate:.2f} times one replica's; "
        f"CPU {sum(two.cpu.values()) / two.records * 1000:.2f} ms a record."
    )
