"""The whole service between a real Kafka, a real Postgres, and the examples that integrators start from."""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pydantic import SecretStr

from deploy.local.addresses import is_free
from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.event import headers_of_all, headers_of_one, source_of
from reliefstream_contracts.relief import ReliefEvent
from reliefstream_contracts.sealing import SealRemoved
from services.chassis.outbox import relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.settings.kafka_address import KafkaAddress
from services.cli import subscription
from services.cli.terminal.exit import Refused
from services.notification.app import build
from services.notification.dismissal import dismissal
from services.notification.settings import NotificationSettings
from tests.accounts import every_office_file
from tests.notification.builders import START, acknowledged, ordered, proposed
from tests.own_settings import OWN_SETTINGS
from tests.servers import Servers

pytestmark = pytest.mark.servers
EXAMPLES = Path(__file__).parents[2] / "deploy" / "examples"


@asynccontextmanager
async def example(name: str, *arguments: str, **environment: str) -> AsyncIterator[asyncio.StreamReader]:
    """An example as an integrator runs it; what it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLES / name),
        *arguments,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(180):
            yield process.stdout
    finally:
        process.kill()
        await process.wait()


@pytest_asyncio.fixture
async def kafka(servers: Servers) -> KafkaAddress:
    return KafkaAddress(servers.kafka_bootstrap, servers.kafka_username, servers.kafka_password)


async def make_topics(kafka: KafkaAddress, *names: str) -> None:
    client = AIOKafkaAdminClient(**kafka.client_options())
    await client.start()
    there = set(await client.list_topics())
    await client.create_topics([NewTopic(name, 2, 1) for name in names if name not in there])
    await client.close()


async def send(kafka: KafkaAddress, topic: str, events: Sequence[ReliefEvent | ConvictionDismissed]) -> None:
    producer = AIOKafkaProducer(**kafka.client_options())
    await producer.start()
    for event in events:
        await producer.send(
            topic,
            event.to_json(),
            key=event.key().encode(),
            headers=headers_of_all(source_of(event.PRODUCERS[0]), START) + headers_of_one(event),
        )
    await producer.stop()


def consumers_environment(kafka: KafkaAddress, topic: str, folder: Path) -> dict[str, str]:
    environment = {
        "KAFKA_BOOTSTRAP": kafka.bootstrap,
        "TOPICS": topic,
        "DATABASE": str(folder / "dismissals.sqlite"),
    }
    if kafka.username:
        environment |= {"KAFKA_USERNAME": kafka.username, "KAFKA_PASSWORD": kafka.password or ""}
    return environment


async def test_the_example_consumer_sees_each_dismissal_once(kafka: KafkaAddress, tmp_path: Path) -> None:
    topic = f"dismissals-{uuid.uuid4().hex}"
    await make_topics(kafka, topic)
    one, two = (dismissal(ordered(number), START) for number in (1, 2))
    await send(kafka, topic, [one, one, one])
    environment = consumers_environment(kafka, topic, tmp_path)
    async with example("consume_dismissals.py", GROUP=f"one-{topic}", **environment) as printed:
        assert await printed.readline() == b"dismissal los-angeles BA000001 HS 11359\n"
    await send(kafka, topic, [one, two])
    async with example("consume_dismissals.py", GROUP=f"two-{topic}", **environment) as printed:
        assert await printed.readline() == b"dismissal los-angeles BA000002 HS 11359\n", "one was seen before"


async def test_an_order_reaches_the_example_webhook_signed(
    kafka: KafkaAddress,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Topics, a consumer group and relay positions of this test's own: the servers may be shared.
    own = uuid.uuid4().hex
    monkeypatch.setattr(ReliefEvent, "TOPIC", f"relief-{own}")
    monkeypatch.setattr(SealRemoved, "TOPIC", f"forgotten-{own}")
    monkeypatch.setattr(ConvictionDismissed, "TOPIC", f"dismissals-{own}-{{county}}")
    dismissals = ConvictionDismissed.TOPIC.format(county="los-angeles")
    monkeypatch.setattr(relay, "POSITIONS", f"positions-{own}")
    await make_topics(
        kafka, ReliefEvent.TOPIC, SealRemoved.TOPIC, dismissals, f"{relay.POSITIONS}notification"
    )
    port = next(each for each in range(19_000, 20_000) if is_free(each))
    tokens = tmp_path / "tokens.json"
    tokens.write_text('{"case-system": "one"}')
    service = build(
        NotificationSettings(
            kafka_bootstrap=kafka.bootstrap,
            kafka_username=kafka.username,
            kafka_password=SecretStr(kafka.password or ""),
            database_url=SecretStr(database_url),
            http_port=port,
            instance=uuid.uuid4().hex,
            grants_file=every_office_file(tmp_path, "operator-word"),
            integrator_tokens_file=tokens,
            **OWN_SETTINGS["notification"],
        ),
        SystemClock(),
    )
    running = asyncio.create_task(service.run())
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await ready(client)
            client.headers["authorization"] = "Bearer one"
            hook = next(each for each in range(18_000, 19_000) if is_free(each))
            made = (await client.post("/v1/subscriptions", json={"url": f"http://127.0.0.1:{hook}/"})).json()
            async with example("receive_webhook.py", str(hook), WEBHOOK_SECRET=made["secret"]) as printed:
                assert (await printed.readline()).startswith(b"listening")
                unsigned = await client.post(f"http://127.0.0.1:{hook}/", json={"type": "forged"})
                assert unsigned.status_code == 401
                await client.post(f"/v1/subscriptions/{made['id']}/test")
                assert await printed.readline() == b"reliefstream.test.v1 None None\n"
                await send(kafka, ReliefEvent.TOPIC, [proposed(7), ordered(7), acknowledged(7)])
                assert (
                    await printed.readline() == b"reliefstream.conviction.dismissed.v1 los-angeles BA000007\n"
                )
            environment = consumers_environment(kafka, dismissals, tmp_path)
            async with example("consume_dismissals.py", GROUP=own, **environment) as printed:
                assert await printed.readline() == b"dismissal los-angeles BA000007 HS 11359\n"
            monkeypatch.setenv("RELIEFSTREAM_KAFKA_BOOTSTRAP", kafka.bootstrap)
            monkeypatch.setenv("RELIEFSTREAM_NOTIFICATION_URL", str(client.base_url))
            monkeypatch.setenv(subscription.TOKEN, "one")
            await asyncio.to_thread(subscription.create, "http://127.0.0.1:9/", county=["los-angeles"])
            printed_id = capsys.readouterr().out.splitlines()[-2]
            await asyncio.to_thread(subscription.list_)
            assert (
                f"{printed_id} active case-system los-angeles http://127.0.0.1:9/" in capsys.readouterr().out
            )
            await asyncio.to_thread(subscription.test, printed_id)
            await asyncio.to_thread(subscription.delete, printed_id)
            with pytest.raises(Refused, match="GET /v1/subscriptions lists yours"):
                await asyncio.to_thread(subscription.delete, printed_id)
            metrics = (await client.get("/metrics")).text
            assert 'reliefstream_webhook_attempts_total{result="delivered"}' in metrics
    finally:
        service.stop()
        await running


async def ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(180):
        while True:
            with suppress(httpx.TransportError):
                if (await client.get("/readyz")).is_success:
                    return
            await asyncio.sleep(0.05)
