"""The texts that must be gone once a conviction is sealed: those of its records that nothing else on record has."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from deploy.proof.texts import Text
from deploy.proof.writings import SHORTEST
from reliefstream_contracts.identifiers import CountKey, record_key_of
from services.relief.sealing.due import COUNTS

OF_RELIEF = f"SELECT {COUNTS} FROM reliefs WHERE relief_id = $1"  # noqa: S608 - a text of our own
OF_PERSON = """SELECT record_key, body, subject_id FROM records WHERE subject_id IN (
    SELECT subject_id FROM records WHERE record_key = ANY ($1::text[]))"""
OF_OTHERS = """SELECT EXISTS (SELECT FROM records
    WHERE subject_id <> ALL ($1::uuid[]) AND position(convert_to($2, 'UTF8') in body) > 0)"""


class Sought(NamedTuple):
    """What must go, and how many texts are left out, as they stay on other records of the person or of others."""

    gone: tuple[Text, ...]
    stay: int


async def sought(owner_urls: Mapping[str, str], relief_id: UUID) -> Sought | None:
    """The texts of a relief that is not sealed yet, as relief and reconciliation store it; None: no such relief."""
    async with _connected(owner_urls["relief"]) as db:
        of_conviction = await db.fetchval(OF_RELIEF, relief_id)
    if of_conviction is None:
        return None
    counts = frozenset[CountKey](of_conviction)
    async with _connected(owner_urls["reconciliation"]) as db:
        rows = await db.fetch(OF_PERSON, sorted({record_key_of(count) for count in counts}))
        records = {row["record_key"]: json.loads(row["body"]) for row in rows}
        own = {one for key, record in records.items() for one in _texts(key, record, counts)}
        stays = {
            one
            for key, record in records.items()
            for one in _texts(key, record, _others(key, record, counts))
        }
        subjects = list({row["subject_id"] for row in rows})
        alone = {one for one in own if not any(one.text in each.text for each in stays)}
        gone = {one for one in alone if not await db.fetchval(OF_OTHERS, subjects, one.text)}
    return Sought(tuple(sorted(gone)), len(own - gone))


def _others(key: str, record: Mapping[str, Any], counts: Collection[CountKey]) -> frozenset[CountKey]:
    every = frozenset(CountKey(f"{key}/{count['count_id']}") for count in record["counts"])
    return every - frozenset(counts)


def _texts(key: str, record: Mapping[str, Any], counts: Collection[CountKey]) -> Iterator[Text]:
    """What a record says with these counts; nothing where it has none of them."""
    of_record = [count for count in record["counts"] if f"{key}/{count['count_id']}" in counts]
    if not of_record:
        return
    person = record["person"]
    name = person["name"] or {}
    found = [("name", name.get("surname")), ("name", name.get("given")), ("birth date", person["birth_date"])]
    found += [("CII number", number) for number in person["cii_numbers"]]
    found += [("source key", person["source_subject_id"]), ("source key", record["record_id"])]
    found += [("case number", count["case_number"]) for count in of_record]
    yield from (Text(kind, text) for kind, text in found if text and len(text) >= SHORTEST)


def _connected(url: str) -> Any:
    return asyncpg.create_pool(url, min_size=1, max_size=1)
