"""Each file belongs to a store that a person understands, and each text that stands in it is found."""

import struct
import uuid
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from deploy.proof.kafka_batches import CannotLookInto
from deploy.proof.stores import Stores, kafka_stores, postgres_stores, readable, state_stores, stores_of
from deploy.proof.texts import Text, files_with, found_in_stores
from deploy.proof.writings import in_binary
from tests.servers import Servers

SMITH = Text("name", "SMITHSON")
BORN = Text("birth date", "1961-05-04")
WRITTEN, OTHERWISE = Text("case number", "BA123456"), Text("case number", "ba123456")


def a_file(folder: Path, place: str, content: bytes) -> Path:
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def test_kafkas_files_are_their_topics_also_while_they_are_removed(tmp_path: Path) -> None:
    kept = a_file(tmp_path, "relief-v1-0/00000000000000000000.log", b"")
    gone = a_file(tmp_path, "relief-v1-1.0a1b2c-delete/00000000000000000000.log", b"")
    beside = a_file(tmp_path, "cleaner-offset-checkpoint", b"")
    assert kafka_stores(tmp_path) == {"topic relief-v1": [kept, gone], "Kafka, everything else": [beside]}


def test_postgres_files_are_their_databases_the_log_and_the_rest(tmp_path: Path) -> None:
    known, unknown = a_file(tmp_path, "base/16384/2619", b""), a_file(tmp_path, "base/16999/1", b"")
    log, rest = a_file(tmp_path, "pg_wal/000000010000000000000001", b""), a_file(tmp_path, "global/1262", b"")
    assert postgres_stores(tmp_path, {16384: "relief"}) == {
        "database relief": [known],
        "database 16999": [unknown],
        "write-ahead log": [log],
        "Postgres, everything else": [rest],
    }


def test_a_folder_is_searched_but_for_what_is_left_out(tmp_path: Path) -> None:
    log = a_file(tmp_path, "state/logs/relief.log", b"")
    a_file(tmp_path, "state/proofs/one.json", b"")
    assert state_stores(tmp_path / "state", [tmp_path / "state/proofs"]) == {"state/logs": [log]}


def test_what_stands_in_a_store_is_found_and_nothing_else(tmp_path: Path) -> None:
    table = a_file(tmp_path, "table", b"name: Smithson")
    other = a_file(tmp_path, "other", b'{"case_number": "Ba123456"}')
    stores = Stores({"database relief": [table], "topic relief-v1": [other], "logs": []})
    assert found_in_stores(stores, [SMITH, BORN, WRITTEN, OTHERWISE]) == {
        "database relief": {SMITH},
        "topic relief-v1": {WRITTEN, OTHERWISE},
        "logs": set(),
    }
    assert files_with(Stores({"both": [table, other]}), "both", SMITH) == [table]


DAY = struct.pack("=i", in_binary(date(1961, 5, 4)))


def test_a_day_in_four_bytes_is_found_where_days_may_stand_and_as_a_column_would(tmp_path: Path) -> None:
    table, part = a_file(tmp_path, "16400", bytes(8)), a_file(tmp_path, "16400.1", b"1234" + DAY + b"56")
    other, shifted = a_file(tmp_path, "16401", DAY), a_file(tmp_path, "16402", b"1" + DAY)
    stores = Stores({"dated": [table, part], "other": [other], "shifted": [shifted]}, {table, shifted})
    assert found_in_stores(stores, [SMITH, BORN]) == {"dated": {BORN}, "other": set(), "shifted": set()}
    assert files_with(stores, "dated", BORN) == [part]


def test_the_share_that_is_looked_through_is_told(tmp_path: Path) -> None:
    files = [a_file(tmp_path, name, bytes(size)) for name, size in (("one", 30), ("two", 10))]
    gone, shares = tmp_path / "gone", list[float]()
    found_in_stores(Stores({"a": files[:1], "b": [gone, *files[1:]]}), [SMITH], shares.append)
    assert shares == [0.75, 0.75, 1.0]
    found_in_stores(Stores({"a": [gone]}), [SMITH], shares.append)


@pytest.mark.servers
async def test_birth_dates_may_stand_in_tables_and_indexes_that_say_them_and_in_statistics(
    servers: Servers,
) -> None:
    db = await asyncpg.connect(servers.postgres_admin_dsn)
    table, other = (f"{word}_{uuid.uuid4().hex[:8]}" for word in ("dated", "told"))
    try:
        await db.execute(f"CREATE TABLE {table} (name text PRIMARY KEY, born date)")
        await db.execute(f"CREATE INDEX {table}_born ON {table} (name) INCLUDE (born)")
        await db.execute(f"CREATE TABLE {other} (id uuid PRIMARY KEY, told_on date, as_of date)")
        paths = {
            name: await db.fetchval("SELECT pg_relation_filepath($1::text::regclass)", name)
            for name in (table, f"{table}_born", f"{table}_pkey", other, "pg_statistic")
        }
        data = await db.fetchval("SELECT current_setting('data_directory')")
        stores = await stores_of({"any": servers.postgres_admin_dsn}, Path("none"), Path(data), [])
    finally:
        await db.execute(f"DROP TABLE IF EXISTS {table}, {other}")
        await db.close()
    dated = {name for name, path in paths.items() if Path(data) / path in stores.dated}
    assert dated == {table, f"{table}_born", "pg_statistic"}


def test_a_file_that_cannot_be_looked_into_is_no_file_without_the_text(tmp_path: Path) -> None:
    batch = bytes(8) + (49).to_bytes(4, "big") + bytes(4) + b"\2" + bytes(5) + b"\4" + bytes(38)
    segment = a_file(tmp_path, "relief-v1-0/00000000000000000000.log", batch)
    with pytest.raises(CannotLookInto, match="zstd"):
        found_in_stores(Stores({"topic relief-v1": [segment]}), [SMITH])


def test_what_kafka_lays_out_ahead_in_its_indexes_is_not_searched(tmp_path: Path) -> None:
    index = a_file(tmp_path, "relief-v1-0/00000000000000000000.timeindex", b"SMITHSON" + bytes(100))
    assert list(readable(index)) == [b"SMITHSON"]
