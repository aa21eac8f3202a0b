"""A database built anew from the topics takes over in mid-stream, and nobody outside can tell.

``make replay`` holds the end against an installation that never replayed.
"""

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.kafka.topic_map import topic_map
from deploy.local import addresses
from reliefstream_contracts.determinations import DeterminationsChanged
from services import counties
from services.chassis.outbox import outbox
from services.chassis.outbox.relay import PositionAhead, Relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Work
from services.cli.rebuilding.installation import following
from tests.harness.product import AS_OF, Product, Sample, fresh_product
from tests.harness.replay.streamed import (
    ALIKE,
    COURT,
    REPLAYED,
    UNDATED,
    database_of,
    done,
    held,
    small_sample,
    stream,
)

pytestmark = pytest.mark.servers
DISMISSALS = "dismissals-v1-los-angeles"
VERSIONED = ("histories-v1", "determinations-v1")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return small_sample(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def replayed(small: Sample) -> Iterator[Product]:
    with fresh_product("test-replayed") as product:
        stream(product, small, replaying=True)
        yield product


def offline(product: Product, small: Sample, files: tuple[str, ...], out: Path) -> str:
    """The determinations of the law offline on DOJ's file and these of the court."""
    done(
        product, "evaluate", "--county", "los-angeles", "--policy", "los-angeles-2021", "--as-of", AS_OF.isoformat(),
        "--out", out, small.doj, *(small.folder / name for name in files), status=(0, 1),
    )  # fmt: skip
    return (out / "determinations.csv").read_text()


def without_persons_decisions(determinations: str) -> list[dict[str, str]]:
    """The law offline does not know what a person decided about these cases."""
    lines = csv.DictReader(determinations.splitlines())
    return [one for one in lines if one["case_number"].lower() not in (*ALIKE, UNDATED)]


async def on_topics(product: Product, *topics: str) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Key and body of each committed event, in the order of its partition."""
    consumer = AIOKafkaConsumer(
        **addresses.read(product.layout.root).kafka.client_options(),
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        known = topic_map().of(counties())
        consumer.assign([TopicPartition(t, number) for t in topics for number in range(known[t].partitions)])
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {topic: [] for topic in topics}
        quiet = 0
        while quiet < 3:
            records = await consumer.getmany(timeout_ms=500)
            quiet = 0 if records else quiet + 1
            for partition, some in records.items():
                found[partition.topic] += [(each.key.decode(), json.loads(each.value)) for each in some]
        return found
    finally:
        await consumer.stop()


def test_the_end_is_that_of_the_topics_read_from_their_beginning(replayed: Product) -> None:
    assert addresses.database_names(replayed.layout) == {one: following(one) for one in REPLAYED}
    for service in REPLAYED:
        done(replayed, "replay", "rebuild", service)
        assert "Equal." in done(replayed, "replay", "compare", service)


def test_the_end_is_that_of_the_law_offline_and_of_what_persons_decided(
    replayed: Product, small: Sample, tmp_path: Path
) -> None:
    found = held(replayed, tmp_path)
    ends = [
        without_persons_decisions(offline(replayed, small, COURT[:number], tmp_path / str(number)))
        for number in range(len(COURT) + 1)
    ]
    assert without_persons_decisions(found["determinations"]) == ends[-1]
    alone, *together = (f"court/los-angeles/{one}" for one in ALIKE)
    assert {frozenset({alone}), frozenset(together)} <= found["subjects"]

    file = tmp_path / "determinations.jsonl"
    done(replayed, "export", "determinations", "--out", file, acting_as="trial-signer")
    judged = [json.loads(line) for line in file.read_text().splitlines()]
    due = [set(one["counts"]) for one in judged if one["outcome"] == "dismissal"]
    assert due
    assert not [counts for counts in due if counts.isdisjoint(found["relieved"])]

    ever_due = {
        (one["case_number"], one["section"]) for end in ends for one in end if one["outcome"] == "dismissal"
    }
    relief = [json.loads(line) for line in (tmp_path / "relief.jsonl").read_text().splitlines()]
    ordered = {
        (one["case_number"], one["code_section"])
        for one in relief
        if one["state"] == "ordered" and one["case_number"].lower() not in (*ALIKE, UNDATED)
    }
    assert ordered <= ever_due
    assert {one["case_number"].lower() for one in relief if one["rests_on"]} == {UNDATED}


async def test_versions_only_grow_and_each_dismissal_stands_once(replayed: Product) -> None:
    found = await on_topics(replayed, *VERSIONED, DISMISSALS)
    for topic in VERSIONED:
        last: dict[str, int] = {}
        for key, body in found[topic]:
            assert body["version"] > last.get(key, 0), topic
            last[key] = body["version"]
    stood = Counter(body["dismissal_id"] for _, body in found[DISMISSALS])
    assert stood
    assert set(stood.values()) == {1}


async def test_a_service_started_on_the_old_database_by_mistake_publishes_nothing(replayed: Product) -> None:
    given = addresses.read(replayed.layout.root)
    url = urlsplit(given.database_urls["eligibility"])._replace(path="/eligibility").geturl()
    database = Database(url, "eligibility", SystemClock())
    await database.open()
    try:
        with pytest.raises(PositionAhead):
            await asyncio.wait_for(
                Relay("eligibility", database, given.kafka.client_options(), 100).run(), 60
            )
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("service", "table", "tamper"),
    [
        ("eligibility", "subjects", "UPDATE subjects SET history = history || ' ' WHERE subject_id = $1"),
        ("eligibility", "subjects", "DELETE FROM subjects WHERE subject_id = $1"),
        ("reconciliation", "subjects", "UPDATE subjects SET content = '' WHERE subject_id = $1"),
    ],
)
async def test_compare_finds_a_tampered_row_and_says_its_key_in_a_private_file_only(
    replayed: Product, service: str, table: str, tamper: str, tmp_path: Path
) -> None:
    done(replayed, "replay", "rebuild", service)
    db = await database_of(replayed, service)
    try:
        row = await db.fetchrow("SELECT * FROM subjects ORDER BY subject_id LIMIT 1")
        await db.execute(tamper, row["subject_id"])
        told = done(replayed, "replay", "compare", service, "--keys", tmp_path / "keys", status=(1,))
        await db.execute("DELETE FROM subjects WHERE subject_id = $1", row["subject_id"])
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        await db.execute(f"INSERT INTO subjects ({', '.join(row.keys())}) VALUES ({places})", *row.values())
    finally:
        await db.close()
    assert str(row["subject_id"]) not in told
    assert f"{table}\t" in (tmp_path / "keys").read_text()
    assert str(row["subject_id"]) in (tmp_path / "keys").read_text()
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


async def test_what_is_otherwise_than_published_goes_out_as_a_new_version_at_the_switch(
    replayed: Product, tmp_path: Path
) -> None:
    before = (await on_topics(replayed, "determinations-v1"))["determinations-v1"]
    last = dict(before)
    key, right = next((key, body) for key, body in last.items() if body["determinations"])
    wrong = DeterminationsChanged.of(right | {"version": right["version"] + 1, "determinations": []})
    db = await database_of(replayed, "eligibility")
    try:  # what a defect of ours would have published
        work = Work(db, SystemClock().now())
        work.emit(wrong)
        await outbox.write(work, "eligibility")
    finally:
        await db.close()
    done(replayed, "settle", "--timeout", "600")
    done(replayed, "replay", "rebuild", "eligibility", "--anew")
    keys = ["--keys", str(tmp_path / "keys")]
    refused = done(replayed, "replay", "switch", "eligibility", *keys, status=(1,))
    assert "otherwise than published: 1 events" in refused
    done(replayed, "replay", "switch", "eligibility", *keys, "--publish-differences")
    done(replayed, "settle", "--timeout", "600")
    after = (await on_topics(replayed, "determinations-v1"))["determinations-v1"]
    (_, mended) = after[-1] if after[-1][0] == key else next(e for e in reversed(after) if e[0] == key)
    assert mended == right | {"version": right["version"] + 2}
    assert len(after) == len(before) + 2
