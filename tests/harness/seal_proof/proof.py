"""Half of a county's relieved persons are sealed; then every file of every store is searched for what stood of them.

The texts are found first, in each store that holds them, so that the search can fail. Then the files are sent again,
as they were and corrected; days pass for Kafka; each service that can be rebuilt is rebuilt from its topics; Postgres'
files are rewritten. In the end nothing of the sealed stands anywhere, and all of the others does.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from aiokafka import AIOKafkaProducer

from deploy.demo.first_county import COUNTY, SOURCE
from deploy.local import addresses as local
from deploy.local.layout import Layout
from deploy.proof.stores import Stores, stores_of
from deploy.proof.texts import Found, Text, files_with, found_in_stores
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.services import ask, exported
from services.cli.client.settled import settled
from services.cli.submission.file_messages import Message
from services.ingest.core.message_headers import headers_of
from services.relief.statistics.counting import RELIEFS
from tests.harness.arrival_orders.orders import Sent, doj_first
from tests.harness.product import Product
from tests.harness.seal_proof.county import Known, unmistakable
from tests.harness.seal_proof.days_pass import shorten, some_days

SETTLE_S = 3600.0
REPLAYED = ("reconciliation", "eligibility", "notification")
TRANSIENT = (f"topic {SOURCE}", f"topic receipts-v1-{COUNTY}", "write-ahead log")
"""Stores that keep nobody's texts for long."""
VERSIONS = frozenset(("version", "conviction_id", "subject_id", "at", "determined_at"))
Say = Callable[[str], None]


class NotProven(AssertionError):
    """What the proof found otherwise; it names kinds and stores, and no value."""


@dataclass(frozen=True)
class Chosen:
    """The reliefs to seal, their counts, and the texts that must go and that must stay."""

    reliefs: tuple[str, ...]
    counts: frozenset[str]
    persons: int
    wholly: int
    gone: tuple[Text, ...]
    stays: tuple[Text, ...]


def prove(layout: Layout, folder: Path, scale: str, seed: int, say: Say) -> None:
    """The whole proof on an empty installation under a standing order. Raises NotProven."""
    known = unmistakable(folder, scale, seed)
    found = addresses({}, layout.root)
    waves = list(doj_first(folder, seed))
    for form in ("doj", "court"):
        send(found, [message for source, message in waves if source == form])
    chosen = choose(
        known, list(exported("relief", {"county": COUNTY}, found=_signer(found))), sent(known, folder)
    )
    say(
        f"{len(known):,} persons, {chosen.persons:,} of them to be sealed with {len(chosen.reliefs):,} convictions; of "
        f"{chosen.wholly:,} nothing else is on record. {len(chosen.gone):,} texts must go, {len(chosen.stays):,} stay."
    )
    before = found_in_stores(every_file(layout), [*chosen.gone, *chosen.stays])
    say(table(before, chosen))
    each_was_found(before, chosen)
    held, statistics = judged(found, chosen), counted(layout)
    product = Product(layout)
    say(done(product, "seal", "prove", chosen.reliefs[0]))
    for relief in chosen.reliefs:
        ask("relief", "POST", f"/v1/reliefs/{relief}/seal", body={"reason": "proof"}, found=_clerk(found))
    asyncio.run(settled(found, SETTLE_S))
    same("determinations of the others", held, judged(found, chosen))
    same("statistics", statistics, counted(layout))
    say(f"Sealed: {ask('relief', 'GET', f'/v1/counties/{COUNTY}/seals', found=_clerk(found))}")
    send(found, [message for _, message in waves])
    send(found, [corrected(each) for each in waves if concerns(each, chosen)])
    same("determinations after both files came again", held, judged(found, chosen))
    same("statistics after both files came again", statistics, counted(layout))
    kafka = local.read(layout.root).kafka
    shorten(kafka)
    some_days(kafka)
    for service in REPLAYED:
        for step in ("rebuild", "compare", "switch"):
            done(product, "replay", step, service)
    asyncio.run(drop(layout, REPLAYED))
    asyncio.run(settled(found, SETTLE_S))
    same("determinations after the replay", held, judged(found, chosen))
    some_days(kafka)
    say(done(product, "seal", "rewrite"))
    say(done(product, "seal", "prove", chosen.reliefs[0]))
    stores = every_file(layout)
    after = found_in_stores(stores, [*chosen.gone, *chosen.stays])
    say(table(after, chosen))
    none_is_left(stores, after, chosen)
    all_others_are_there(before, after, chosen)


def every_file(layout: Layout) -> Stores:
    """All below the installation's folder."""
    owner_url = local.read(layout.root).owner_urls["relief"]
    kafka, postgres = layout.kafka / "data", layout.postgres / "data"
    return asyncio.run(stores_of(owner_url, kafka, postgres, [layout.root]))


def send(found: Addresses, messages: Iterable[Message]) -> None:
    """Sends messages to the county's topic, and waits until they have passed."""

    async def sending() -> None:
        producer = AIOKafkaProducer(**found.kafka.client_options(), acks="all", max_batch_size=256 * 1024)
        async with producer:
            for each in messages:
                headers = [(name, text.encode()) for name, text in headers_of(each.metadata).items()]
                await producer.send(SOURCE, each.value, key=each.key, headers=headers)
        await settled(found, SETTLE_S)

    asyncio.run(sending())


def sent(known: Sequence[Known], folder: Path) -> frozenset[Text]:
    """What stands in the files: a source may leave out what another one says."""
    every = [
        text
        for one in known
        for text in (*one.person, *(each for case in one.cases.values() for each in case))
    ]
    return found_in_stores({"files": [folder / "doj.csv", folder / "court.jsonl"]}, every)["files"]


def choose(known: Sequence[Known], lines: Sequence[Mapping[str, Any]], sent: frozenset[Text]) -> Chosen:
    """Every second person with relief, and of their texts those that were sent; of who is not chosen, all stay."""
    of_record = {record: number for number, one in enumerate(known) for record in one.records}
    reliefs: dict[int, list[Mapping[str, Any]]] = {}
    for line in lines:
        if line["state"] == "ordered" and line["relief"] == "dismissal":
            owner = of_record[line["counts"][0].rpartition("/")[0]]
            reliefs.setdefault(owner, []).append(line)
    sealed = set(sorted(reliefs)[::2])
    gone: set[Text] = set()
    stays: set[Text] = set()
    for number, one in enumerate(known):
        (gone if number in sealed and one.wholly else stays).update(one.person)
        for case, texts in one.cases.items():
            (gone if number in sealed and case in one.relieved else stays).update(texts)
    lines = [line for number in sealed for line in reliefs[number]]
    return Chosen(
        tuple(line["relief_id"] for line in lines),
        frozenset(count for line in lines for count in line["counts"]),
        len(sealed),
        sum(known[number].wholly for number in sealed),
        tuple(gone & sent - stays),
        tuple(stays & sent - gone),
    )


def judged(found: Addresses, chosen: Chosen) -> Counter[str]:
    """The determinations of what is not to be sealed, without ids and versions."""
    return Counter(
        json.dumps({name: value for name, value in line.items() if name not in VERSIONS}, sort_keys=True)
        for line in exported("determinations", {"county": COUNTY}, found=_signer(found))
        if chosen.counts.isdisjoint(line["counts"])
    )


def counted(layout: Layout) -> Counter[tuple[Any, ...]]:
    """What the statistics of relief count, before small counts are withheld; persons as a number of rows each."""

    async def rows() -> list[Any]:
        dsn = urlsplit(local.read(layout.root).postgres_admin_dsn)._replace(path="/relief").geturl()
        db = await asyncpg.connect(dsn)
        try:
            return await db.fetch(RELIEFS)
        finally:
            await db.close()

    found = asyncio.run(rows())
    persons = Counter(row["person"] for row in found)
    return Counter(
        (persons[row["person"]], *(value for name, value in row.items() if name != "person")) for row in found
    )


def concerns(sent: Sent, chosen: Chosen) -> bool:
    """Whether a message is of a record with a count that was sealed."""
    form, message = sent
    record = f"{form}/{COUNTY}/{message.key.decode()}/"
    return any(count.startswith(record) for count in chosen.counts)


def corrected(sent: Sent) -> Message:
    """The court's case as a later revision with another plea; DOJ's rows as those of a later extract."""
    form, message = sent
    if form == "doj":
        return message._replace(metadata=replace(message.metadata, extract="2027-01-01"))
    case = json.loads(message.value)
    case["revision"] += 10
    case["charges"] = [{**charge, "plea": "no contest"} for charge in case["charges"]]
    return message._replace(value=json.dumps(case).encode())


def done(product: Product, *words: str) -> str:
    """What a command prints. Raises NotProven where it does not end well."""
    ended = product.run(*words)
    if ended.returncode:
        raise NotProven(f"{' '.join(words)}: {ended.stdout}{ended.stderr}")
    return ended.stdout.strip()


async def drop(layout: Layout, databases: Iterable[str]) -> None:
    """What a replay leaves behind."""
    db = await asyncpg.connect(local.read(layout.root).postgres_admin_dsn)
    for each in databases:
        await db.execute(f"DROP DATABASE {each} WITH (FORCE)")
    await db.close()


def same(what: str, before: Counter[Any], after: Counter[Any]) -> None:
    if before != after:
        raise NotProven(f"{what}: {(before - after).total()} are gone, {(after - before).total()} are new")


def each_was_found(before: Found, chosen: Chosen) -> None:
    """So that the search can fail: each text in one store at least, and of each kind in each that a copy must be in."""
    everywhere = frozenset().union(*before.values())
    if missing := Counter(each.kind for each in (*chosen.gone, *chosen.stays) if each not in everywhere):
        raise NotProven(f"never found, so that their absence would say nothing: {dict(missing)}")


def none_is_left(stores: Mapping[str, Sequence[Path]], after: Found, chosen: Chosen) -> None:
    gone = frozenset(chosen.gone)
    left = {name: found & gone for name, found in after.items() if found & gone}
    if left:
        lines = [
            f"{name}: {dict(Counter(each.kind for each in found))}, such as in "
            f"{[file.name for file in files_with(stores[name], next(iter(found)))]}"
            for name, found in left.items()
        ]
        raise NotProven("still there: " + "; ".join(lines))


def all_others_are_there(before: Found, after: Found, chosen: Chosen) -> None:
    stays = frozenset(chosen.stays)
    for name, found in before.items():
        missing = (
            (found & stays)
            - after.get(name.removesuffix("_2"), frozenset())
            - after.get(f"{name}_2", frozenset())
        )
        if missing and name not in TRANSIENT and name.startswith(("topic", "database")):
            raise NotProven(f"{name}: of the others are gone {dict(Counter(each.kind for each in missing))}")


def table(found: Found, chosen: Chosen) -> str:
    """Per store: how many texts of the sealed and of the others stand there."""
    gone, stays = frozenset(chosen.gone), frozenset(chosen.stays)
    lines = ["| store | of the sealed | of the others |", "|---|---|---|"]
    lines += [
        f"| {name} | {len(each & gone):,} | {len(each & stays):,} |" for name, each in found.items() if each
    ]
    return "\n".join(lines)


def _signer(found: Addresses) -> Addresses:
    return found.acting_as("trial-signer")


def _clerk(found: Addresses) -> Addresses:
    return found.acting_as("trial-clerk")
