"""``python -m tests.contracts.compatibility``: exit status 1 where a contract breaks who was written for it."""

import sys
from pathlib import Path

from tests.contracts.compatibility.repository import NoBase, base_of, breaks

ROOT = Path(__file__).parents[3]


def main() -> int:
    """Prints what breaks and what to do."""
    try:
        base = base_of(ROOT)
    except NoBase as why:
        print(f"Contracts are not compared: {why}")
        return 0
    found = breaks(ROOT, base)
    if not found:
        print(f"Contracts fit {base.said}")
        return 0
    print(f"Contracts break who was written for {base.said}:")
    print("\n".join(f"  {each}" for each in found))
    print("Raise the version in the name of the topic, event type or path, or undo the change.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
