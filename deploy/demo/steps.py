"""The demo's steps for each county: send its files, read the services' exports, compare figures."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.demo import figures, offices
from deploy.demo.figures import Figure, Holdings, Worked
from services.cli.client.addresses import Addresses
from services.cli.client.services import ask, exported
from services.cli.client.settled import settled
from services.cli.submission.file_messages import Format
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
    """The services' exports for the county now, as its district attorney and its records unit get them."""
    signer, records_unit = found.acting_as("trial-signer"), found.acting_as("trial-records-unit")
    return Holdings(
        tuple(exported("relief", {"county": county}, found=signer)),
        tuple(exported("determinations", {"county": county}, found=signer)),
        tuple(each for each in exported("subjects", found=records_unit) if not each["retired_into"]),
    )


def work_reviews(console: Console, found: Addresses, county: str, folder: Path, order: str) -> bool:
    """The offices bring to its end what waits for them; returns whether every figure agreed with the truth.

    On servers that have no accounts of offices for a script, it waits.
    """
    if not found.account_tokens:
        console.print(
            "   These servers have no accounts of offices for a trial: the reviews wait for people."
        )
        return True
    truth = json.loads((folder / "truth.json").read_text())
    answered = offices.answer(found, county, folder / "truth.jsonl")
    asyncio.run(settled(found, SETTLED_S))
    petitions = offices.decide(found, county)
    offices.rule(found, county, "sustained")
    lines = offices.order(found, county, order)
    asyncio.run(settled(found, SETTLED_S))
    console.print(
        f"   {lines} lines on the court's order {order}, entered by one clerk, confirmed by another."
    )
    if answered.trace_id:
        console.print(f"   From an answer to its dismissal: reliefstream trace {answered.trace_id}")
    held = holdings(found, county)
    signer = found.acting_as("trial-signer")
    balance = ask("relief", "GET", f"/v1/counties/{county}/balance", found=signer)
    worked = Worked(answered.counts, petitions, len(offices.waiting(found, county)))
    return print_sections(
        console,
        {
            "What the offices decided": figures.worked_figures(held, worked, truth),
            "Relief, once no one waits": figures.relief_figures(held, truth["worked"]),
            "People, once no one waits": figures.left_figures(held, truth["worked"]),
            "DOJ's list, once no one waits": figures.balance_figures(balance, truth["worked"]),
        },
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
