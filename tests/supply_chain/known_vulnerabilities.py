"""Known vulnerabilities of what the lock file names: `python -m tests.supply_chain.known_vulnerabilities`.

Asks the OSV database through pip-audit. Where that cannot be reached it says so, and nothing is wrong.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PIP_AUDIT = (str(Path(sys.executable).with_name("pip-audit")),)
LOCK = "requirements.lock"
SECONDS = 60


def main(pip_audit: Sequence[str] = PIP_AUDIT) -> int:
    words = [
        "-r",
        LOCK,
        "--disable-pip",
        "-s",
        "osv",
        "--timeout",
        "5",
        "--progress-spinner",
        "off",
        "-f",
        "json",
    ]
    try:
        done = subprocess.run(
            [*pip_audit, *words], capture_output=True, text=True, check=False, timeout=SECONDS
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        print("Vulnerabilities: the database could not be reached; nothing was looked up.")
        return 0
    found = [
        (each["name"], each["version"], one)
        for each in answer["dependencies"]
        for one in each.get("vulns", ())
    ]
    for name, version, one in found:
        fixed = ", ".join(one["fix_versions"]) or "no version yet"
        print(f"Vulnerability: {name} {version}: {one['id']}, fixed in {fixed}.")
    if not found:
        print(f"Vulnerabilities: none known in {len(answer['dependencies'])} packages.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
