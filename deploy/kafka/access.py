"""What outsiders' own credentials may do at Kafka: a county's and an integrator's, nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest

from deploy.local.servers.readiness import quiet_client
from deploy.local.servers.requirements import ServerMissingError

# Codes of the Kafka protocol (CreateAcls).
TOPIC, GROUP = 2, 3
LITERAL, PREFIXED = 3, 4
READ, WRITE, DESCRIBE = 3, 4, 8
ALLOW = 3


Rule = tuple[int, str, int, int]
"""(resource type, name, pattern type, operation)."""
INTEGRATOR = "integrator"
"""The name at Kafka of whoever reads dismissals."""


def county_user(county: str) -> str:
    """The name of the county at Kafka."""
    return f"county-{county}"


def rules(counties: Iterable[str]) -> dict[str, list[Rule]]:
    """All that each outsider may do, by user name. Its consumer groups begin with its user name.

    A county writes its own records and reads its own receipts; an integrator reads dismissals. To write implies
    to describe, and so does to read.
    """
    granted: dict[str, list[Rule]] = {
        county_user(county): [
            (TOPIC, f"source-records-v1-{county}", LITERAL, WRITE),
            (TOPIC, f"receipts-v1-{county}", LITERAL, READ),
            (GROUP, county_user(county), PREFIXED, READ),
        ]
        for county in counties
    }
    granted[INTEGRATOR] = [(TOPIC, "dismissals-v1", LITERAL, READ), (GROUP, INTEGRATOR, PREFIXED, READ)]
    return granted


async def grant(client_options: Mapping[str, Any], counties: Iterable[str]) -> None:
    """Lets each outsider do what `rules` names; safe to repeat. ServerMissingError when the broker refuses.

    `client_options` are an administrator's, as any aiokafka client takes them.
    """
    client = AIOKafkaAdminClient(**client_options)
    with quiet_client():
        await client.start()
    try:
        for user, granted in rules(counties).items():
            for kind, name, pattern, operation in granted:
                request = CreateAclsRequest(kind, name, pattern, f"User:{user}", "*", operation, ALLOW)
                answer = await client._send_request(request)
                for code, message in answer.creation_responses:
                    if code != 0:
                        raise ServerMissingError(f"Kafka refused to let {user} use {name}: {message or code}")
    finally:
        await client.close()
