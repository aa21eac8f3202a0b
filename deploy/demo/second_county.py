"""A second county in the demo: its court's own export, read by a profile; its court orders in batches."""

import asyncio
import json
from pathlib import Path
from typing import Final

from rich.console import Console

from deploy.demo import figures
from deploy.demo.offices import enter_order
from deploy.demo.steps import SETTLED_S, holdings, print_sections, send, work_reviews
from services.cli.client.addresses import Addresses
from services.cli.client.services import ask
from services.cli.client.settled import settled
from services.cli.sample import sample

COUNTY, SCALE, SEED, FEED = "sacramento", "1/500", 65, "court.csv"
LAYOUT: Final = "odyssey"
SECOND_POLICY = f"{COUNTY}=los-angeles-2021"
"""The policy that the sample's truth is told for, not the county's own."""
ORDER = {
    "order_number": "BO-DEMO-1",
    "judge": "Presiding judge (fabricated)",
    "on": "2021-10-04",
    "except": [],
}


def show_second_county(console: Console, found: Addresses, folder: Path) -> bool:
    """Sends a second county's files, enters its court's order; returns whether every figure agreed."""
    console.rule("A second county: a profile, a policy, a topic, a token; no code", align="left")
    console.print(
        "Sacramento (fabricated, at 1/500): its court exports CSV with codes of its own, a row for each part of a "
        "sentence;\ndeploy/counties/sacramento/profiles/odyssey.yaml says how to read it."
    )
    sample(county=COUNTY, scale=SCALE, seed=SEED, court_layout=LAYOUT, out=folder)
    truth = json.loads((folder / "truth.json").read_text())
    send(found, COUNTY, "doj", folder / "doj.csv", settle=False)
    send(found, COUNTY, "court", folder / FEED)
    clerk = found.acting_as("trial-clerk")
    proposed = ask("relief", "POST", f"/v1/counties/{COUNTY}/proposed-orders", found=clerk)
    name, lines = proposed["proposed_order"]["proposed_order_id"], len(proposed["lines"])
    console.print(
        f"{lines} lines wait for a court order here (order mode batch); the court makes it ({name})."
    )
    enter_order(found, name, ORDER)
    asyncio.run(settled(found, SETTLED_S))
    held = holdings(found, COUNTY)
    agreed = print_sections(
        console,
        {
            "Relief": figures.relief_figures(held, truth),
            "What stayed open": figures.review_figures(held, truth),
            "People": figures.left_figures(held, truth),
        },
    )
    return work_reviews(console, found, COUNTY, folder, "BO-DEMO-3") and agreed
