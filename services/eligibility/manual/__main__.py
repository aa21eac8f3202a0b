"""``python -m services.eligibility.manual [--check]``: writes the manual, or says which of its pages are stale."""

import sys

from services.eligibility.manual.pages import stale, write


def main() -> None:
    """Exits with status 1 when ``--check`` finds a stale page."""
    if "--check" not in sys.argv:
        write()
    elif pages := stale():
        sys.exit(f"stale pages of the manual (make manual writes them): {', '.join(map(str, pages))}")


main()
