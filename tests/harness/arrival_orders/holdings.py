"""What an installation holds in the end, without what may depend on the way there: ids, versions, times."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Line = Mapping[str, Any]
Key = tuple[str, ...]
"""A sorted group of record or count keys: what is the same in every order."""
ORDERED = ("ordered", "acknowledged")
IDS = ("subject_id", "conviction_id", "version", "retired_into", "discrepancy_id", "resolved_by")
IDS_AND_TIMES = frozenset((*IDS, "first_seen", "last_seen", "at"))


@dataclass(frozen=True, slots=True)
class Held:
    """Subjects, determinations and the sources' discrepancies by what they are of, each as a digest; relief."""

    subjects: dict[Key, bytes]
    determinations: dict[Key, bytes]
    discrepancies: Counter[str]
    """Open ones between sources. Those on relief depend on what was known when it was ordered: ``said``."""
    reliefs: dict[str, str]
    """The relief that a court ordered on each count."""
    convictions: tuple[Key, ...]
    """Counts that are one conviction in the end."""
    said: frozenset[str]
    """Counts with an open discrepancy on their relief."""
    decided: dict[Key, str]
    """What relief that rests on a person's decision came to, by its counts."""


def held(
    subjects: Iterable[Line], determinations: Iterable[Line], relief: Iterable[Line], ledger: Iterable[Line]
) -> Held:
    """Of the four exports' lines; ``ledger``: the latest of each entry of ``discrepancies-v1``."""
    judged = {tuple(sorted(each["counts"])): _digest(each) for each in determinations}
    lines = list(relief)
    orders = {c: each["relief_id"] for each in lines if each["state"] in ORDERED for c in each["counts"]}
    found: Counter[str] = Counter()
    said: set[str] = set()
    for entry in ledger:
        if (
            entry["status"] != "open" or entry["kind"] == "relief_overdue"
        ):  # says of the day, not of the order
            continue
        if entry["kind"] in ("relief_ordered_twice", "determination_changed_after_order", "relief_not_shown"):
            said.update(entry["counts"])
        else:
            found[_text(entry)] += 1
    return Held(
        {tuple(sorted(each["records"])): _digest(each) for each in subjects if each["records"]},
        judged,
        found,
        orders,
        tuple(judged),
        frozenset(said),
        {
            tuple(sorted(each["counts"])): f"{each['state']} ({each['relief']})"
            for each in lines
            if each["rests_on"] and each["state"] != "withdrawn"
        },
    )


def relieved(one: Held) -> dict[Key, int]:
    """How many orders stand on each conviction, of those with any."""
    found = {key: len({one.reliefs[c] for c in key if c in one.reliefs}) for key in one.convictions}
    return {key: orders for key, orders in found.items() if orders}


def _text(line: Line) -> str:
    kept = {name: value for name, value in line.items() if name not in IDS_AND_TIMES}
    if "convictions" in kept:
        kept["convictions"] = sorted(_text(each) for each in kept["convictions"])
    return json.dumps(kept, sort_keys=True, default=str)


def _digest(line: Line) -> bytes:
    return sha256(_text(line).encode()).digest()
