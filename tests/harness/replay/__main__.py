"""``make replay``: databases that are rebuilt and switched in mid-stream, against an installation that never was.

Two installations get the same small county, decisions and orders, one after the other; in the second, three services
are rebuilt and switched while records come, and one switch is killed. Exit status 0: both hold the same in the end.
"""

import sys
import tempfile
from pathlib import Path

from tests.harness.product import fresh_product
from tests.harness.replay.streamed import held, small_sample, stream


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        small = small_sample(folder)
        ends = {}
        for name in ("undisturbed", "replayed"):
            with fresh_product(f"test-{name}") as product:
                stream(product, small, replaying=name == "replayed")
                (folder / name).mkdir()
                ends[name] = held(product, folder / name)
        undisturbed, replayed = ends.values()
        differing = [what for what in undisturbed if undisturbed[what] != replayed[what]]
        told = {what: len(each) for what, each in undisturbed.items() if not isinstance(each, str)}
        print(f"Held by the undisturbed installation: {told}")
        print(f"NOT the same: {', '.join(differing)}" if differing else "The same in the end.")
        return 1 if differing or len(undisturbed["decided"]) != 1 else 0


if __name__ == "__main__":
    sys.exit(main())
