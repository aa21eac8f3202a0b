"""Holds what comes in against the seals: a batch is asked about in one query, and only what has a hit is compared.

And notes in which cases it stands: a copy of what is being sealed, on its way to the services that forget, is found so.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.records import Count, Person
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Database, Work
from services.ingest.core.counties import CountyIntake
from services.ingest.core.message import SourceMessage
from services.ingest.core.parsed import Parsed, ParsedCase, ParsedRows
from services.ingest.core.sealing.facts import RecordKey, case_places, cii_place, near_places
from services.ingest.core.sealing.seal import AlsoIn, Hashed, Held, Seal, also_in, hold
from services.ingest.core.sealing.spellings import asked_ciis, plain_cii
from services.ingest.profiles.counties import SendingCounties
from services.ingest.sealing import store
from services.ingest.sealing.statements import Recognising, forget_statements
from services.ingest.store import Key

TURN = 200
"""Messages after which other tasks get their turn."""
COPIES_FOUND_FOR = timedelta(days=1)
"""How long a copy may take through the services that forget, and is still found."""


class Holding:
    """Holds a record against seals, and knows in which of them it was recognised.

    ``told_apart``: a person has said that what may be sealed in it is not; the seals learn that.
    """

    def __init__(self, seals: Sequence[Seal], record: RecordKey, hashed: Hashed, *, told_apart: bool) -> None:
        self._seals, self._record, self._hashed = seals, record, hashed
        self._told_apart = told_apart
        self._recognised: set[UUID] = set()
        self.apart: set[tuple[UUID, str]] = set()

    def __call__(self, person: Person, counts: Sequence[Count]) -> Held:
        held = hold(self._seals, self._record, person, counts, self._hashed)
        self._recognised |= held.recognised
        if self._told_apart:
            self.apart |= held.in_doubt
            return held._replace(in_doubt=frozenset())
        return held

    def learned(self) -> list[AlsoIn]:
        """What the seals learned of the record."""
        return [also_in(relief_id, self._record, self._hashed) for relief_id in self._recognised]


class Compared(NamedTuple):
    """``holds``: what to hold a record against, by its key; without an entry: no seal is on it and its cases.
    ``cases``: in which it stands, hashed by the newest key."""

    holds: Mapping[Key, Holding]
    cases: Mapping[Key, frozenset[str]]


async def holds(
    db: Database,
    batch: Sequence[tuple[SourceMessage, Parsed]],
    keys: Sequence[Key | None],
    sending_counties: SendingCounties,
    keyed_hash: KeyedHash,
    *,
    beside: Collection[Key] = (),
    told_apart: bool = False,
) -> Compared:
    """What to hold records of the batch against, and their cases; nothing as long as nothing was ever to be sealed.

    ``keys``: of the messages' records, None where one names none. ``beside``: other records that messages concern.
    ``told_apart``: a person has said that what may be sealed in them is not.
    """
    if not await store.are_there_any(db):
        return Compared({}, {})
    stood: dict[Key, set[str]] = defaultdict(set)
    near: dict[Key, set[str]] = defaultdict(set)
    places: dict[Key, list[str]] = defaultdict(list)
    for index, ((message, parsed), key) in enumerate(zip(batch, keys, strict=True)):
        if index % TURN == TURN - 1:
            await asyncio.sleep(0)
        if key:
            for county, number in _cases(parsed, sending_counties[message.county].intake):
                stood[key].update(case_places(county, number))
                near[key].update(near_places(county, number))
            for number in _cii_numbers(parsed):
                near[key].update(map(cii_place, asked_ciis(number)))
    cases = {key: [keyed_hash.by_each_key(case) for case in own] for key, own in stood.items()}
    for key in {*stood, *beside}:
        places[key] += keyed_hash.by_each_key(RecordKey(*key).place())
        places[key] += [each for one in cases.get(key, ()) for each in one]
        places[key] += [each for one in near.get(key, ()) for each in keyed_hash.by_each_key(one)]
    found = await store.on_places(db, {place for own in places.values() for place in own})
    holding = {}
    for key, own in places.items() if found else ():
        seals = {seal.relief_id: seal for place in own for seal in found.get(place, ())}
        if seals:
            holding[key] = Holding(
                tuple(seals.values()), RecordKey(*key), keyed_hash.by_each_key, told_apart=told_apart
            )
    return Compared(holding, {key: frozenset(one[0] for one in own) for key, own in cases.items()})


async def keep_in_mind(work: Work, compared: Compared, changed: Collection[Key], by: Recognising) -> None:
    """Keeps in which cases the changed records stand, and what seals learned of records: what was stated on a count of
    such a record before it came is forgotten now."""
    await store.came(
        work.db, {key: compared.cases[key] for key in changed if key in compared.cases}, work.now
    )
    learned = {key: each.learned() for key, each in compared.holds.items()}
    if any(learned.values()):
        await store.learn(work.db, [one for own in learned.values() for one in own])
        seals = await store.of_reliefs(work.db, {one.relief_id for own in learned.values() for one in own})
        places = {RecordKey(*key).place() for key, own in learned.items() if own}
        await forget_statements(work, list(seals.values()), places, by)
    await store.tell_apart(work.db, {one for each in compared.holds.values() for one in each.apart})


async def forget_old_cases(work: Work) -> bool:
    """A job: forgets in which cases records stand that came long ago."""
    return await store.forget_old_came(work.db, work.now - COPIES_FOUND_FOR)


def _cii_numbers(parsed: Parsed) -> set[str]:
    """Of a rap sheet, as its rows have them; a court's counts are in its case."""
    rows = parsed.unit.rows if isinstance(parsed, ParsedRows) else ()
    return {plain_cii(placed.row.cii_number) for placed in rows} - {""}


def _cases(parsed: Parsed, intake: CountyIntake) -> set[tuple[CountyName, str | None]]:
    """The cases of a message, each in its court's county; where that is not named, in the county that sent it."""
    if isinstance(parsed, ParsedCase):
        return {(intake.county, parsed.case.case_number)}
    rows = parsed.unit.rows if isinstance(parsed, ParsedRows) else ()
    written = {(placed.row.stp_ori_cnty_name, placed.row.ofn) for placed in rows}
    return {(intake.county_of(county) or intake.county, number) for county, number in written}
