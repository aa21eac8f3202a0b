"""``reliefstream export``: what a service holds, as a file."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress

from services.cli.client.addresses import Addresses, addresses
from services.cli.client.known_county import KnownCounty
from services.cli.client.request import NOT_RUNNING, said
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage
from services.cli.terminal.private_file import check_writable, private_file

What = Literal["determinations", "relief", "discrepancies", "subjects", "quarantine", "dismissals"]
OWNER: dict[str, str] = {
    "determinations": "eligibility",
    "relief": "relief",
    "discrepancies": "reconciliation",
    "subjects": "reconciliation",
    "quarantine": "ingest",
    "dismissals": "notification",
    "histories": "eligibility",
}
"""Of histories there is no export: they hold birth dates. ``policy compare`` reads them."""


def lines(found: Addresses, what: str, **query: str) -> Iterator[dict[str, Any]]:
    """The entries as their owner streams them. Raises ServerMissing, or Refused with the service's answer."""
    service = OWNER[what]
    try:
        with (
            found.client(service) as client,
            client.stream("GET", f"/v1/export/{what}", params=query) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                answer.read()
                raise Refused(f"{service} refused the export: {said(answer)}")
            for line in answer.iter_lines():
                if line.strip():
                    yield json.loads(line)
    except httpx.TransportError:
        raise ServerMissing(NOT_RUNNING.format(service)) from None


def export(
    what: What,
    *,
    out: Annotated[Path, Parameter(help="a .csv file, or .jsonl with one JSON object a line")],
    county: KnownCounty = None,
    as_of: date | None = None,
    state: Literal["open", "resubmitted", "superseded", "discarded", "all"] | None = None,
) -> None:
    """Write what a service holds to a file.

    Parameters
    ----------
    county
        Only this county's.
    as_of
        Determinations: restated for this date (else today in the county, or the trial's date).
    state
        Quarantine: open, resubmitted, superseded, discarded, or all (as if left out).
    """
    if out.suffix not in (".csv", ".jsonl"):
        raise WrongUsage(f"--out {out}: end the name with .csv or .jsonl")
    if state is not None and what != "quarantine":
        raise WrongUsage("--state is for quarantine")
    try:
        check_writable(out)  # before asking, as the export may take a while
    except OSError as error:
        raise WrongUsage(f"--out {out}: {error.strerror}") from None
    query = {
        k: str(v)
        for k, v in {"county": county, "as_of": as_of, "state": state}.items()
        if v is not None and (k, v) != ("state", "all")
    }
    console = Console(stderr=True)
    with Progress(transient=True, disable=not console.is_terminal, console=console) as progress:
        entries = iter(progress.track(lines(addresses(), what, **query), description=f"exporting {what}"))
        if out.suffix == ".jsonl":
            written = write_jsonl(entries, out)
        elif what == "determinations":
            from services.evaluation.determinations_csv import write_determinations

            written = write_determinations(entries, out)
        else:
            written = write_csv(entries, out)
    print(f"{written} {what} in {out}")


def write_jsonl(entries: Iterator[dict[str, Any]], out: Path) -> int:
    """One JSON object a line, as streamed; returns how many."""
    written = 0
    with private_file(out) as file:
        for entry in entries:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            written += 1
    return written


def write_csv(entries: Iterator[dict[str, Any]], out: Path) -> int:
    """One row an entry, columns as the first entry has them, nested values as JSON; returns how many."""
    written = 0
    with private_file(out) as file:
        writer: csv.DictWriter[str] | None = None
        for entry in entries:
            if writer is None:
                writer = csv.DictWriter(file, list(entry), extrasaction="ignore")
                writer.writeheader()
            writer.writerow({k: json.dumps(v) if isinstance(v, list | dict) else v for k, v in entry.items()})
            written += 1
    return written
