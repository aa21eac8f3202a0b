"""The files of each store, by a name that a person understands, and what can be read in a file."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import asyncpg

from deploy.proof.kafka_batches import decompressed
from deploy.proof.postgres_values import values

Files = Mapping[str, Sequence[Path]]
"""Of each store, by its name."""
SHARED = "Postgres, everything else"
AHEAD = re.compile(r"^\d{20}\.(time)?index")
"""Kafka's indexes: numbers, and 10 MB of zeros that it lays out ahead, for each partition."""


DATED = """SELECT pg_relation_filepath(oid) FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL AND EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND (atttypid = 'anyarray'::regtype
        OR atttypid = 'date'::regtype AND attname !~ '_on$|^(as_of|conviction_date|day|today|until)$'))"""
"""Not where every day is, by its column's name, one on which something was done: of thousands of birth dates one is
met there by chance, in four bytes of a random id."""


class Stores(NamedTuple):
    """The files that are searched."""

    files: Files
    dated: Collection[Path] = frozenset()
    """Those in which Postgres may keep a birth date as four bytes: of tables and indexes with a column of such days, or
    of any values, as its statistics have."""


async def stores_of(
    owner_urls: Mapping[str, str],
    kafka: Path,
    postgres: Path,
    others: Sequence[Path],
    without: Sequence[Path] = (),
) -> Stores:
    """The data folders of Kafka and Postgres, and further folders but what is in those or in ``without``.

    Postgres first writes down what it has in memory. ``owner_urls``: of each service's database.
    """
    databases: dict[int, str] = {}
    dated: set[Path] = set()
    for owner_url in owner_urls.values():
        db = await asyncpg.connect(owner_url)
        try:
            await db.execute("CHECKPOINT")
            databases |= {
                row["oid"]: row["datname"] for row in await db.fetch("SELECT oid, datname FROM pg_database")
            }
            dated.update(postgres / row[0] for row in await db.fetch(DATED))
        finally:
            await db.close()
    found = {**kafka_stores(kafka), **postgres_stores(postgres, databases)}
    for folder in others:
        found |= state_stores(folder, (kafka, postgres, *without))
    return Stores(found, dated)


def kafka_stores(folder: Path) -> Files:
    """Kafka's data folder: each topic, with what its cleaning has not removed yet, and what is beside them."""
    found: dict[str, list[Path]] = {}
    for file in _files(folder):
        topic = re.fullmatch(r"(.+)-\d+(\.[0-9a-f]+-(delete|stray|future))?", file.parent.name)
        name = f"topic {topic[1]}" if topic and file.parent != folder else "Kafka, everything else"
        found.setdefault(name, []).append(file)
    return found


def postgres_stores(folder: Path, databases: Mapping[int, str]) -> Files:
    """Postgres' data folder: each database (``databases``: names by oid), the write-ahead log, and all beside them."""
    found: dict[str, list[Path]] = {}
    for file in _files(folder):
        top, *below = file.relative_to(folder).parts
        if top == "base" and below[0].isdigit():
            name = f"database {databases.get(int(below[0]), below[0])}"
        else:
            name = "write-ahead log" if top == "pg_wal" else SHARED
        found.setdefault(name, []).append(file)
    return found


def state_stores(folder: Path, without: Sequence[Path]) -> Files:
    """Any other folder: each of its folders, but those in ``without``."""
    found: dict[str, list[Path]] = {}
    for file in _files(folder):
        if not any(file.is_relative_to(each) for each in without):
            found.setdefault(str(file.parent.relative_to(folder.parent)), []).append(file)
    return found


def readable(file: Path) -> Iterator[bytes]:
    """A file as it is, and what is compressed or in pieces in it; nothing where it has just been removed.

    One file at a time is in memory: Kafka and Postgres begin another one at 1 GB. Raises CannotLookInto.
    """
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return
    if AHEAD.search(file.name):
        yield data.rstrip(b"\0")
        return
    yield data
    if ".log" in file.suffixes and re.match(r"\d{20}\.", file.name):
        yield from decompressed(data)
    else:
        yield from values(data, of_table=file.parent.parent.name == "base" and file.name[:1].isdigit())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
