"""Tombstones among events: their place in a batch, and what their keys name."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from uuid import UUID

from services.chassis.runtime.unit_of_work import Received


def in_turn(records: Sequence[Received]) -> list[tuple[bool, list[Received]]]:
    """Runs of a batch that are tombstones, or not. Only the order of one key's records counts: where no key has both
    kinds, all events come first, in one run.
    """
    tombstones = [record for record in records if record.is_tombstone()]
    events = [record for record in records if not record.is_tombstone()]
    if {one.key for one in tombstones}.isdisjoint(one.key for one in events):
        return [(kind, run) for kind, run in ((False, events), (True, tombstones)) if run]
    return [(kind, list(run)) for kind, run in groupby(records, Received.is_tombstone)]


def ids_in(keys: Iterable[str]) -> list[UUID]:
    """The ids among keys, sorted; the key of a heartbeat is none."""
    found = set()
    for key in keys:
        with suppress(ValueError):
            found.add(UUID(key))
    return sorted(found)
