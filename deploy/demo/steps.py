"""The demo's steps for each county: send its files, read the services' exports, compare figures."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.demo.figures import Figure, Holdings
from services.cli.client.addresses import Addresses
from services.cli.client.services import exported
from services.cli.client.settled import settled
from services.cli.submission.units import Format
from services.cli.submit import submit
from services.cli.terminal.exit import Refused

SETTLED_S = 240


def send(
    found: Addresses,
    county: str,
    format: Format,  # noqa: A002 - the option's word
    file: Path,
    *,
    settle: bool = True,
) -> None:
    """Submits a file and waits until all of it has passed; refused rows are part of the sample."""
    try:
        submit([file], county=county, format=format)
    except Refused as refused:
        print(refused)
    if settle:
        asyncio.run(settled(found, SETTLED_S))


def holdings(found: Addresses, county: str) -> Holdings:
    """The services' exports for the county now."""
    return Holdings(
        tuple(exported("relief", {"county": county}, found=found)),
        tuple(exported("determinations", {"county": county}, found=found)),
        tuple(each for each in exported("subjects", found=found) if not each["retired_into"]),
    )


def print_sections(console: Console, sections: Mapping[str, Sequence[Figure]]) -> bool:
    """Prints figures beside the truth; returns whether all agreed."""
    agreed = True
    for title, found in sections.items():
        table = Table("", "found", "truth", "", title=title, title_justify="left")
        for figure in found:
            table.add_row(figure.name, str(figure.found), str(figure.truth), _mark(figure))
        console.print(table)
        agreed = agreed and all(figure.agrees for figure in found)
    console.print(
        "Every figure agrees with the truth file." if agreed else "[bold]NOT every figure agrees.[/bold]"
    )
    return agreed


def _mark(figure: Figure) -> str:
    return "" if figure.truth is None else "agrees" if figure.agrees else "DIFFERS"
