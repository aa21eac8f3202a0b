"""What each user may do at Kafka, from the topic map: services, the operator, counties, integrators."""

from collections.abc import Container, Iterable, Iterator

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from deploy.kafka.admin import admin_client, wait_for
from deploy.kafka.integrators import Integrators
from deploy.kafka.users import OPERATOR, county_user, integrator_user
from reliefstream_contracts.topic_map import COUNTY, SERVICE, TopicMap
from services.chassis.settings.kafka_address import KafkaAddress

TOPIC, GROUP, TRANSACTION = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID
READ, WRITE, DESCRIBE = AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE
LITERAL, PREFIXED = ResourcePatternType.LITERAL, ResourcePatternType.PREFIXED
EVERY_ACL = AclBindingFilter(
    ResourceType.ANY,
    None,  # type: ignore[arg-type] # None matches any value
    ResourcePatternType.ANY,
    None,  # type: ignore[arg-type]
    None,  # type: ignore[arg-type]
    AclOperation.ANY,
    AclPermissionType.ANY,
)


def rules(
    topic_map: TopicMap, counties: Iterable[str], integrators: Integrators
) -> dict[str, list[AclBinding]]:
    """All that each user but the administrator may do, by user name. To write or to read implies to describe."""
    granted: dict[str, list[AclBinding]] = {
        user: [*_metadata(user, topic_map.services), *_own(user)] for user in topic_map.services
    }
    granted[OPERATOR] = _metadata(OPERATOR, topic_map.services)
    outside = [*map(county_user, counties), *map(integrator_user, integrators)]
    granted |= {user: [_own_groups(user)] for user in outside}
    for pattern, topic in topic_map.topics.items():
        for name, owner in _named(pattern, topic_map, counties):
            writers = _users(topic.producers, owner, integrators)
            readers = _users((*topic.consumers, *topic.readers), owner, integrators)
            for user in sorted(writers):
                granted[user].append(_allow(user, TOPIC, name, WRITE))
            for user in sorted(readers | writers & {*topic_map.services}):
                granted[user].append(_allow(user, TOPIC, name, READ))
    return granted


def _named(pattern: str, topic_map: TopicMap, counties: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each topic of a pattern with the county or service whose own it is."""
    if COUNTY in pattern:
        yield from ((pattern.replace(COUNTY, county), county) for county in counties)
    elif SERVICE in pattern:
        yield from ((pattern.replace(SERVICE, service), service) for service in topic_map.services)
    else:
        yield pattern, ""


def _users(named: Iterable[str], owner: str, integrators: Integrators) -> set[str]:
    """The users that words of the map mean, on a topic of this county or service."""
    found: set[str] = set()
    for who in named:
        match who:
            case "the county":
                found.add(county_user(owner))
            case "the service":
                found.add(owner)
            case "the operator":
                found.add(OPERATOR)
            case "the county's integrators":
                found |= {
                    integrator_user(name) for name, counties in integrators.items() if owner in counties
                }
            case service:
                found.add(service)
    return found


def _metadata(user: str, services: Iterable[str]) -> list[AclBinding]:
    """To see the ends of topics and the positions of the services' groups; no record."""
    return [
        _allow(user, TOPIC, "*", DESCRIBE),
        *(_allow(user, GROUP, f"{service}.", DESCRIBE, PREFIXED) for service in services),
    ]


def _own(service: str) -> list[AclBinding]:
    return [
        _allow(service, GROUP, f"{service}.", READ, PREFIXED),
        _allow(service, TRANSACTION, f"relay-{service}", WRITE),
    ]


def _allow(
    user: str, kind: ResourceType, name: str, operation: AclOperation, pattern: ResourcePatternType = LITERAL
) -> AclBinding:
    return AclBinding(kind, name, pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)


def _own_groups(user: str) -> AclBinding:
    return _allow(user, GROUP, f"{user}.", READ, PREFIXED)  # without the dot, one name may begin with another


def grant(
    kafka: KafkaAddress, topic_map: TopicMap, counties: Iterable[str], integrators: Integrators
) -> None:
    """Lets each user do what ``rules`` names, and nothing else; repeatable. ``kafka`` is an administrator's.

    Rights of users who are none of ours stay. Raises ServerMissingError when Kafka does not answer or refuses.
    """
    granted = rules(topic_map, counties, integrators)
    wanted = {binding for bindings in granted.values() for binding in bindings}
    with admin_client(kafka) as admin:
        asked = admin.describe_acls(EVERY_ACL)
        wait_for({EVERY_ACL: asked}, "Kafka refused to tell the rights of its users")
        there = {each for each in asked.result() if is_ours(each.principal.removeprefix("User:"), granted)}
        if missing := sorted(wanted - there):
            answers = admin.create_acls(missing)
            wait_for(
                {(b.principal, b.name): answer for b, answer in answers.items()},
                "Kafka refused to let {0[0]} use {0[1]}",
            )
        if stale := sorted(there - wanted):
            removals = admin.delete_acls([_exactly(each) for each in stale])
            wait_for(
                {(b.principal, b.name): answer for b, answer in removals.items()},
                "Kafka refused to take the right to {0[1]} from {0[0]}",
            )


def is_ours(user: str, known: Container[str]) -> bool:
    """Whether a user is one of the map's, or was: a county's or an integrator's that is no longer known."""
    return user in known or user.startswith((county_user(""), integrator_user("")))


def _exactly(binding: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        binding.restype,
        binding.name,
        binding.resource_pattern_type,
        binding.principal,
        binding.host,
        binding.operation,
        binding.permission_type,
    )
