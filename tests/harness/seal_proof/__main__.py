"""``make seal-proof``: two waves, half of the persons sealed, and every file of every store searched for them."""

import argparse
import logging
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.harness.installation import empty_installation
from tests.harness.seal_proof.days_pass import BROKER
from tests.harness.seal_proof.not_proven import NotProven
from tests.harness.seal_proof.proof import Proof

AS_OF = date(2026, 11, 2)


def main() -> int:
    """0 when nothing of what was sealed is left, and all else is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="1/10", help="1 is 124,000 convictions (default 1/10)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:,.0f} s] {text}", flush=True)

    with (
        tempfile.TemporaryDirectory() as folder,
        empty_installation("seal-proof", as_of=AS_OF, kafka=BROKER) as layout,
    ):
        say("servers and services run")
        try:
            Proof(layout, AS_OF, say).prove(Path(folder), asked.scale, asked.seed)
        except NotProven as fault:
            say(f"NOT proven: {fault}")
            return 1
    say("Proven.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
