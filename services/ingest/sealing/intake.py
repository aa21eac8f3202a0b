"""Holds what comes in against the seals: a batch is asked about in one query, and only what has a hit is compared."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from reliefstream_contracts.identifiers import CountKey, record_key_of
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Database
from services.ingest.core.counties import CountyIntake
from services.ingest.core.intake_decision import HoldAgainstSeals
from services.ingest.core.message import SourceMessage
from services.ingest.core.parsed import Parsed, ParsedCase, ParsedRows
from services.ingest.core.sealing.facts import RecordKey, case_places
from services.ingest.core.sealing.seal import hold
from services.ingest.profiles.counties import SendingCounties
from services.ingest.sealing import store
from services.ingest.store import Key

TURN = 200
"""Messages after which other tasks get their turn."""


async def holds(
    db: Database,
    batch: Sequence[tuple[SourceMessage, Parsed]],
    keys: Sequence[Key | None],
    sending_counties: SendingCounties,
    keyed_hash: KeyedHash,
    *,
    beside: Collection[Key] = (),
) -> Mapping[Key, HoldAgainstSeals]:
    """What to hold a record of the batch against, by its key; without an entry: no seal is on it and its cases.

    ``keys``: of the messages' records, None where one names none. ``beside``: other records that messages concern.
    """
    if not await store.are_there_any(db):
        return {}
    stood: dict[Key, set[str]] = defaultdict(set)
    for other in beside:
        stood[other].add(RecordKey(*other).place())
    for index, ((message, parsed), key) in enumerate(zip(batch, keys, strict=True)):
        if index % TURN == TURN - 1:
            await asyncio.sleep(0)
        if key:
            stood[key] |= {RecordKey(*key).place(), *_cases(parsed, sending_counties[message.county].intake)}
    places = {
        key: [each for place in own for each in keyed_hash.by_each_key(place)] for key, own in stood.items()
    }
    found = await store.on_places(db, {place for own in places.values() for place in own})
    holding = {}
    for key, own in places.items() if found else ():
        seals = {seal.relief_id: seal for place in own for seal in found.get(place, ())}
        if seals:
            holding[key] = partial(
                hold, tuple(seals.values()), RecordKey(*key), hashed=keyed_hash.by_each_key
            )
    return holding


async def sealed_among(db: Database, counts: Collection[CountKey], keyed_hash: KeyedHash) -> set[CountKey]:
    """Those of the counts that are sealed, as nobody sends them again under the same key."""
    if not counts or not await store.are_there_any(db):
        return set()
    places = {one: keyed_hash.by_each_key(f"record/{record_key_of(one)}") for one in counts}
    found = await store.on_places(db, {place for own in places.values() for place in own})
    return {
        one
        for one, own in places.items()
        for place in own
        for seal in found.get(place, ())
        if not seal.sealed.isdisjoint(keyed_hash.by_each_key(str(seal.relief_id), "count", one))
    }


def _cases(parsed: Parsed, intake: CountyIntake) -> set[str]:
    """The cases of a message, each in its court's county; where that is not named, in the county that sent it."""
    if isinstance(parsed, ParsedCase):
        return set(case_places(intake.county, parsed.case.case_number))
    rows = parsed.unit.rows if isinstance(parsed, ParsedRows) else ()
    written = {(placed.row.stp_ori_cnty_name, placed.row.ofn) for placed in rows}
    return {
        place
        for county, number in written
        for place in case_places(intake.county_of(county) or intake.county, number)
    }
