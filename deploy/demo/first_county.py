"""Los Angeles County's two waves: the state's records, then the court's, under a standing order, with a webhook."""

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from deploy.demo import figures
from deploy.demo.sections import print_discrepancies, print_journey, print_quarantine, print_webhooks
from deploy.demo.steps import holdings, print_sections, send, work_reviews
from deploy.demo.webhook_receiver import WebhookReceiver
from services.cli.client.addresses import Addresses
from services.cli.client.services import ask
from services.cli.sample import sample

COUNTY, SCALE, SEED = "los-angeles", "1/100", 64
SOURCE = f"source-records-v1-{COUNTY}"
ORDER = {
    "number": "SO-DEMO-1",
    "judge": "Presiding judge (fabricated)",
    "on": "2021-09-27",
    "scope": "HS 11361.8 and 11361.9: convictions that need no review, county-wide (fabricated for the demo)",
}
WEBHOOKS_WITHIN_S = 60.0


def show_first_county(console: Console, found: Addresses, folder: Path) -> bool:
    """Runs the whole scenario and prints it; returns whether every figure agreed."""
    console.print("\n2. A fabricated county in the shape of 2020 and 2021, at 1/100; nobody in it exists.")
    sample(county=COUNTY, scale=SCALE, seed=SEED, out=folder)
    truth = json.loads((folder / "truth.json").read_text())
    console.print(
        "\n3. A court's standing order is entered and confirmed: what needs no review is ordered as it arrives."
    )
    enter_standing_order(found)
    with (
        WebhookReceiver(os.environ.get("RELIEFSTREAM_DEMO_WEBHOOK_HOST", "127.0.0.1")) as receiver,
        _subscribed(found, receiver),
    ):
        console.print("\n4. 2020: the state's records stream in (DOJ's bulk file).")
        send(found, COUNTY, "doj", folder / "doj.csv")
        first = holdings(found, COUNTY)
        console.print(f"   {len(first.ordered)} convictions dismissed so far. In 2020 it ended here.")
        console.print("\n5. 2021: the court's own records stream in, and meet DOJ's.")
        send(found, COUNTY, "court", folder / "court.jsonl")
        held = holdings(found, COUNTY)
        _wait_for_webhooks(receiver, sum(r["state"] in figures.ORDERED for r in held.relief))
        agreed = print_sections(
            console,
            {
                "Relief": figures.relief_figures(held, truth),
                "What stayed open": figures.review_figures(held, truth),
                "People": figures.left_figures(held, truth),
                "Two waves": figures.source_figures(first, held, truth),
            },
        )
        asyncio.run(print_journey(console, found, COUNTY, held))
        print_quarantine(console, found, COUNTY)
        print_discrepancies(console, found)
        console.print(
            "\n6. What needs a person gets one: a clerk answers, city attorneys decide, the court rules."
        )
        agreed = work_reviews(console, found, COUNTY, folder, "BO-DEMO-2") and agreed
        held = holdings(found, COUNTY)
        _wait_for_webhooks(receiver, sum(r["state"] in figures.ORDERED for r in held.relief))
        print_webhooks(console, receiver, held)
    return agreed


def enter_standing_order(found: Addresses) -> None:
    """Enters the demo's order as a clerk and confirms it as another, unless one is in force. Raises Refused."""
    clerk, second = found.acting_as("trial-clerk"), found.acting_as("trial-second-clerk")
    path = f"/v1/counties/{COUNTY}/standing-orders"
    if not ask("relief", "GET", path, found=clerk).get("in_force"):
        entered = ask("relief", "POST", path, body=ORDER, found=clerk)
        shown = {"number": ORDER["number"], "digest": entered["digest"]}
        ask("relief", "POST", f"{path}/confirm", body=shown, found=second)


@contextmanager
def _subscribed(found: Addresses, receiver: WebhookReceiver) -> Iterator[None]:
    """Context manager: the receiver has a subscription inside the block. Raises Refused."""
    wanted = {"url": receiver.url, "counties": [COUNTY]}
    made = ask("notification", "POST", "/v1/subscriptions", body=wanted, found=found)
    receiver.secret = made["secret"]
    try:
        yield
    finally:
        ask("notification", "DELETE", f"/v1/subscriptions/{made['id']}", found=found)


def _wait_for_webhooks(receiver: WebhookReceiver, wanted: int) -> None:
    """Waits until as many distinct events were received as reliefs were ordered, or until the timeout."""
    deadline = time.monotonic() + WEBHOOKS_WITHIN_S
    while len(receiver.distinct) < wanted and time.monotonic() < deadline:
        time.sleep(0.1)
