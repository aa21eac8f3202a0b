"""What the containers may do, and what a county may."""

import asyncio
import re

import httpx
from aiokafka import AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError

from services import CONSOLE, SERVICES
from services.chassis.settings.kafka_address import KafkaAddress
from services.cli.client.addresses import addresses
from tests.harness.compose.engine import SECRETS, Stack

COUNTIES = ("los-angeles", "sacramento")


def locked_down(stack: Stack) -> str:
    """What the containers may do, and where they listen."""
    for service in (*SERVICES, CONSOLE, "kafka", "postgres"):
        found = stack.container(service)
        status = stack.inside(service, "cat", "/proc/1/status").stdout
        assert re.search(r"^CapEff:\s0+$", status, re.M) and re.search(r"^NoNewPrivs:\s1$", status, re.M), (
            service
        )
        assert not re.search(r"^Uid:\s0\b", status, re.M), f"{service} runs as root"
        assert found["HostConfig"]["Memory"] > 0 and found["HostConfig"]["PidsLimit"] > 0, service
        hosts = {p["HostIp"] for ports in found["NetworkSettings"]["Ports"].values() for p in ports or ()}
        assert hosts <= {"127.0.0.1"}, f"{service} listens on {hosts}"
        environment = "\n".join(found["Config"]["Env"])
        assert not any(text in environment for text in secret_texts()), f"a secret in {service}'s environment"
    for service in (*SERVICES, CONSOLE):
        assert stack.inside(service, "touch", "/opt/reliefstream/x").returncode, (
            "the root file system is writable"
        )
        for tool in ("pip", "pip3", "cc", "gcc"):
            assert stack.inside(service, "sh", "-c", f"command -v {tool}").returncode, (
                f"{tool} is in the image"
            )
    return "no root, no capability, read-only, memory bounded, loopback only, no secret in an environment"


def secret_texts() -> list[str]:
    names = (
        "kafka-admin",
        "operator-token",
        "postgres-superuser",
        "console-keys",
        *(f"postgres-{s}" for s in SERVICES),
    )
    return [(SECRETS / name).read_text().strip() for name in names]


def two_counties(stack: Stack) -> str:
    """Each county writes its own topic and no other's, and its token opens its own intake and no other."""
    found = addresses(stack.cli_environment())
    asyncio.run(_own_topic_only(found.kafka.bootstrap))
    for county in COUNTIES:
        other = next(each for each in COUNTIES if each != county)
        for intake, expected in ((county, 422), (other, 403)):
            answer = httpx.post(
                f"{found.service('ingest')}/v1/counties/{intake}/records",
                headers={
                    "authorization": f"Bearer {found.county_tokens[county]}",
                    "content-type": "application/json",
                },
                content=b"{",
            )
            assert answer.status_code == expected, f"{county} at the intake of {intake}: {answer.status_code}"
    return f"{' and '.join(COUNTIES)}: own topic and own intake only"


async def _own_topic_only(bootstrap: str) -> None:
    for county in COUNTIES:
        other = next(each for each in COUNTIES if each != county)
        user = f"county-{county}"
        options = KafkaAddress(bootstrap, user, (SECRETS / f"kafka-{user}").read_text()).client_options()
        async with AIOKafkaProducer(**options) as producer:
            await producer.partitions_for(f"source-records-v1-{county}")
            try:
                await producer.send_and_wait(f"source-records-v1-{other}", b"{}")
            except TopicAuthorizationFailedError:
                continue
            raise AssertionError(f"{county} may write the topic of {other}")
