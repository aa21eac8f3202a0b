"""The search as a command: it finds a conviction's texts before it is sealed, and says what is left afterwards."""

import asyncio
import json
import stat
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from services.cli.seal_prove import prove
from services.cli.terminal.exit import Broken, WrongUsage
from tests.servers import Servers

pytestmark = pytest.mark.servers
RELIEF = uuid.uuid4()
OURS, ANOTHERS = uuid.uuid4(), uuid.uuid4()
SEALED = "court/los-angeles/C-1001"


@dataclass(frozen=True)
class Stores:
    """Databases with what the command reads of them, and the folders that it searches."""

    urls: dict[str, str]
    folder: Path

    def prove(self) -> None:
        prove(RELIEF, kafka=self.folder / "kafka", postgres=self.folder / "postgres")

    def on_topic(self, text: str) -> None:
        segment = self.folder / "kafka" / "records-v1-0" / "00000000000000000000.log"
        segment.parent.mkdir(parents=True, exist_ok=True)
        segment.write_bytes(bytes(61) + text.encode())

    def run(self, service: str, *statements: tuple[Any, ...]) -> None:
        async def running() -> None:
            db = await asyncpg.connect(self.urls[service])
            for statement, *values in statements:
                await db.execute(statement, *values)
            await db.close()

        asyncio.run(running())


@pytest.fixture
def stores(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    names = {name: f"{name}_{uuid.uuid4().hex[:8]}" for name in ("relief", "reconciliation")}
    admin = urlsplit(servers.postgres_admin_dsn)
    urls = {name: admin._replace(path=f"/{database}").geturl() for name, database in names.items()}
    whole = Stores({**urls, "admin": servers.postgres_admin_dsn}, tmp_path)
    whole.run("admin", *((f"CREATE DATABASE {database}",) for database in names.values()))
    (tmp_path / "postgres").mkdir()
    (tmp_path / "kafka").mkdir()
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path / "local"))
    (tmp_path / "local").mkdir()
    monkeypatch.setenv("RELIEFSTREAM_OWNER_URLS", json.dumps(urls))
    whole.run(
        "relief",
        ("CREATE TABLE reliefs (relief_id uuid, conviction jsonb)",),
        ("CREATE TABLE relief_counts (relief_id uuid, count_key text)",),
        ("CREATE TABLE findings (count_key text, subject_id uuid, conviction_id uuid)",),
        ("INSERT INTO reliefs VALUES ($1, $2)", RELIEF, json.dumps({"counts": [f"{SEALED}/1"]})),
    )
    whole.run(
        "reconciliation",
        ("CREATE TABLE records (record_key text, body bytea, subject_id uuid)",),
        ("INSERT INTO records VALUES ($1, $2, $3)", SEALED, a_record("C-1001", "BA111111"), OURS),
        ("INSERT INTO records VALUES ($1, $2, $3)", "court/x/C-5", a_record("C-5", "BA222222"), OURS),
        (
            "INSERT INTO records VALUES ($1, $2, $3)",
            "court/x/C-9",
            a_record("C-9", "BA333333", "X-1"),
            ANOTHERS,
        ),
    )
    yield whole
    whole.run("admin", *((f"DROP DATABASE {database} WITH (FORCE)",) for database in names.values()))


def a_record(record_id: str, case_number: str, key: str = "P-700700") -> bytes:
    person = {
        "source_subject_id": key,
        "cii_numbers": ["Z1234567"],
        "name": {"surname": "SMITHSON", "given": "JANE", "middle": None, "suffix": None},
        "birth_date": "1961-05-04",
    }
    count = {"count_id": "1", "case_number": case_number}
    return json.dumps({"record_id": record_id, "person": person, "counts": [count]}).encode()


def test_what_is_the_convictions_alone_is_found_first_and_missed_afterwards(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    stores.on_topic("C-1001 of case BA111111")
    stores.prove()
    said = capsys.readouterr().out
    assert "Of this conviction alone: 1 case number, 1 source key." in said
    assert "topic records-v1: 1 case number, 1 source key" in said
    assert "BA111111" not in said
    (file,) = (stores.folder / "local" / "proofs").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    stores.run("relief", ("DELETE FROM reliefs",))
    with pytest.raises(Broken, match="still stands"):
        stores.prove()
    assert "topic records-v1: 1 case number, 1 source key before, 1 case number, 1 source key now" in (
        capsys.readouterr().out
    )
    stores.on_topic("another one")
    stores.prove()
    said = capsys.readouterr().out
    assert "before, nothing now\nNothing of it stands in any file." in said
    assert "nothing before, nothing now" not in said
    assert not file.exists()
    with pytest.raises(WrongUsage, match="taken before"):
        stores.prove()


def test_what_stands_in_a_text_that_stays_is_not_sought(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    other = a_record("C-5", "BA111111-2")
    stores.run("reconciliation", ("INSERT INTO records VALUES ('court/x/C-5', $1, $2)", other, OURS))
    stores.on_topic("C-1001")
    stores.prove()
    assert "Of this conviction alone: 1 source key." in capsys.readouterr().out


def test_what_is_found_nowhere_proves_nothing(stores: Stores) -> None:
    stores.on_topic("another one")
    with pytest.raises(Broken, match="proves nothing later"):
        stores.prove()


def test_the_texts_of_a_record_that_came_after_the_order_are_sought_too(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    later = "doj/los-angeles/44455566"
    record = a_record("44455566", "BA111111", "44455566")
    stores.run("reconciliation", ("INSERT INTO records VALUES ($1, $2, $3)", later, record, OURS))
    stores.run("relief", ("INSERT INTO relief_counts VALUES ($1, $2)", RELIEF, f"{later}/1"))
    stores.on_topic("C-1001 of case BA111111, and 44455566")
    stores.prove()
    assert "Of this conviction alone: 1 case number, 2 source key." in capsys.readouterr().out


def test_where_every_text_is_on_other_records_there_is_nothing_to_prove(stores: Stores) -> None:
    same = a_record("C-1001", "BA111111")
    stores.run("reconciliation", ("INSERT INTO records VALUES ('court/x/C-1001', $1, $2)", same, ANOTHERS))
    with pytest.raises(Broken, match="Nothing can be proved"):
        stores.prove()
    assert not (stores.folder / "local" / "proofs").exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="proves nothing"):
        prove(RELIEF, kafka=tmp_path / "typed-wrong")
