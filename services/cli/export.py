"""``reliefstream export``: what a service holds, as a file."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from services.chassis.runtime.private_file import check_writable, private_file
from services.cli.client.known_county import KnownCounty
from services.cli.client.services import exported
from services.cli.terminal.exit import WrongUsage
from services.csv_lines import csv_line


def export(
    what: Literal[
        "determinations",
        "relief",
        "balance",
        "discrepancies",
        "subjects",
        "quarantine",
        "dismissals",
        "statements",
    ],
    *,
    out: Annotated[Path, Parameter(help="a .csv file, or .jsonl with one JSON object a line")],
    county: KnownCounty = None,
    city: Annotated[
        str | None,
        Parameter(help="determinations, relief: only what is routed to this city's attorney (else all)"),
    ] = None,
    as_of: Annotated[
        date | None,
        Parameter(
            help="determinations: restated for this day (else today in the county, or the trial's date)"
        ),
    ] = None,
    state: Annotated[
        Literal["open", "resubmitted", "superseded", "discarded", "all"] | None,
        Parameter(help="quarantine: only the entries in this state (else all)"),
    ] = None,
) -> None:
    """Write what a service holds to a file that only you can read."""
    from rich.console import Console
    from rich.progress import Progress

    if out.suffix not in (".csv", ".jsonl"):
        raise WrongUsage(f"--out {out}: end the name with .csv or .jsonl")
    if state is not None and what != "quarantine":
        raise WrongUsage("--state is for quarantine")
    if city is not None and what not in ("determinations", "relief"):
        raise WrongUsage("--city is for determinations and relief")
    try:
        check_writable(out)  # before asking, as the export may take a while
    except OSError as error:
        raise WrongUsage(f"--out {out}: {error.strerror}") from None
    given = {"county": county, "city": city, "as_of": as_of, "state": None if state == "all" else state}
    query = {name: str(value) for name, value in given.items() if value is not None}
    console = Console(stderr=True)
    with Progress(transient=True, disable=not console.is_terminal, console=console) as progress:
        entries = progress.track(exported(what, query), description=f"exporting {what}")
        if out.suffix == ".jsonl":
            written = write_jsonl(entries, out)
        elif what == "determinations":
            from services.evaluation.output.determinations_csv import write_determinations

            written = write_determinations(entries, out)
        else:
            written = write_csv(entries, out)
    print(f"{written} {what} in {out}")


def write_jsonl(entries: Iterable[dict[str, Any]], out: Path) -> int:
    """One JSON object a line, as streamed; returns how many."""
    written = 0
    with private_file(out) as file:
        for entry in entries:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            written += 1
    return written


def write_csv(entries: Iterable[dict[str, Any]], out: Path) -> int:
    """One row an entry, columns as the first entry has them, nested values as JSON; returns how many."""
    written = 0
    with private_file(out) as file:
        columns: list[str] = []
        for entry in entries:
            if not columns:
                columns = list(entry)
                file.write(csv_line(columns))
            values = (entry.get(name) for name in columns)
            file.write(csv_line(json.dumps(v) if isinstance(v, list | dict) else v for v in values))
            written += 1
    return written
