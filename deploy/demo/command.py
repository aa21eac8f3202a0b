"""``reliefstream demo``: Los Angeles County's two waves as one flow, explained, and held against the truth."""

import asyncio
import json
import os
import shutil
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from rich.console import Console

from deploy.demo import figures, journey, timing, topic_reader
from deploy.demo.figures import Holdings
from deploy.demo.second_county import SECOND_POLICY, show_second_county
from deploy.demo.steps import holdings, print_sections, send
from deploy.demo.webhook_receiver import WebhookReceiver
from services.cli import servers
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.request import said
from services.cli.export import lines
from services.cli.sample import sample
from services.cli.settle import counts
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage

COUNTY, SCALE, SEED = "los-angeles", "1/100", 64
SOURCE = f"source-records-v1-{COUNTY}"
ORDER = {
    "number": "SO-DEMO-1",
    "judge": "Presiding judge (fabricated)",
    "on": "2021-09-27",
    "scope": "HS 11361.8 and 11361.9: convictions that need no review, county-wide (fabricated for the demo)",
}
TOPICS = (
    SOURCE,
    "records-v1",
    "histories-v1",
    "determinations-v1",
    "relief-v1",
    "dismissals-v1",
    f"receipts-v1-{COUNTY}",
)


def demo(*, once: bool = False) -> int:
    """Watch two waves of Los Angeles County happen as one flow; ends by comparing each figure with the truth.

    It starts servers of its own. Where RELIEFSTREAM_KAFKA_BOOTSTRAP names servers, it takes those, empty and
    running, and leaves them as they are; RELIEFSTREAM_DEMO_WEBHOOK_HOST is then this machine as they reach it.

    Parameters
    ----------
    once
        End when all is shown, and stop what was started; without it, at a terminal, stay up until Ctrl-C.
    """
    console = Console(soft_wrap=True, highlight=False)
    started = time.monotonic()
    console.rule("reliefstream: two waves as one flow", align="left")
    if "RELIEFSTREAM_KAFKA_BOOTSTRAP" in os.environ:
        return on_named_servers(console, started)
    # A folder of its own: figures are held against the sample alone, and nobody's own records meet fabricated ones.
    jars, folder = servers.local_root() / "kafka" / "libs", servers.local_root() / "demo"
    os.environ["RELIEFSTREAM_LOCAL"] = str(folder)
    console.print("1. Real servers on this machine: Apache Kafka, Postgres, five services (loopback only).")
    if is_up():
        raise WrongUsage(
            f"A demo runs already: end it with Ctrl-C where it runs, or: RELIEFSTREAM_LOCAL={folder} reliefstream down"
        )
    shutil.rmtree(folder, ignore_errors=True)  # every demo begins with nothing, as its figures say
    if status := servers.up(jars=jars, policy=(SECOND_POLICY,)):
        return status
    stay = console.is_terminal and not once
    try:
        agreed = show(console, addresses(), folder / "sample")
        agreed = show_second_county(console, addresses(), folder / "second") and agreed
        console.print(f"\nAll of it took {time.monotonic() - started:.0f} s.")
        if stay:
            next_commands(console, folder)
            wait_for_interrupt(console)
    finally:
        servers.down()
    return 0 if agreed else 1


def on_named_servers(console: Console, started: float) -> int:
    """The story on the servers that the environment names; they must run and hold no record yet."""
    found = addresses()
    console.print(f"1. Servers that the environment names: Kafka at {found.kafka.bootstrap}, five services.")
    if counts(found)["reconciliation"]["records"]:
        raise WrongUsage(
            "These services hold records already, and the figures are of the demo's alone: begin with empty ones"
        )
    with TemporaryDirectory() as folder:
        os.environ["RELIEFSTREAM_LOCAL"] = folder  # how far `submit` came is of these servers only
        agreed = show(console, found, Path(folder) / "sample")
        agreed = show_second_county(console, found, Path(folder) / "second") and agreed
    console.print(f"\nAll of it took {time.monotonic() - started:.0f} s.")
    return 0 if agreed else 1


def is_up() -> bool:
    """Whether the services answer already."""
    try:
        found = addresses()
        return httpx.get(f"{found.service('ingest')}/readyz", timeout=2).status_code == httpx.codes.OK
    except (ServerMissing, httpx.HTTPError):
        return False


def show(console: Console, found: Addresses, folder: Path) -> bool:
    """Runs and prints the whole story; returns whether every figure agreed."""
    console.print("\n2. A fabricated county in the shape of 2020 and 2021, at 1/100; nobody in it exists.")
    sample(county=COUNTY, scale=SCALE, seed=SEED, out=folder)
    truth = json.loads((folder / "truth.json").read_text())
    console.print("\n3. A court's standing order is entered: what needs no review is ordered as it arrives.")
    enter_standing_order(found)
    with WebhookReceiver(os.environ.get("RELIEFSTREAM_DEMO_WEBHOOK_HOST", "127.0.0.1")) as receiver:
        subscription = subscribe(found, receiver)
        try:
            console.print("\n4. 2020: the state's records stream in (DOJ's bulk file).")
            send(found, COUNTY, "doj", folder / "doj.csv")
            first = holdings(found, COUNTY)
            console.print(f"   {len(first.ordered)} convictions dismissed so far. In 2020 it ended here.")
            console.print("\n5. 2021: the court's own records stream in, and meet DOJ's.")
            send(found, COUNTY, "court", folder / "court.jsonl")
            held = holdings(found, COUNTY)
            wait_for_webhooks(receiver, sum(r["state"] in figures.ORDERED for r in held.relief))
            agreed = print_figures(console, first, held, truth)
            asyncio.run(print_journey(console, found, held))
            print_quarantine(console, found)
            print_discrepancies(console, found)
            console.rule("Webhooks", align="left")
            distinct = len({each["webhook-id"] for each in receiver.verified})
            twice = sum(relief["obstacle"] == "ordered_twice" for relief in held.relief)
            console.print(
                f"{len(receiver.verified)} received at {receiver.url}, each signature verified; "
                f"{receiver.rejected} rejected; {distinct} distinct events."
            )
            if twice:
                console.print(
                    f"{twice} of them are a second order on a conviction whose court record came before the record "
                    "that links it to DOJ's: each is an open discrepancy for the court (relief_ordered_twice)."
                )
            if receiver.verified:
                console.print_json(json.dumps(receiver.verified[0]))
        finally:
            with found.client("notification") as client:
                client.delete(f"/v1/subscriptions/{subscription}")
    return agreed


def enter_standing_order(found: Addresses) -> None:
    """Enters the demo's order, unless one is in force already."""
    with found.client("relief") as client:
        path = f"/v1/counties/{COUNTY}/standing-orders"
        if client.get(path).json().get("in_force"):
            return
        answer = client.post(path, json=ORDER)
    if not answer.is_success:
        raise Refused(f"The standing order was refused: {said(answer)}")


def subscribe(found: Addresses, receiver: WebhookReceiver) -> str:
    """Subscribes the receiver; returns the subscription's id."""
    with found.client("notification") as client:
        answer = client.post("/v1/subscriptions", json={"url": receiver.url, "counties": [COUNTY]})
    if not answer.is_success:
        raise Refused(f"The subscription was refused: {said(answer)}")
    body = answer.json()
    receiver.secret = body["secret"]
    return str(body["id"])


def wait_for_webhooks(receiver: WebhookReceiver, wanted: int, seconds: float = 60) -> None:
    """Until as many distinct events came as were ordered, or the time is up."""
    deadline = time.monotonic() + seconds
    while len({e["webhook-id"] for e in receiver.verified}) < wanted and time.monotonic() < deadline:
        time.sleep(0.1)


def print_figures(console: Console, first: Holdings, held: Holdings, truth: dict[str, Any]) -> bool:
    """Prints each figure beside the truth; returns whether all agreed."""
    sections = {
        "Relief": figures.relief_figures(held, truth),
        "What stayed open": figures.review_figures(held, truth),
        "People": figures.left_figures(held, truth),
        "Two waves": figures.source_figures(first, held, truth),
    }
    return print_sections(console, sections)


async def print_journey(console: Console, found: Addresses, held: Holdings) -> None:
    """Prints how long the flow took, and one person's way."""
    options = found.kafka.client_options()
    stored = await topic_reader.read(options, TOPICS)
    relief = [each for each in stored if each.topic == "relief-v1"]
    took = timing.seconds_to_order([e for e in stored if e.topic == SOURCE], relief)
    console.rule("From record to dismissal", align="left")
    if took:
        p50, p99 = timing.percentile(took, 0.5), timing.percentile(took, 0.99)
        console.print(
            f"{len(took)} orders: p50 {p50:.2f} s, p99 {p99:.2f} s from the record to the court order, with whole "
            "files sent as fast as they go. (One record at a modest load: make bench.)"
        )
    person = journey.chosen(held.ordered)
    if person is None:
        return
    console.rule("One person's way", align="left")
    for place, event, what in journey.way(person, stored):
        console.print(f"  {place:38} {event:38} {what}")
    console.print(f"  reliefstream subject show {person['subject_id']}")


def print_quarantine(console: Console, found: Addresses) -> None:
    """Prints what was refused at intake, and why."""
    reasons = Counter[str]()
    for entry in lines(found, "quarantine", county=COUNTY):
        for problem in entry["problems"]:
            reasons[f"{problem['code']}: {problem['what']}"] += 1
    console.rule("Refused at intake", align="left")
    for reason, number in reasons.most_common():
        console.print(f"  {number:4} {reason}")


def print_discrepancies(console: Console, found: Addresses) -> None:
    """Prints what the sources differ in, and how many links were left to people."""
    open_ones = Counter(one["kind"] for one in lines(found, "discrepancies") if one["status"] == "open")
    console.rule("What court and DOJ differ in", align="left")
    for kind, number in open_ones.most_common():
        what = " (a person decides: reliefstream subject link)" if kind == "identity_in_doubt" else ""
        console.print(f"  {number:4} {kind.replace('_', ' ')}{what}")
    if not open_ones["identity_in_doubt"]:
        console.print("     0 identity in doubt: no link was left to people")


def next_commands(console: Console, folder: Path) -> None:
    """What to try next."""
    console.rule("Next, in another terminal", align="left")
    console.print(f"  export RELIEFSTREAM_LOCAL={folder}   # the demo's own servers")
    for command, what in (
        ("reliefstream status", "what runs, and where"),
        ("reliefstream quarantine list", "what was refused, with the remedy"),
        (
            f"reliefstream export determinations --county {COUNTY} --out d.csv",
            "every finding, with its grounds",
        ),
        (
            f"reliefstream profile try --county sacramento --profile odyssey {folder}/second/court.csv",
            "what is understood of the second county's feed",
        ),
        ("reliefstream policy show los-angeles-2021", "the county's policy as a table"),
        (
            f"reliefstream submit --county {COUNTY} --format doj {folder}/sample/doj.csv",
            "the same file changes nothing",
        ),
    ):
        console.print(f"  {command:75} {what}")


def wait_for_interrupt(console: Console) -> None:
    """Stays until Ctrl-C."""
    console.print("\nThe servers stay up. Ctrl-C stops them.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Stopping.")
