"""Referrals at reconciliation: a list of persons as a file, and what is told of them."""

from pathlib import Path
from typing import Any

from services.cli.client.addresses import addresses
from services.cli.terminal.exit import Refused, WrongUsage


def path_of(county: str, rest: str = "") -> str:
    """A path of reconciliation's for the county's referrals."""
    return f"/v1/counties/{county}/referrals{rest}"


def submit(file: Path, county: str) -> dict[str, Any]:
    """The receipt for a list, as CSV or, by the file's name, JSON. Raises WrongUsage, Refused."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from None
    kind = "application/json" if file.suffix == ".json" else "text/csv"
    with addresses().client("reconciliation") as client:
        answer = client.post(path_of(county), content=body, headers={"Content-Type": kind})
    if not answer.is_success:
        raise Refused(f"reconciliation: {answer.json().get('detail')}")
    receipt: dict[str, Any] = answer.json()
    return receipt
