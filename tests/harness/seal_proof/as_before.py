"""What sealing must not change: the determinations on everything else, and the statistics."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import asyncpg

from deploy.demo.first_county import COUNTY
from deploy.local import addresses as local
from deploy.local.layout import Layout
from services.chassis.runtime.unit_of_work import Work
from services.cli.client.addresses import Addresses
from services.cli.client.services import exported
from services.eligibility.files.statute_files import load_statute
from services.eligibility.statistics import counting as convictions
from services.eligibility.statistics.facts import RECORD
from services.relief.statistics import counting as reliefs
from services.statistics.tables import Tables
from tests.harness.seal_proof.chosen import Chosen
from tests.harness.seal_proof.not_proven import NotProven

VERSIONS = frozenset(("version", "conviction_id", "subject_id", "at", "determined_at"))


class Standing(NamedTuple):
    """``determinations``: on what is not sealed, without ids and versions. ``relief`` and ``outcomes``: what the
    statistics of relief and of eligibility count, before small counts are withheld."""

    determinations: Counter[str]
    relief: Counter[Any]
    outcomes: Counter[Any]

    def must_be(self, now: "Standing", after: str) -> None:
        """Raises NotProven where something is not as it was."""
        for what, before, found in zip(self._fields, self, now, strict=True):
            if before != found:
                raise NotProven(
                    f"{what} after {after}: {(before - found).total()} are gone, {(found - before).total()} are new"
                )


def standing(layout: Layout, found: Addresses, as_of: date, chosen: Chosen) -> Standing:
    """As it stands now, read from the services' export and from their databases."""
    return Standing(
        Counter(
            json.dumps({name: value for name, value in line.items() if name not in VERSIONS}, sort_keys=True)
            for line in exported("determinations", {"county": COUNTY}, found=found)
            if chosen.counts.isdisjoint(line["counts"])
        ),
        *asyncio.run(_counted(layout, as_of)),
    )


async def _counted(layout: Layout, as_of: date) -> tuple[Counter[Any], Counter[Any]]:
    ordered = await _in_database(layout, "relief", lambda work: reliefs.release(work, None))
    found = await _in_database(
        layout, "eligibility", lambda work: convictions.release(work, load_statute(), as_of)
    )
    return _cells(ordered.reliefs), _cells(found.tables)


def _cells(tables: Tables) -> Counter[Any]:
    """All but what persons have on record, which is counted without what is sealed."""
    return Counter(
        {
            (unit, *cell): number
            for unit in ("convictions", "persons")
            for cell, number in getattr(tables, unit).items()
            if cell.by != RECORD
        }
    )


async def _in_database(layout: Layout, service: str, made: Callable[[Work], Any]) -> Any:
    given = local.read(layout.root)
    name = urlsplit(given.owner_urls[service]).path
    db = await asyncpg.connect(urlsplit(given.postgres_admin_dsn)._replace(path=name).geturl())
    await db.set_type_codec("jsonb", encoder=str, decoder=json.loads, schema="pg_catalog")  # as services do
    try:
        async with db.transaction():
            return await made(Work(db, datetime.now(UTC)))
    finally:
        await db.close()
