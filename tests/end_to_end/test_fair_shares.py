"""One county floods, another trickles: the trickle does not wait behind the flood.

Nothing is timed: what is asked is in which order the records come through.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from deploy.demo import topic_reader
from services.cli.client.addresses import addresses
from services.cli.client.settled import settled
from services.cli.sample import sample
from tests.harness.product import Product

pytestmark = pytest.mark.servers
FLOOD, TRICKLE = "contra-costa", "san-joaquin"
RECORDS = 2_500


def cases(folder: Path, county: str, scale: str, most: int) -> list[bytes]:
    sample(county=county, scale=scale, seed=3, out=folder / county)
    lines = (folder / county / "court.jsonl").read_bytes().splitlines()
    return [line for line in lines if line.startswith(b"{")][:most]


async def sent(options: dict[str, Any], *one_after_another: tuple[str, list[bytes]]) -> None:
    """Each county's records once Kafka has those before, in few requests: the flood is there before it is read."""
    async with AIOKafkaProducer(**options, acks="all", linger_ms=50, max_batch_size=1 << 20) as producer:
        for county, records in one_after_another:
            for record in records:
                await producer.send(f"source-records-v1-{county}", record, headers=[("format", b"court")])
            await producer.flush()


def test_a_trickle_comes_through_while_a_flood_still_waits(product: Product, tmp_path: Path) -> None:
    found = addresses({}, product.layout.root)
    options = found.kafka.client_options()
    flood, trickle = cases(tmp_path, FLOOD, "1/40", RECORDS), cases(tmp_path, TRICKLE, "1/1000", 20)

    async def passing() -> list[topic_reader.Stored]:
        await sent(options, (FLOOD, flood), (TRICKLE, trickle))
        await settled(found, 600)
        sources = [f"source-records-v1-{county}" for county in (FLOOD, TRICKLE)]
        return await topic_reader.read(options, (*sources, "records-v1", "determinations-v1"))

    stored = asyncio.run(passing())
    arrived = min(each.at for each in stored if each.topic == f"source-records-v1-{TRICKLE}")
    # Intake takes from each county in turn; behind it records stay in that order, and go through in large batches.
    for topic, share in (("records-v1", 1 / 4), ("determinations-v1", 1 / 20)):
        flooding, trickling = (
            [
                each.at
                for each in stored
                if each.topic == topic and f'"county":"{county}"'.encode() in each.value
            ]
            for county in (FLOOD, TRICKLE)
        )
        waited = sum(at > arrived for at in flooding)
        still_waiting = sum(at > max(trickling) for at in flooding)
        assert waited > len(flooding) / 2, topic
        assert still_waiting > waited * share, topic
