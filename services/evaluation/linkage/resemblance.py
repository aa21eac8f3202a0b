"""Records that share no identifier and may be one person's all the same: found on disk, a bucket at a time.

What linkage/components.py does with all records in memory: two records are brought together if they share a block that
is not oversized and are worth comparing. Here each process writes what it reads into files of its own: the
descriptions one after another, and for each block of a description a line in the bucket that the block falls into.
"""

import os
import pickle
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from reliefstream_contracts.records import SourceRecord
from services.evaluation.linkage.components import hashed
from services.reconciliation.linkage.resemblance.blocking import LARGEST_BLOCK, blocks_of
from services.reconciliation.linkage.resemblance.description import Description, description_of
from services.reconciliation.linkage.resemblance.resemblance import worth_comparing
from services.reconciliation.weights_file import load_model

BUCKETS = 64


class Alike(NamedTuple):
    """Members to look at together, and blocks that more records share than can be one person's."""

    pairs: list[tuple[int, int]]
    oversized: list[int]


class _Entry(NamedTuple):
    block: int
    member: int
    court: bool
    process: int
    at: int
    """Where in the process's file the description stands."""


def describe(folder: Path, members: Iterable[tuple[int, Sequence[SourceRecord]]]) -> None:
    """Adds the records of numbered members to this process's files."""
    process = os.getpid()
    entries = [array("Q") for _ in range(BUCKETS)]
    with (folder / f"described-{process}").open("ab") as file:
        for member, records in members:
            for record in records:
                description = description_of(record)
                at = file.tell()
                pickle.dump(description, file, pickle.HIGHEST_PROTOCOL)
                of_member = member << 1 | (record.source == "court")
                for block in () if record.withdrawn else blocks_of(description):
                    key = hashed(block)
                    entries[key % BUCKETS].extend((key, of_member, at))
    for bucket, found in enumerate(entries):
        with (folder / f"blocks-{process}-{bucket}").open("ab") as file:
            found.tofile(file)


def compare(folder: Path, bucket: int) -> Alike:
    """Compares all who share a block of one bucket, but for two rap sheets: DOJ tells those apart itself."""
    model = load_model()
    pairs: set[tuple[int, int]] = set()
    seen: set[tuple[int, int]] = set()
    entries = list(_entries(folder, bucket))
    sizes = Counter(entry.block for entry in entries)
    blocks: dict[int, list[_Entry]] = {}
    for entry in entries:
        if 1 < sizes[entry.block] <= LARGEST_BLOCK:
            blocks.setdefault(entry.block, []).append(entry)
    for having in blocks.values():
        for one, other in combinations(having, 2):
            pair = (min(one.member, other.member), max(one.member, other.member))
            if not (one.court or other.court) or one.member == other.member or pair in seen:
                continue
            seen.add(pair)
            if worth_comparing(_description(folder, one), _description(folder, other), model):
                pairs.add(pair)
    return Alike(sorted(pairs), [block for block, size in sizes.items() if size > LARGEST_BLOCK])


def _entries(folder: Path, bucket: int) -> Iterator[_Entry]:
    for path in sorted(folder.glob(f"blocks-*-{bucket}")):
        process, found = int(path.name.split("-")[1]), array("Q")
        found.frombytes(path.read_bytes())
        for block, member, at in zip(found[::3], found[1::3], found[2::3], strict=True):
            yield _Entry(block, member >> 1, bool(member & 1), process, at)


def _description(folder: Path, entry: _Entry) -> Description:
    return _read(folder, entry.process, entry.at)


@lru_cache(maxsize=20_000)
def _read(folder: Path, process: int, at: int) -> Description:
    with (folder / f"described-{process}").open("rb") as file:
        file.seek(at)
        found: Description = pickle.load(file)  # noqa: S301 - written above, in a folder of our own
    return found
