"""What Postgres and Kafka compressed, or cut into pieces, is read from the bytes of their files."""

import gzip
import random
import struct
import uuid
from pathlib import Path

import asyncpg
import pytest

from deploy.proof.compression import NotCompressed, lz4
from deploy.proof.kafka_batches import CannotLookInto
from deploy.proof.postgres_values import values
from deploy.proof.stores import readable
from tests.servers import Servers

NAME = "ZZNAME PERSON"


def large(size: int) -> str:
    """Text in which the name stands once, behind what compresses well, but not to nothing."""
    chance = random.Random(size)
    words = [f"word{chance.randrange(40)}" for _ in range(size)]
    return f"{' '.join(words)} {NAME} {' '.join(words)}"


@pytest.mark.servers
@pytest.mark.parametrize("method", ["pglz", "lz4"])
@pytest.mark.parametrize("size", [400, 4000])
async def test_a_large_value_is_read_from_the_files_of_its_table(
    servers: Servers, method: str, size: int
) -> None:
    db = await asyncpg.connect(servers.postgres_admin_dsn)
    table = f"large_{uuid.uuid4().hex[:8]}"
    try:
        await db.execute(f"CREATE TABLE {table} (body text COMPRESSION {method})")
    except asyncpg.FeatureNotSupportedError:
        await db.close()
        pytest.skip("this Postgres was built without lz4")
    try:
        await db.execute(f"INSERT INTO {table} VALUES ($1)", large(size))
        await db.execute("CHECKPOINT")
        data = await db.fetch(
            """SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE oid = $1::text::regclass
               OR oid = (SELECT reltoastrelid FROM pg_class WHERE oid = $1::text::regclass)""",
            table,
        )
    finally:
        await db.execute(f"DROP TABLE {table}")
        await db.close()
    files = [row[0] for row in data]
    assert not any(NAME.encode() in each for each in files)
    assert any(NAME.encode() in value for each in files for value in values(each, of_table=True))


def test_a_block_of_lz4_is_read_also_where_this_postgres_writes_none() -> None:
    assert lz4(b"\x1fa\x01\x00\x05\x50bcdef", 30) == b"a" * 25 + b"bcdef"
    for broken in (b"\x1fa\x01\x00\x05\x50bcde", b"\x1fa\x02\x00\x05\x50bcdef", b"\x1f"):
        with pytest.raises(NotCompressed):
            lz4(broken, 30)


def a_batch(codec: int, records: bytes) -> bytes:
    return struct.pack(">qiibih", 0, 49 + len(records), 0, 2, 0, codec) + bytes(38) + records


def test_a_compressed_batch_is_read(tmp_path: Path) -> None:
    file = tmp_path / "00000000000000000000.log"
    file.write_bytes(a_batch(0, b"plain") + a_batch(1, gzip.compress(NAME.encode())))
    assert any(NAME.encode() in each for each in readable(file))


def test_a_batch_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "00000000000000000000.log.deleted"
    file.write_bytes(a_batch(4, b"zstd"))
    with pytest.raises(CannotLookInto, match="zstd"):
        list(readable(file))
