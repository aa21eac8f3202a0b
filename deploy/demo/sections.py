"""What the demo prints beside its figures: one person's way, what was refused, what differs, the webhooks."""

import json
from collections import Counter

from rich.console import Console

from deploy.demo import journey, timing, topic_reader
from deploy.demo.figures import Holdings
from deploy.demo.webhook_receiver import WebhookReceiver
from services.cli.client.addresses import Addresses
from services.cli.client.services import exported

RECORDS_UNIT = "trial-records-unit"
TOPICS = ("records-v1", "histories-v1", "determinations-v1", "relief-v1")


async def print_journey(console: Console, found: Addresses, county: str, held: Holdings) -> None:
    """Prints how long the flow took, and one person's way."""
    source, *others = (f"{name}-v1-{county}" for name in ("source-records", "receipts", "dismissals"))
    stored = await topic_reader.read(found.kafka.client_options(), (source, *TOPICS, *others))
    relief = [each for each in stored if each.topic == "relief-v1"]
    took = timing.seconds_to_order([each for each in stored if each.topic == source], relief)
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
    console.print(f"  RELIEFSTREAM_ACT_AS={RECORDS_UNIT} reliefstream subject show {person['subject_id']}")


def print_quarantine(console: Console, found: Addresses, county: str) -> None:
    """Prints what was refused at intake, and why."""
    reasons = Counter[str]()
    for entry in exported("quarantine", {"county": county}, found=found.acting_as(RECORDS_UNIT)):
        for problem in entry["problems"]:
            reasons[f"{problem['code']}: {problem['what']}"] += 1
    console.rule("Refused at intake", align="left")
    for reason, number in reasons.most_common():
        console.print(f"  {number:4} {reason}")


def print_discrepancies(console: Console, found: Addresses) -> None:
    """Prints what the sources differ in, and how many links were left to people."""
    entries = exported("discrepancies", found=found.acting_as(RECORDS_UNIT))
    open_ones = Counter(one["kind"] for one in entries if one["status"] == "open")
    console.rule("What court and DOJ differ in", align="left")
    for kind, number in open_ones.most_common():
        what = " (a person decides: reliefstream subject link)" if kind == "identity_in_doubt" else ""
        console.print(f"  {number:4} {kind.replace('_', ' ')}{what}")
    if not open_ones["identity_in_doubt"]:
        console.print("     0 identity in doubt: no link was left to people")


def print_webhooks(console: Console, receiver: WebhookReceiver, held: Holdings) -> None:
    """Prints how many webhooks came, and the first of them."""
    console.rule("Webhooks", align="left")
    twice = sum(relief["obstacle"] == "ordered_twice" for relief in held.relief)
    console.print(
        f"{len(receiver.verified)} received at {receiver.url}, each signature verified; "
        f"{receiver.rejected} rejected; {len(receiver.distinct)} distinct events."
    )
    if twice:
        console.print(
            f"{twice} of them are a second order on a conviction whose court record came before the record "
            "that links it to DOJ's: each is an open discrepancy for the court (relief_ordered_twice)."
        )
    if receiver.verified:
        console.print_json(json.dumps(receiver.verified[0]))
