"""How the services reacted to what went wrong, from their logs and metrics: to see that the faults hit."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import httpx

RETRIES = re.compile(r"^reliefstream_batch_retries_total\{.*\} ([0-9.e+]+)$", re.MULTILINE)


def logged(folder: Path) -> Counter[str]:
    """Warnings and worse of all services, by what they say."""
    said: Counter[str] = Counter()
    for file in folder.glob("*.log"):
        for line in file.read_text(errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if (
                isinstance(entry, dict)
                and entry.get("level") in ("warning", "error", "critical")
                and "event" in entry
            ):
                place = f" ({entry['defect']})" if entry["level"] == "critical" and "defect" in entry else ""
                said[entry["event"] + place] += 1
    return said


async def retries(urls: Iterable[str]) -> int:
    """Batches tried again after a passing error, as far as the processes that run now have counted."""
    tried = 0.0
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        for url in urls:
            text = (await client.get(f"{url}/metrics")).text
            tried += sum(float(number) for number in RETRIES.findall(text))
    return int(tried)
