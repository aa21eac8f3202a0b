"""A database built anew from the topics takes over in mid-stream, and nobody outside can tell."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.kafka.topic_map import topic_map
from deploy.local import addresses
from deploy.local.layout import Layout
from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.event import cloudevents_headers
from services import counties
from services.chassis.outbox.relay import PositionAhead, Relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.cli.rebuilding.installation import following
from tests.end_to_end.conftest import Product, Sample, fresh_product
from tests.end_to_end.test_acknowledgement import CASE

pytestmark = pytest.mark.servers
REPLAYED = ("reconciliation", "eligibility", "notification")
ALIKE = ("twin-1", "twin-2", "twin-3")
UNDATED = "undated"
"""A case that nobody can judge by its record: an office decides it."""
DISMISSALS = "dismissals-v1-los-angeles"
OFFICES = "trial-import"
VERSIONED = ("histories-v1", "determinations-v1")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("small")
    made = Product(Layout(folder)).run("sample", "--scale", "1/1000", "--seed", "7", "--out", folder)
    assert made.returncode == 0, made.stderr
    lines = (folder / "court.jsonl").read_text().splitlines()
    cases = [json.loads(line) for line in lines if '"refused-' not in line]  # refused on purpose
    good = [case for case in cases if case.get("charges")]
    half = len(good) // 2
    alike = [CASE | {"record_id": one, "case_number": one, "defendant": person(one)} for one in ALIKE]
    (charge,) = CASE["charges"]
    undated = CASE | {
        "record_id": UNDATED,
        "case_number": UNDATED,
        "defendant": person(UNDATED),
        "charges": [charge | {"disposition_date": None}],
    }
    corrected = [case | {"revision": case["revision"] + 1, "charges": later(case)} for case in good[::3]]
    for name, lines in (
        ("first", [*alike, undated, *good[:half]]),
        ("second", good[half:]),
        ("third", corrected),
    ):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return Sample(folder, {})


def person(key: str) -> dict[str, str]:
    return {"source_subject_id": f"P-{key}", "surname": f"Made Up {key}", "birth_date": "1970-01-02"}


def later(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [charge | {"disposition_date": "2019-05-06"} for charge in case["charges"]]


def done(product: Product, *words: str | Path, status: tuple[int, ...] = (0,), acting_as: str = "") -> str:
    ended = product.run(*words, timeout=900, acting_as=acting_as)
    assert ended.returncode in status, f"{words}: {ended.stdout}{ended.stderr}"
    return ended.stdout + ended.stderr


def submit(product: Product, form: str, file: Path) -> None:
    done(product, "submit", "--county", "los-angeles", "--format", form, file, status=(0, 1))


def decide(product: Product, one: str, other: str, how: str) -> None:
    sides = [f"court/los-angeles/{each}" for each in (one, other)]
    done(product, "subject", "link", *sides, how, "--reason", "seen", acting_as="trial-records-unit")


def move_for_the_undated(product: Product) -> None:
    """One of the district attorney's office prepares a motion, another signs it: a decision on relief-v1."""
    query = ("--county", "los-angeles", "--reason", "unknown_conviction_date", "--json")
    listed = json.loads(done(product, "review", "list", *query, acting_as="trial-preparer"))["reviews"]
    (one,) = [each["review_id"] for each in listed if f"court/los-angeles/{UNDATED}/1" in each["counts"]]
    motion = ("--as", "dismissal", "--reason", "file_reviewed")
    done(product, "review", "decide", one, *motion, acting_as="trial-preparer")
    done(product, "review", "sign", one, acting_as="trial-signer")


def stream(product: Product, small: Sample, *, replaying: bool) -> None:
    done(
        product, "order", "standing", "--county", "los-angeles", "--number", "SO-1", "--judge", "A. Judge",
        "--on", "2021-09-27", "--scope", "HS 11361.8", acting_as="trial-clerk",
    )  # fmt: skip
    done(product, "order", "list", "--county", "los-angeles", acting_as="trial-second-clerk")
    done(product, "order", "confirm", "SO-1", "--county", "los-angeles", acting_as="trial-second-clerk")
    submit(product, "doj", small.doj)
    submit(product, "court", small.folder / "first.jsonl")
    done(product, "settle", "--timeout", "600")
    decide(product, ALIKE[0], ALIKE[1], "--same")
    move_for_the_undated(product)
    if replaying:
        for service in REPLAYED:
            done(product, "replay", "rebuild", service)
        sending = product.start(
            "submit", "--county", "los-angeles", "--format", "court", small.folder / "second.jsonl"
        )
        for service in REPLAYED:
            told = done(product, "replay", "compare", service)
            assert "Equal." in told
            if service == "eligibility":
                cut_off(product, service)
            done(product, "replay", "switch", service)
        assert sending.wait(600) == 0
    else:
        submit(product, "court", small.folder / "second.jsonl")
    done(product, "settle", "--timeout", "600")
    submit(product, "court", small.folder / "third.jsonl")
    decide(product, ALIKE[0], ALIKE[1], "--apart")
    decide(product, ALIKE[1], ALIKE[2], "--same")
    done(product, "settle", "--timeout", "600")


def cut_off(product: Product, service: str) -> None:
    """A switch that is killed once the old database is given up, and before the new one counts."""

    async def given_up() -> None:
        db = await database_of(product, service)
        while await db.fetchval("SELECT last_batch FROM relay_numbering") >= 0:
            assert switching.poll() is None
        await db.close()

    switching = product.start("replay", "switch", service)
    asyncio.run(given_up())
    switching.kill()
    switching.wait()
    assert service not in addresses.database_names(product.layout)


def held(product: Product, folder: Path) -> dict[str, Any]:
    """What an installation holds, ids, versions and times aside."""
    files = {what: folder / f"{what}.jsonl" for what in ("subjects", "discrepancies", "relief")}
    for what, file in files.items():
        done(product, "export", what, "--out", file, acting_as=OFFICES)
    csv = folder / "determinations.csv"
    done(product, "export", "determinations", "--as-of", "2026-11-02", "--out", csv, acting_as=OFFICES)
    lines = {
        what: [json.loads(line) for line in file.read_text().splitlines()] for what, file in files.items()
    }
    return {
        "determinations": (folder / "determinations.csv").read_text(),
        "subjects": {frozenset(one["records"]) for one in lines["subjects"] if one["records"]},
        "relieved": {
            count for one in lines["relief"] if one["state"] == "ordered" for count in one["counts"]
        },
        "decided": {count for one in lines["relief"] if one["rests_on"] for count in one["counts"]},
        "discrepancies": Counter(
            (one["kind"], tuple(one["counts"]), one["field"], str(one["values"]))
            for one in lines["discrepancies"]
            if one["status"] == "open" and one["kind"] != "identity_in_doubt"
        ),
    }


@pytest.fixture(scope="module")
def undisturbed(small: Sample, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with fresh_product("test-not-replayed") as product:
        stream(product, small, replaying=False)
        return held(product, tmp_path_factory.mktemp("undisturbed"))


@pytest.fixture(scope="module")
def replayed(undisturbed: dict[str, Any], small: Sample) -> Iterator[Product]:
    assert undisturbed  # one installation after the other
    with fresh_product("test-replayed") as product:
        stream(product, small, replaying=True)
        yield product


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


async def database_of(product: Product, service: str) -> "asyncpg.Connection[Any]":
    return await asyncpg.connect(addresses.read(product.layout.root).database_urls[service])


def test_the_end_is_that_of_an_installation_that_never_replayed(
    undisturbed: dict[str, Any], replayed: Product, tmp_path: Path
) -> None:
    assert addresses.database_names(replayed.layout) == {one: following(one) for one in REPLAYED}
    assert held(replayed, tmp_path) == undisturbed
    assert len(undisturbed["decided"]) == 1


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
    done(replayed, "replay", "rebuild", service, "--anew")
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
    wrong = DeterminationsChanged.model_validate(
        right | {"version": right["version"] + 1, "determinations": []}
    )
    db = await database_of(replayed, "eligibility")
    try:  # what a defect of ours would have published
        headers = cloudevents_headers(wrong, "/reliefstream/eligibility", SystemClock().now())
        await db.execute(
            """INSERT INTO outbox (events, topics, keys, partition_keys, headers, payloads)
               VALUES (1, $1, $2, $3, $4, $5)""",
            [wrong.topic()],
            [wrong.key()],
            [None],
            [json.dumps([[name, value.decode()] for name, value in headers])],
            [wrong.model_dump_json().encode()],
        )
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
