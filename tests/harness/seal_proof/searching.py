"""What the search must find before anything is sealed, and what afterwards."""

import asyncio
from collections import Counter

from deploy.demo.first_county import COUNTY, SOURCE
from deploy.local import addresses as local
from deploy.local.layout import Layout
from deploy.proof.stores import Stores, stores_of
from deploy.proof.texts import Found, files_with
from tests.harness.seal_proof.chosen import Chosen
from tests.harness.seal_proof.not_proven import NotProven

TRANSIENT = (f"topic {SOURCE}", f"topic receipts-v1-{COUNTY}", "write-ahead log")
"""Stores that keep nobody's texts for long."""

NO_BIRTH_DATES = ("topic determinations-v1", "topic relief-v1", "database relief")
"""Stores that say none: a day there that is somebody's birth date is one by chance, and may go with a version."""


def every_file(layout: Layout) -> Stores:
    """All below the installation's folder."""
    owner_urls = local.read(layout.root).owner_urls
    kafka, postgres = layout.kafka / "data", layout.postgres / "data"
    return asyncio.run(stores_of(owner_urls, kafka, postgres, [layout.root]))


def each_was_found(before: Found, chosen: Chosen) -> None:
    """So that the search can fail: each text stands in some store. Raises NotProven."""
    everywhere = frozenset().union(*before.values())
    if missing := Counter(each.kind for each in (*chosen.gone, *chosen.stays) if each not in everywhere):
        raise NotProven(f"never found, so that their absence would say nothing: {dict(missing)}")


def none_is_left(stores: Stores, after: Found, chosen: Chosen) -> None:
    """Raises NotProven where a text of the sealed is found."""
    gone = frozenset(chosen.gone)
    left = {name: found & gone for name, found in after.items() if found & gone}
    if left:
        lines = [
            f"{name}: {dict(Counter(each.kind for each in found))}, such as in "
            f"{[file.name for file in files_with(stores, name, min(found))]}"
            for name, found in left.items()
        ]
        raise NotProven("still there: " + "; ".join(lines))


def all_others_are_there(before: Found, after: Found, chosen: Chosen) -> None:
    """Raises NotProven where a text of the others is missing in a topic or a database that had it: of a person of whom
    something is sealed in those of records only."""
    stays = frozenset(chosen.stays)
    for name, found in before.items():
        # A replay puts another database in its place.
        now = after.get(name, frozenset()) | after.get(f"{name}_2", frozenset())
        required = stays if "records-v1" in name or "ingest" in name else stays - chosen.beside
        if name in NO_BIRTH_DATES:
            required = frozenset(each for each in required if each.kind != "birth date")
        missing = (found & required) - now
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
