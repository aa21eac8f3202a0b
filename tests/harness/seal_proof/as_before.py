"""What sealing must not change: the determinations on everything else, and the statistics."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
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
OF_OTHERS = "2_earlier_of_the_same_section"
"""A rule that counts the person's other convictions. A clerk who seals at once, before any source shows the dismissal,
brings that number down (I-16)."""


class Standing(NamedTuple):
    """``determinations``: on what is not sealed, by counts, without ids and versions. ``relief`` and ``outcomes``: what
    the statistics of relief and of eligibility count, before small counts are withheld."""

    determinations: Mapping[str, Mapping[str, Any]]
    relief: Mapping[Any, int]
    outcomes: Mapping[Any, int]

    def must_be(self, now: "Standing", after: str) -> None:
        """Raises NotProven where something is not as it was."""
        for what, before, found in zip(self._fields, self, now, strict=True):
            if differing := [
                key for key in before.keys() | found.keys() if before.get(key) != found.get(key)
            ]:
                raise NotProven(f"{what} are others after {after}: {_said(differing, before, found)}")


def _said(differing: Sequence[Any], before: Mapping[Any, Any], found: Mapping[Any, Any]) -> dict[str, int]:
    """How many are gone and new, and of how many others which part changed."""
    parts: Counter[str] = Counter()
    for key in differing:
        if key not in before or key not in found:
            parts["new" if key in found else "gone"] += 1
        elif isinstance(before[key], dict):
            parts.update(_changed(before[key], found[key]))
        else:
            parts[" ".join(key[:3])] += 1
    return dict(parts)


def _changed(before: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Names of the parts that are others; of the grounds, the rules with the names of their facts."""
    for name, value in before.items():
        if name == "grounds":
            rules = [
                {each["rule"]: {**each, **each.get("facts", {}), "facts": ""} for each in one.get(name, ())}
                for one in (before, found)
            ]
            for rule in sorted(rules[0].keys() | rules[1].keys()):
                old, new = (one.get(rule, {}) for one in rules)
                yield from (
                    f"{rule} {part}"
                    for part in sorted(old.keys() | new.keys())
                    if old.get(part) != new.get(part)
                )
        elif found.get(name) != value:
            yield name


def standing(layout: Layout, found: Addresses, as_of: date, chosen: Chosen) -> Standing:
    """As it stands now, read from the services' export and from their databases."""
    return Standing(
        {
            "; ".join(sorted(line["counts"])): _without_others(line)
            for line in exported("determinations", {"county": COUNTY}, found=found)
            if chosen.counts.isdisjoint(line["counts"])
        },
        *asyncio.run(_counted(layout, as_of)),
    )


def _without_others(line: Mapping[str, Any]) -> Mapping[str, Any]:
    grounds = [ground for ground in line["grounds"] if ground["rule"] != OF_OTHERS]
    return {**{name: value for name, value in line.items() if name not in VERSIONS}, "grounds": grounds}


async def _counted(layout: Layout, as_of: date) -> tuple[Mapping[Any, int], Mapping[Any, int]]:
    ordered = await _in_database(layout, "relief", lambda work: reliefs.release(work, None))
    found = await _in_database(
        layout, "eligibility", lambda work: convictions.release(work, load_statute(), as_of)
    )
    return _cells(ordered.reliefs), _cells(found.tables)


def _cells(tables: Tables) -> Mapping[Any, int]:
    """All but what persons have on record, which is counted without what is sealed."""
    return {
        (unit, *cell): number
        for unit in ("convictions", "persons")
        for cell, number in getattr(tables, unit).items()
        if cell.by != RECORD
    }


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
