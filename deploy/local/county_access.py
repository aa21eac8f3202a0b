"""What a county's own credentials may do at Kafka: write its records, read its receipts, nothing else."""

from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest

from deploy.local.addresses import Addresses
from deploy.local.readiness import quiet_client
from deploy.local.requirements import ServerMissingError

# Codes of the Kafka protocol (CreateAcls).
TOPIC, GROUP = 2, 3
LITERAL, PREFIXED = 3, 4
READ, WRITE, DESCRIBE = 3, 4, 8
ALLOW = 3


def user(county: str) -> str:
    """The name of the county at Kafka."""
    return f"county-{county}"


def rules(county: str) -> list[tuple[int, str, int, int]]:
    """(resource type, name, pattern type, operation) of all that the county may do.

    Its consumer groups begin with its user name. To write implies to describe, and so does to read.
    """
    return [
        (TOPIC, f"source-records-v1-{county}", LITERAL, WRITE),
        (TOPIC, f"receipts-v1-{county}", LITERAL, READ),
        (GROUP, user(county), PREFIXED, READ),
    ]


async def grant(given: Addresses, counties: Iterable[str]) -> None:
    """Lets each county do what `rules` names; safe to repeat. ServerMissingError when the broker refuses."""
    client = AIOKafkaAdminClient(
        bootstrap_servers=given.kafka_bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username=given.kafka_username,
        sasl_plain_password=given.kafka_password,
    )
    with quiet_client():
        await client.start()
    try:
        for county in counties:
            for kind, name, pattern, operation in rules(county):
                request = CreateAclsRequest(
                    kind, name, pattern, f"User:{user(county)}", "*", operation, ALLOW
                )
                answer = await client._send_request(request)
                for code, message in answer.creation_responses:
                    if code != 0:
                        raise ServerMissingError(
                            f"Kafka refused to let {county} use {name}: {message or code}"
                        )
    finally:
        await client.close()
