"""Referrals at reconciliation: a list of persons as a file, and what is told of them."""

from pathlib import Path
from typing import Any

from services.cli.offices.sent_file import sent_file


def path_of(county: str, rest: str = "") -> str:
    """A path of reconciliation's for the county's referrals."""
    return f"/v1/counties/{county}/referrals{rest}"


def submit(file: Path, county: str) -> dict[str, Any]:
    """The receipt for a list, as CSV, XLSX or, by the file's name, JSON. Raises WrongUsage, Refused."""
    receipt: dict[str, Any] = sent_file("reconciliation", path_of(county), file)
    return receipt
