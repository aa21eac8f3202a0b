"""``reliefstream submit`` against a running ingest."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pydantic import SecretStr

from deploy.local.addresses import is_free
from reliefstream_contracts.identifiers import derived
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import ReliefEvent
from reliefstream_contracts.sealing import LinksPinned
from services.chassis.outbox import relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.settings.kafka_address import KafkaAddress
from services.cli import quarantine, submit
from services.cli.client import services as asking
from services.cli.client.addresses import Addresses
from services.cli.client.local_root import local_root
from services.cli.client.quarantine_filter import Choice
from services.cli.submission import file_messages, submit_file
from services.cli.submission.report import report
from services.cli.submission.submission import Outcome, Place, Progress, Submission
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage
from services.evaluation.files.doj_file import UnreadableFile, file_sha256
from services.ingest.app import build
from services.ingest.settings import IngestSettings
from tests.accounts import every_office_file
from tests.county_files import POLICIES
from tests.ingest.conftest import database_url, migrated  # noqa: F401 - fixtures
from tests.ingest.rows import case_bytes, header, row
from tests.own_settings import OWN_SETTINGS
from tests.servers import Servers

TOKEN = "of-every-office"

pytestmark = pytest.mark.servers


@pytest_asyncio.fixture
async def county(
    servers: Servers,
    database_url: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[tuple[Addresses, str]]:
    """A county of the test's own, with ingest running."""
    name = "test-" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid.uuid4().hex)
    kafka = KafkaAddress(servers.kafka_bootstrap, servers.kafka_username, servers.kafka_password)
    monkeypatch.setattr(SourceRecord, "TOPIC", f"records-{name}")
    monkeypatch.setattr(ReliefEvent, "TOPIC", f"relief-{name}")
    monkeypatch.setattr(LinksPinned, "TOPIC", f"forgotten-{name}")
    monkeypatch.setattr(relay, "POSITIONS", f"positions-{name}")
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path / "local"))
    folder = tmp_path / "counties" / name
    folder.mkdir(parents=True)
    (folder / "county.yaml").write_text(f"county: {name}\nnames: [LOS ANGELES]\n{POLICIES}")
    client = AIOKafkaAdminClient(**kafka.client_options())
    await client.start()
    topics = (
        f"source-records-v1-{name}",
        f"receipts-v1-{name}",
        SourceRecord.TOPIC,
        ReliefEvent.TOPIC,
        LinksPinned.TOPIC,
        f"{relay.POSITIONS}ingest",
    )
    await client.create_topics([NewTopic(topic, 1, 1) for topic in topics])
    await client.close()
    port = next(each for each in range(20_000, 21_000) if is_free(each))
    settings = IngestSettings(
        kafka_bootstrap=kafka.bootstrap,
        kafka_username=kafka.username,
        kafka_password=SecretStr(kafka.password or ""),
        database_url=SecretStr(database_url),
        **OWN_SETTINGS["ingest"],
        http_port=port,
        instance=name,
        grants_file=every_office_file(tmp_path, TOKEN),
        counties_dir=folder.parent,
    )
    service = build(settings, SystemClock())
    running = asyncio.create_task(service.run())
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url) as http, asyncio.timeout(180):
        while True:
            try:
                if (await http.get("/readyz")).status_code == 200:
                    break
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)
    yield Addresses(kafka, {"ingest": url}, TOKEN, {}), name
    service.stop()
    await running
    client = AIOKafkaAdminClient(**kafka.client_options())
    await client.start()
    await client.delete_topics(list(topics))
    await client.close()


async def test_a_file_is_sent_answered_and_known_the_second_time(
    county: tuple[Addresses, str], tmp_path: Path
) -> None:
    found, name = county
    doj, court = tmp_path / "doj.csv", tmp_path / "cases.jsonl"
    rows = [row(SUBJECT_ID=str(n % 300), CNT_ORDER=f"001002{n // 300:03}000") for n in range(900)]
    doj.write_bytes(b"\n".join([header(), *rows, row(SUBJECT_ID="9999")[:100]]))
    court.write_bytes(b"\n".join([case_bytes(), b"not JSON", case_bytes(record_id="2")]))

    def send(path: Path, form: file_messages.Format) -> Outcome:
        return submit_file.submit_file(found, path, name, form)

    first = await asyncio.to_thread(send, doj, "doj")
    assert (first.received, first.recorded, first.repeats, first.quarantined) == (301, 300, 0, 1)
    assert {code: reason.first for (code, _), reason in first.reasons.items()}["row_truncated"] == [
        "row 901 (line 902)"
    ]
    assert "quarantine list" in report(doj, name, first)
    again = await asyncio.to_thread(send, doj, "doj")
    assert (again.received, again.repeats, again.quarantined) == (301, 300, 1)
    cases = await asyncio.to_thread(send, court, "court")
    assert (cases.received, cases.recorded, cases.quarantined, cases.refused) == (3, 2, 1, 1)
    assert list((tmp_path / "local" / "submissions").iterdir()) == [], "what is finished leaves nothing"


async def test_what_was_refused_is_listed_shown_and_resubmitted(
    county: tuple[Addresses, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found, name = county
    monkeypatch.setattr(submit, "addresses", lambda: found)
    monkeypatch.setattr(asking, "addresses", lambda: found)
    path = tmp_path / "doj.csv"
    path.write_bytes(row() + b"\n" + row(CNT_ORDER=""))
    with pytest.raises(Refused):
        await asyncio.to_thread(submit.submit, [path], county=name, format="doj")
    assert "1 x count_order_invalid" in capsys.readouterr().out
    await asyncio.to_thread(quarantine.list_, Choice(county=name))
    listed = capsys.readouterr().out
    assert "row 2 (line 2), column CNT_ORDER" in listed
    quarantine_id = listed.split()[0]
    await asyncio.to_thread(quarantine.show, quarantine_id)
    shown = capsys.readouterr().out
    assert "record     18000001" in shown and "rows of a rap sheet" in shown
    with pytest.raises(Refused, match="1 of 1 refused again"):
        await asyncio.to_thread(quarantine.resubmit, [quarantine_id])
    with pytest.raises(Refused, match="No such entry"):
        await asyncio.to_thread(quarantine.show, str(uuid.uuid4()))


async def test_an_interrupted_run_goes_on_where_it_stopped(
    county: tuple[Addresses, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, name = county
    path = tmp_path / "doj.csv"
    path.write_bytes(b"\n".join(row(SUBJECT_ID=str(n)) for n in range(100)))
    monkeypatch.setattr("services.cli.submission.submission.IN_FLIGHT", 10)
    kept: list[int] = []
    sent: list[int] = []
    real, send = Progress.keep, Submission._send_one

    def keep_and_die(self: Progress) -> None:
        real(self)
        kept.append(self.acknowledged)
        if self.acknowledged == 50:
            raise RuntimeError("killed")

    async def send_and_count(self: Submission, producer: Any, topic: str, unit: int, message: Any) -> Any:
        sent.append(unit)
        return await send(self, producer, topic, unit, message)

    monkeypatch.setattr(Progress, "keep", keep_and_die)
    with pytest.raises(RuntimeError, match="killed"):
        await asyncio.to_thread(submit_file.submit_file, found, path, name, "doj")
    monkeypatch.setattr(Progress, "keep", real)
    monkeypatch.setattr(Submission, "_send_one", send_and_count)
    outcome = await asyncio.to_thread(submit_file.submit_file, found, path, name, "doj")
    assert kept[-1] == 50
    assert sent == list(range(51, 101))
    assert (outcome.received, outcome.recorded, outcome.repeats) == (100, 100, 0)


async def test_what_another_kafka_acknowledged_is_sent_here_too(
    county: tuple[Addresses, str], tmp_path: Path
) -> None:
    found, name = county
    path = tmp_path / "doj.csv"
    path.write_bytes(b"\n".join(row(SUBJECT_ID=str(n)) for n in range(20)))
    await asyncio.to_thread(submit_file.submit_file, found, path, name, "doj")
    said = ("", "utf-8")
    submission_id = derived("submission", name, "doj", file_sha256(path), *said)
    elsewhere = Progress(local_root() / "submissions" / f"{submission_id}.json")
    elsewhere.acknowledged, elsewhere.receipts_from, elsewhere.last = (
        10,
        {0: 0},
        Place(0, 9, 1_700_000_000_000),
    )
    elsewhere.keep()
    outcome = await asyncio.to_thread(submit_file.submit_file, found, path, name, "doj")
    assert (outcome.received, outcome.recorded, outcome.repeats) == (20, 0, 20)


@pytest.mark.parametrize(
    ("content", "form", "code"),
    [
        (b"", "doj", "empty_file"),
        (b"", "court", "empty_file"),
        (b"%PDF-1.7", "doj", "not_csv"),
        (b"PK\x03\x04", "court", "not_json_lines"),
        (b"a,b\n1,2\n", "doj", "not_doj_layout"),
        (b"[\n{}\n]", "court", "not_json_lines"),
        (b'{\n"record_id": "1"\n}', "court", "not_json_lines"),
        (row()[:-1], "doj", "not_doj_layout"),
    ],
)
def test_a_file_of_another_kind_is_not_sent_at_all(
    content: bytes, form: file_messages.Format, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    nowhere = Addresses(KafkaAddress("127.0.0.1:1"), {}, "", {})
    with pytest.raises(UnreadableFile) as refused:
        submit_file.submit_file(nowhere, path, "los-angeles", form)
    assert refused.value.problem.code == code


@pytest.mark.parametrize(
    ("options", "said"),
    [({"extract": "soon"}, "YYYY-MM-DD"), ({"files": [Path("nowhere.csv")]}, "no such file")],
)
def test_a_wrong_call_says_what_is_right(options: dict[str, object], said: str, tmp_path: Path) -> None:
    path = tmp_path / "doj.csv"
    path.write_bytes(row())
    given = {"files": [path], "county": "los-angeles", "format": "doj"} | options
    with pytest.raises(WrongUsage, match=said):
        submit.submit(**given)  # type: ignore[arg-type]


def test_a_kafka_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path))
    path = tmp_path / "doj.csv"
    path.write_bytes(row())
    nowhere = Addresses(KafkaAddress("127.0.0.1:1"), {}, "", {})
    with pytest.raises(ServerMissing, match="reliefstream up"):
        submit_file.submit_file(nowhere, path, "los-angeles", "doj")
