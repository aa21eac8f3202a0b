"""What a source sends once convictions are sealed: the same, a correction, and a new record of the same person."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from aiokafka import AIOKafkaProducer

from deploy.demo.first_county import COUNTY, SOURCE
from services.cli.client.addresses import Addresses
from services.cli.client.settled import settled
from services.cli.submission.file_messages import Message
from services.cli.terminal.exit import ServerMissing
from services.ingest.core.message_headers import headers_of
from tests.harness.arrival_orders.orders import Sent
from tests.harness.seal_proof.chosen import Chosen
from tests.harness.seal_proof.progress import Say

SETTLE_S, TRIES = 3600.0, 10
NEXT_EXTRACT = "2026-11-01"
CHARGE = {
    "charge_number": "1",
    "code_section": "484(a) PC",
    "level_convicted": "misdemeanor",
    "plea": "guilty",
    "disposition": "convicted",
    "disposition_date": "1999-05-06",
}


def send(found: Addresses, messages: Iterable[Message], told: Say) -> None:
    """Sends messages to the county's topic, and waits until they have passed; ``told`` hears what still waits."""

    async def sending() -> None:
        producer = AIOKafkaProducer(**found.kafka.client_options(), acks="all", max_batch_size=256 * 1024)
        async with producer:
            for each in messages:
                headers = [(name, text.encode()) for name, text in headers_of(each.metadata).items()]
                await producer.send(SOURCE, each.value, key=each.key, headers=headers)

    asyncio.run(sending())
    settle(found, told)


def settle(found: Addresses, told: Say) -> None:
    """Waits until everything has passed; a server that answers late on a busy machine is asked again."""
    for tried in range(1, TRIES + 1):
        try:
            asyncio.run(settled(found, SETTLE_S, told))
        except ServerMissing:
            if tried == TRIES:
                raise
        else:
            return


def corrected(waves: Iterable[Sent], chosen: Chosen) -> Iterator[Message]:
    """Of the records with a sealed count: the court's case as a later revision with another plea, DOJ's rows as of a
    later extract."""
    for form, message in waves:
        record = f"{form}/{COUNTY}/{message.key.decode()}/"
        if not any(count.startswith(record) for count in chosen.counts):
            continue
        if form == "doj":
            yield message._replace(metadata=replace(message.metadata, extract=NEXT_EXTRACT))
        else:
            case = json.loads(message.value)
            case["revision"] += 10
            case["charges"] = [{**charge, "plea": "no contest"} for charge in case["charges"]]
            yield message._replace(value=json.dumps(case).encode())


def new_records(waves: Iterable[Sent], chosen: Chosen) -> Iterator[Message]:
    """Another case, which is not about cannabis, of each person of whom a record stays."""
    persons = {
        each.record: number for number, one in enumerate(chosen.persons) if one.staying for each in one.pieces
    }
    done: set[int] = set()
    for form, message in waves:
        number = persons.get(f"{form}/{COUNTY}/{message.key.decode()}")
        if form == "court" and number is not None and number not in done:
            done.add(number)
            case = json.loads(message.value)
            new = {
                "record_id": new_id(number),
                "revision": 1,
                "case_number": f"NN{number + 1000:07d}",
                "charges": [CHARGE],
            }
            said = {
                each.text
                for piece in chosen.persons[number].pieces
                if piece.fate == "stays"
                for each in piece.texts
            }
            for name in ("source_subject_id", "cii_number", "birth_date"):
                if case["defendant"].get(name) not in said:
                    case["defendant"].pop(name, None)  # what is sealed alone does not come again
            yield message._replace(key=new["record_id"].encode(), value=json.dumps({**case, **new}).encode())


def new_id(number: int) -> str:
    """The record's id of the new case of the person who is the so-manieth of those chosen."""
    return f"new-case-{number}"
