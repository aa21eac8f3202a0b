"""The supervisor with real servers: who may enter, what listens where, what a kill costs."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import date
from uuid import uuid4

import asyncpg
import httpx
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from deploy.local.supervision import control
from deploy.local.supervision.control import OtherPlanError
from deploy.local.supervision.processes import running
from tests.deploy.conftest import Local

pytestmark = pytest.mark.servers
PATIENCE_S = 240


def sasl(username: str, password: str) -> dict[str, str]:
    return {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": username,
        "sasl_plain_password": password,
    }


def admin(local: Local) -> dict[str, str]:
    return sasl(local.addresses.kafka_username, local.addresses.kafka_password)


async def make_topic(local: Local, topic: str) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=local.addresses.kafka_bootstrap, **admin(local))
    await client.start()
    await client.create_topics([NewTopic(topic, 1, 1)])
    await client.close()


async def send(local: Local, topic: str, value: bytes, credentials: dict[str, str]) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=local.addresses.kafka_bootstrap, acks="all", request_timeout_ms=5000, **credentials
    )
    await producer.start()
    try:
        await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def first_message(local: Local, topic: str, credentials: dict[str, str]) -> bytes | None:
    async with AIOKafkaConsumer(
        topic,
        bootstrap_servers=local.addresses.kafka_bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        **credentials,
    ) as consumer:
        message = await asyncio.wait_for(consumer.getone(), PATIENCE_S)
        return message.value


async def keep_something(local: Local) -> str:
    """A message and a row of one name, both acknowledged."""
    name = f"kept-{uuid4().hex}"
    await make_topic(local, name)
    await send(local, name, name.encode(), admin(local))
    connection = await asyncpg.connect(local.addresses.owner_urls["ingest"])
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (name text)")
    await connection.execute("INSERT INTO kept VALUES ($1)", name)
    await connection.close()
    return name


async def assert_kept(local: Local, name: str) -> None:
    connection = await asyncpg.connect(local.addresses.owner_urls["ingest"])
    assert await connection.fetchval("SELECT count(*) FROM kept WHERE name = $1", name) == 1
    await connection.close()
    assert await first_message(local, name, admin(local)) == name.encode()


async def until_ready_again(local: Local, name: str, killed: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = {each.name: each for each in await asyncio.to_thread(control.status, local.layout)}[name]
            if found.ready and found.pid != killed:
                return
            await asyncio.sleep(0.2)


def family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


async def test_no_other_account_can_read_what_the_servers_and_services_write(local: Local) -> None:
    await keep_something(local)
    layout = local.layout
    for folder in (layout.kafka / "data", layout.postgres / "data", layout.logs, layout.run, layout.secrets):
        assert folder.stat().st_mode & 0o077 == 0, folder
    files = [
        path
        for folder in (layout.kafka / "data", layout.logs)
        for path in folder.rglob("*")
        if path.is_file()
    ]
    assert len(files) > 10
    assert not [path for path in files if path.exists() and path.stat().st_mode & 0o077]


async def test_a_second_up_finds_the_first(local: Local) -> None:
    before = local.supervisor
    assert not await asyncio.to_thread(local.up)
    assert local.supervisor == before


async def test_a_second_up_with_another_date_or_policy_is_told_to_go_down_first(local: Local) -> None:
    for other in ({"as_of": date(2020, 4, 1)}, {"policy": {"los-angeles": "statute"}}):
        with pytest.raises(OtherPlanError, match="reliefstream down"):
            await asyncio.to_thread(replace(local, plan=local.plan.model_copy(update=other)).up)


async def test_everything_listens_on_loopback_only(local: Local) -> None:
    listening = [
        connection.laddr
        for process in family(local.supervisor)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) == 5  # Kafka and its controller, Postgres, two services
    assert {address.ip.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


async def test_a_service_gets_its_own_database_and_the_trials_date_and_policy(local: Local) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        given = (await client.get(local.addresses.http["relief"] + "/environment")).json()
    assert given["RELIEFSTREAM_DATABASE_URL"] == local.addresses.database_urls["relief"]
    assert given["RELIEFSTREAM_AS_OF"] == "2021-09-01"
    assert given["RELIEFSTREAM_POLICY"] == '{"los-angeles": "los-angeles-2021"}'
    assert given["RELIEFSTREAM_INSTANCE"] == "relief-0"


async def test_no_service_can_read_anothers_database(local: Local) -> None:
    ingest, relief = (local.addresses.database_urls[name] for name in ("ingest", "relief"))
    connection = await asyncpg.connect(ingest)
    await connection.close()
    for database in ("relief", "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(ingest.rpartition("/")[0] + f"/{database}")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(relief.replace("relief:", "relief:x"))


async def test_a_county_writes_its_own_records_and_reads_its_own_receipts_only(local: Local) -> None:
    for county in ("los-angeles", "sacramento"):
        await make_topic(local, f"source-records-v1-{county}")
        await make_topic(local, f"receipts-v1-{county}")
        await send(local, f"receipts-v1-{county}", county.encode(), admin(local))
    theirs = sasl(
        "county-los-angeles", (local.layout.secrets / "kafka-county-los-angeles").read_text().strip()
    )
    await send(local, "source-records-v1-los-angeles", b"{}", theirs)
    assert await first_message(local, "receipts-v1-los-angeles", theirs) == b"los-angeles"
    for topic in ("source-records-v1-sacramento", "receipts-v1-los-angeles"):
        with pytest.raises(KafkaError):
            await send(local, topic, b"{}", theirs)
    for topic in ("receipts-v1-sacramento", "source-records-v1-los-angeles"):
        with pytest.raises(KafkaError):
            await first_message(local, topic, theirs)
    with pytest.raises(KafkaError):
        await send(local, "source-records-v1-los-angeles", b"{}", sasl("county-los-angeles", "wrong"))


async def test_an_integrator_reads_dismissals_of_the_counties_granted_and_nothing_else(local: Local) -> None:
    granted, other = "dismissals-v1-los-angeles", "dismissals-v1-sacramento"
    for topic in (granted, other, "relief-v1"):
        await make_topic(local, topic)
        await send(local, topic, topic.encode(), admin(local))
    theirs = sasl("integrator-a", (local.layout.secrets / "kafka-integrator-a").read_text().strip())
    assert await first_message(local, granted, theirs) == granted.encode()
    for topic in (other, "relief-v1"):
        with pytest.raises(KafkaError):
            await first_message(local, topic, theirs)
    with pytest.raises(KafkaError):
        await send(local, granted, b"{}", theirs)


@pytest.mark.parametrize("name", ["ingest", "postgres", "kafka"])
async def test_what_was_killed_comes_back_with_all_data(local: Local, name: str) -> None:
    kept, killed = await keep_something(local), local.pid(name)
    os.kill(killed, signal.SIGKILL)
    await until_ready_again(local, name, killed)
    note = running(local.layout, name)
    assert note and note["restarts"] >= 1
    await assert_kept(local, kept)


async def test_after_the_supervisor_was_killed_up_replaces_what_it_left(local: Local) -> None:
    kept, left = await keep_something(local), family(local.supervisor)
    left[0].kill()
    assert await asyncio.to_thread(local.up)
    assert not [process for process in left if process.is_running()]
    await assert_kept(local, kept)


async def test_after_everything_was_killed_at_once_up_brings_all_data_back(local: Local) -> None:
    kept = await keep_something(local)
    for process in family(local.supervisor):
        with suppress(psutil.NoSuchProcess):  # it ended with the one before it
            process.kill()
    assert await asyncio.to_thread(local.up)
    await assert_kept(local, kept)


async def test_a_process_whose_pid_was_never_noted_is_found_and_stopped(local: Local) -> None:
    left = family(local.supervisor)
    left[0].kill()
    for note in local.layout.run.glob("*.pid"):
        note.unlink()
    assert await asyncio.to_thread(local.up)
    assert not [process for process in left if process.is_running()]


async def test_down_leaves_no_process_and_up_brings_the_data_and_the_ports_back(local: Local) -> None:
    kept, before, ran = await keep_something(local), local.addresses, family(local.supervisor)
    assert await asyncio.to_thread(control.down, local.layout, lambda _: None)
    assert not [process for process in ran if process.is_running()]
    assert not await asyncio.to_thread(control.down, local.layout, lambda _: None)
    assert await asyncio.to_thread(local.up)
    assert local.addresses == before
    await assert_kept(local, kept)


async def test_down_by_another_program_ends_although_nobody_has_collected_the_supervisor(
    local: Local,
) -> None:
    ran = family(local.supervisor)
    stop = (
        "import sys; from pathlib import Path; from deploy.local.layout import Layout; "
        "from deploy.local.supervision.control import down; down(Layout(Path(sys.argv[1])), print)"
    )
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", stop, str(local.layout.root))
    async with asyncio.timeout(60):  # it went on for its whole patience of two minutes
        assert await other.wait() == 0
    assert {process.status() for process in ran if process.is_running()} <= {psutil.STATUS_ZOMBIE}
    assert await asyncio.to_thread(local.up)


async def test_two_ups_at_once_start_one_set_of_servers(local: Local) -> None:
    await asyncio.to_thread(control.down, local.layout, lambda _: None)
    await asyncio.gather(asyncio.to_thread(local.up), asyncio.to_thread(local.up))
    running_servers = [process.name() for process in family(local.supervisor)[1:]]
    assert running_servers.count("java") == 1
    assert not await asyncio.to_thread(local.up)


def test_no_password_is_in_a_log_or_a_command_line(local: Local) -> None:
    secrets = [path.read_text() for path in local.layout.secrets.iterdir() if path.suffix != ".json"]
    assert len(secrets) >= 6
    shown = [" ".join(process.cmdline()) for process in family(local.supervisor)]
    shown += [path.read_text(errors="replace") for path in local.layout.logs.iterdir()]
    assert not [secret for secret in secrets for text in shown if secret in text]
