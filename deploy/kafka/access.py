"""What outsiders' own credentials may do at Kafka: a county's and an integrator's, nothing else."""

from collections.abc import Iterable

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from deploy.kafka.admin import admin_client, wait_for
from services.chassis.settings.kafka_address import KafkaAddress

INTEGRATOR = "integrator"
"""The name at Kafka of whoever reads dismissals."""
TOPIC, GROUP = ResourceType.TOPIC, ResourceType.GROUP


def county_user(county: str) -> str:
    """The name of the county at Kafka."""
    return f"county-{county}"


def rules(counties: Iterable[str]) -> dict[str, list[AclBinding]]:
    """All that each outsider may do, by user name. Its consumer groups begin with its user name.

    A county writes its own records and reads its own receipts; an integrator reads dismissals. To write implies
    to describe, and so does to read.
    """
    granted = {
        user: [
            _allow(user, TOPIC, f"source-records-v1-{county}", AclOperation.WRITE),
            _allow(user, TOPIC, f"receipts-v1-{county}", AclOperation.READ),
            _own_groups(user),
        ]
        for county in counties
        for user in (county_user(county),)
    }
    granted[INTEGRATOR] = [
        _allow(INTEGRATOR, TOPIC, "dismissals-v1", AclOperation.READ),
        _own_groups(INTEGRATOR),
    ]
    return granted


def _allow(
    user: str,
    kind: ResourceType,
    name: str,
    operation: AclOperation,
    pattern: ResourcePatternType = ResourcePatternType.LITERAL,
) -> AclBinding:
    return AclBinding(kind, name, pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)


def _own_groups(user: str) -> AclBinding:
    return _allow(user, GROUP, user, AclOperation.READ, ResourcePatternType.PREFIXED)


def grant(kafka: KafkaAddress, counties: Iterable[str]) -> None:
    """Lets each outsider do what ``rules`` names; repeatable. ``kafka`` is an administrator's.

    Raises ServerMissingError when Kafka does not answer or refuses.
    """
    bindings = [binding for granted in rules(counties).values() for binding in granted]
    with admin_client(kafka) as admin:
        answers = admin.create_acls(bindings)
        wait_for(
            {(b.principal, b.name): answer for b, answer in answers.items()},
            "Kafka refused to let {0[0]} use {0[1]}",
        )
