"""What a large batch needed does not stay with the service."""

import sys
from pathlib import Path

import pytest

from services.chassis.runtime.memory import trim


def resident_mb() -> int:
    lines = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line
    )
    return int(lines["VmRSS"].split()[0]) // 1024


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how much is resident")
def test_what_lies_between_used_blocks_is_given_back() -> None:
    blocks = [bytes(8_000) for _ in range(20_000)]
    kept = blocks[::100]
    before = resident_mb()
    del blocks
    assert trim()
    assert before - resident_mb() > 100
    assert len(kept) == 200
