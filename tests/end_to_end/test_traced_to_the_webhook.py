"""One trace id leads from the county's record to the webhook."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.addresses import read
from services.cli.client.addresses import addresses
from tests.harness.product import Product
from tests.notification.receiver import Receiver

pytestmark = pytest.mark.servers
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
EXAMPLE = json.loads((Path(__file__).parents[2] / "contracts/examples/court-case.json").read_text())
NAMES = re.compile("|".join(re.escape(str(value)) for value in EXAMPLE["defendant"].values()))


def case(name: str) -> dict[str, Any]:
    """The example of the contracts as another case of another person."""
    person = {**EXAMPLE["defendant"], "surname": "FABRICATED"}
    person = {key: value for key, value in person.items() if key in ("surname", "given_name", "birth_date")}
    return {**EXAMPLE, "record_id": name, "case_number": name, "defendant": person}


WAY = ["ingest", "reconciliation", "eligibility", "relief", "notification"]


async def test_the_county_s_trace_id_stands_from_its_message_to_the_webhook(product: Product) -> None:
    found = read(product.layout.root)
    async with Receiver() as receiver, httpx.AsyncClient(timeout=180) as http:
        operator = {"Authorization": f"Bearer {found.operator_token}"}
        subscribed = await http.post(
            f"{found.http['notification']}/v1/subscriptions", json={"url": receiver.url}, headers=operator
        )
        assert subscribed.is_success, subscribed.text
        producer = AIOKafkaProducer(**addresses(local_folder=product.layout.root).kafka.client_options())
        await producer.start()
        await producer.send_and_wait(
            "source-records-v1-los-angeles",
            json.dumps(case("TRACED-1")).encode(),
            headers=[("format", b"court"), ("traceparent", PARENT.encode())],
        )
        await producer.stop()
        async with asyncio.timeout(180):
            while not any(PARENT in each.headers.get("traceparent", "") for each in receiver.messages):
                receiver.arrived.clear()
                await receiver.arrived.wait()
        shown = await asyncio.to_thread(product.run, "trace", TRACE)
        assert shown.returncode == 0, shown.stderr
        by = re.findall(r" s  (the county|\w+) ", shown.stdout)
        assert list(dict.fromkeys(by)) == ["the county", *WAY], shown.stdout
        one = f"{found.http['notification']}{subscribed.headers['location']}"
        assert (await http.delete(one, headers=operator)).is_success
        assert not NAMES.search(shown.stdout) and "TRACED-1" not in shown.stdout


async def test_an_invalid_traceparent_is_replaced_and_the_receipt_says_by_what(product: Product) -> None:
    found = read(product.layout.root)
    async with httpx.AsyncClient(timeout=180) as http:
        answer = await http.post(
            f"{found.http['ingest']}/v1/counties/los-angeles/records",
            json=case("TRACED-2"),
            headers={
                "Authorization": f"Bearer {found.county_tokens['los-angeles']}",
                "traceparent": "00-not-a-trace",
            },
        )
    (receipt,) = answer.json()["receipts"]
    assert len(receipt["trace_id"]) == 32
    assert product.run("settle", "--timeout", "600").returncode == 0
    shown = product.run("trace", receipt["trace_id"])
    assert "receipts-v1-los-angeles" in shown.stdout and "dismissals-v1-los-angeles" in shown.stdout, (
        shown.stdout
    )


async def test_one_trace_leads_from_the_court_s_record_through_a_person_s_answer_to_the_dismissal(
    product: Product,
) -> None:
    found = read(product.layout.root)
    (charge,) = case("TRACED-3")["charges"][:1]
    undated = case("TRACED-3") | {"charges": [charge | {"disposition_date": None}]}
    async with httpx.AsyncClient(timeout=180) as http:
        answer = await http.post(
            f"{found.http['ingest']}/v1/counties/los-angeles/records",
            json=undated,
            headers={"Authorization": f"Bearer {found.county_tokens['los-angeles']}"},
        )
    (receipt,) = answer.json()["receipts"]
    assert receipt["status"] == "recorded", receipt
    assert product.run("settle", "--timeout", "600").returncode == 0
    clerk = "trial-clerk"
    listed = product.run(
        "review", "list", "--county", "los-angeles", "--question", "conviction_date", "--limit", "1000", "--json",
        acting_as=clerk,
    )  # fmt: skip
    reviews = json.loads(listed.stdout)["reviews"]
    (review,) = [each for each in reviews if "court/los-angeles/TRACED-3/1" in each["counts"]]
    answered = product.run(
        "review", "answer", review["review_id"], "--question", "conviction_date", "--value", "2004-03-02",
        "--basis", "court file, page 1", acting_as=clerk,
    )  # fmt: skip
    assert f"reliefstream trace {receipt['trace_id']}" in answered.stdout, answered.stdout + answered.stderr
    assert product.run("settle", "--timeout", "600").returncode == 0
    shown = product.run("trace", receipt["trace_id"])
    steps = re.findall(r"\+ *([0-9.]+) s  .* reliefstream\.(\S+)$", shown.stdout, re.MULTILINE)
    seconds = [float(at) for at, _ in steps]
    assert seconds == sorted(seconds)
    told = [what for _, what in steps]
    for earlier, later in (
        ("record.case-recorded.v1", "statement.fact-stated.v1"),
        ("statement.fact-stated.v1", "relief.ordered.v1"),
        ("relief.ordered.v1", "conviction.dismissed.v1"),
    ):
        assert told.index(earlier) < told.index(later), shown.stdout


def test_a_trace_that_nobody_wrote_is_said_so(product: Product) -> None:
    shown = product.run("trace", "f" * 32, "--hours", "1")
    assert shown.returncode == 1
    assert "Nothing of this trace" in shown.stderr
    assert product.run("trace", "not-a-trace").returncode == 2
