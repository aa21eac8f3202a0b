"""The services of reliefstream, and the place of their counties' files. Standard library only."""

from pathlib import Path

SERVICES = ("ingest", "reconciliation", "eligibility", "relief", "notification")
"""In the order of the flow; each is a package of this one, and the name of its database and of its Postgres role."""

CONSOLE = "console"
"""The pages for people, which have no database and consume nothing; a package of this one, too."""

COUNTIES = Path(__file__).resolve().parents[1] / "deploy" / "counties"
"""A folder for each county, with its ``county.yaml``, as a clone and the image have it."""


def county_files(folder: Path) -> list[Path]:
    """The ``county.yaml`` of each county that has a folder in this one, in order of the county's name."""
    return sorted(folder.glob("*/county.yaml"))


def counties(folder: Path = COUNTIES) -> tuple[str, ...]:
    """The counties that have a folder in this one with a ``county.yaml``, in order of name."""
    return tuple(path.parent.name for path in county_files(folder))
