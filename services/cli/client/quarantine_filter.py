"""Selects quarantine entries for a command."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from services.cli.client.known_county import KnownCounty
from services.cli.terminal.exit import WrongUsage


@Parameter(name="*")
@dataclass(frozen=True)
class Choice:
    """All filters that are given must match."""

    county: Annotated[KnownCounty, Parameter(help="only this county's")] = None
    reason: Annotated[str | None, Parameter(help="only those with this problem: column_count")] = None
    field: Annotated[
        str | None, Parameter(help='only those with a problem in this field: "Offense Date"')
    ] = None
    format: Annotated[str | None, Parameter(help="doj or court")] = None
    kind: Annotated[
        str | None, Parameter(help="record: whole ones; rows: refused rows of a rap sheet that was recorded")
    ] = None
    since: Annotated[date | None, Parameter(help="refused first on this day or later")] = None
    until: Annotated[date | None, Parameter(help="refused first on this day or before")] = None
    file: Annotated[
        str | None, Parameter(help="only from this file: its path, or how its SHA-256 begins")
    ] = None

    def query(self) -> dict[str, str]:
        """As ingest takes it. Raises WrongUsage."""
        found = {name: str(value) for name, value in asdict(self).items() if value is not None}
        if self.file is not None:
            found["file"] = _sha256(self.file)
        return found


EVERY = Choice()


def options(query: Mapping[str, str]) -> str:
    """The filters as the command line has them."""
    return "".join(f" --{name} {shlex.quote(value)}" for name, value in query.items())


def _sha256(named: str) -> str:
    path = Path(named)
    if path.is_file():
        from services.evaluation.files.doj_file import file_sha256

        return file_sha256(path)
    if re.fullmatch("[0-9a-fA-F]{4,64}", named):
        return named.lower()
    raise WrongUsage(f"--file {named}: no such file, and no SHA-256 (at least its first 4 digits)")
