"""Statements of fact on what is sealed: those on file are forgotten, new ones are found out."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from reliefstream_contracts.statements import SeenCount
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Work
from services.ingest.core.sealing.seal import Seal
from services.ingest.core.sealing.stated import names_sealed, places_of_seen, record_of
from services.ingest.profiles.counties import SendingCounties
from services.ingest.sealing import store
from services.ingest.sealing.without import counts_on_file
from services.ingest.statements import store as statement_store


class Recognising(NamedTuple):
    """By what a sealed conviction is recognised in statements."""

    sending_counties: SendingCounties
    keyed_hash: KeyedHash


async def sealed_among(
    work: Work, seen: Collection[SeenCount], by: Recognising, seals: Sequence[Seal] | None = None
) -> set[SeenCount]:
    """Those that go with a conviction of ``seals``; None: with any that is sealed."""
    if seals is None and not await store.are_there_any(work.db):
        return set()
    hashed = by.keyed_hash.by_each_key
    places = {one: {each for place in places_of_seen(one) for each in hashed(place)} for one in seen}
    if seals is None:
        on_places = await store.on_places(work.db, {place for own in places.values() for place in own})
        seals = list({seal.relief_id: seal for found in on_places.values() for seal in found}.values())
    near = {one: [seal for seal in seals if not seal.places.isdisjoint(own)] for one, own in places.items()}
    records = {record_of(one) for one, own in near.items() if own}
    on_file = await counts_on_file(work.db, records, by.sending_counties, work.now) if records else {}
    return {
        one
        for one, own in near.items()
        for record in [on_file.get(record_of(one))]
        for seal in own
        if names_sealed(
            seal,
            one,
            record.get(one.count) if record else None,
            record_on_file=record is not None,
            hashed=hashed,
        )
    }


async def forget_statements(
    work: Work, seals: Sequence[Seal], places: Collection[str], by: Recognising
) -> None:
    """Deletes the statements that name these sealed convictions alone; another goes on as a revision that names the
    others. ``places``: those of the seals, in clear. Comes once the records are forgotten."""
    for revisions in await statement_store.at(work, places):
        seen = {one for each in revisions for one in each.counts}
        sealed = await sealed_among(work, seen, by, seals)
        if not sealed:
            continue
        latest = revisions[-1]
        await statement_store.delete(work, latest)
        others = tuple(one for one in latest.counts if one not in sealed)
        if others:
            revised = latest.replace(counts=others, revision=latest.revision + 1)
            await statement_store.add(work, [revised])
            work.emit(revised)
        else:
            work.erase(latest.topic(), latest.key())
