"""``python -m docs.generate [--check]``: writes every generated page, or exits with 1 and names the stale ones."""

import sys

from docs.generate.pages import stale, write


def main() -> None:
    """Exits with status 1 when ``--check`` finds a stale page."""
    if "--check" not in sys.argv:
        write()
    elif pages := stale():
        sys.exit(f"stale pages of docs/ (make docs writes them): {', '.join(map(str, pages))}")


main()
