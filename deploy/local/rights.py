"""Who may do what on Kafka, derived from the registry of topics alone."""

from collections.abc import Iterable, Sequence

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from shared.contracts.topics import SERVICES, Topic


def principals_of(topics: Iterable[Topic]) -> tuple[str, ...]:
    """Everyone who reads or writes one of these topics, each once."""
    return tuple(sorted({name for topic in topics for name in (*topic.writers, *topic.readers)}))


def rights_of(topics: Sequence[Topic]) -> tuple[AclBinding, ...]:
    """All access rules for these topics and for the consumer groups of their principals.

    Reading and writing include describing, and since Kafka 3 whoever may write may be idempotent.
    """
    topic_rights = [
        _allow(principal, operation, ResourceType.TOPIC, topic.name, ResourcePatternType.LITERAL)
        for topic in topics
        for operation, principals in ((AclOperation.WRITE, topic.writers), (AclOperation.READ, topic.readers))
        for principal in principals
    ]
    return *topic_rights, *(right for name in principals_of(topics) for right in _group_rights(name))


def _group_rights(principal: str) -> list[AclBinding]:
    """Groups whose name begins with the service's. Portal ids may begin alike, so theirs end with a dot."""
    exactly, beginning_with = ResourcePatternType.LITERAL, ResourcePatternType.PREFIXED
    names = [(principal, exactly), (f"{principal}.", beginning_with)]
    if principal in SERVICES:
        names = [(principal, beginning_with)]
    return [_allow(principal, AclOperation.READ, ResourceType.GROUP, *name) for name in names]


def _allow(
    principal: str, operation: AclOperation, what: ResourceType, name: str, pattern: ResourcePatternType
) -> AclBinding:
    return AclBinding(what, name, pattern, f"User:{principal}", "*", operation, AclPermissionType.ALLOW)
