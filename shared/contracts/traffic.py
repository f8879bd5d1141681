"""Which type travels where: the registry of topics, the catalogue and the tables of the services, brought together."""

from collections.abc import Sequence

from shared.contracts.catalogue import BY_TYPE, owner_of
from shared.contracts.events.admin import CatalogueHeartbeatSent, HeartbeatSent
from shared.contracts.message import Command, Message
from shared.contracts.service_parts import handled_by
from shared.contracts.topics import SERVICES, Topic, topics_of_a_region

PORTAL = "{portal_id}"
"""Stands for any portal."""
TOPICS: dict[str, Topic] = {topic.name: topic for topic in topics_of_a_region((PORTAL,))}

HEARD: frozenset[type[Message]] = frozenset({HeartbeatSent, CatalogueHeartbeatSent})
"""No table has a line for these: a projection's consumer takes note of them as it reads."""


def types_on(topic: Topic) -> tuple[type[Message], ...]:
    """The types that travel on a topic, by name."""
    found = [message for _, message in sorted(BY_TYPE.items()) if message.TOPIC == topic.name]  # noqa: SIM300
    return tuple(found)


def sent_by(principal: str, topic: Topic) -> tuple[type[Message], ...]:
    """What a principal may put on a topic: a service only its own events, and commands to others."""
    if principal not in topic.writers:
        return ()
    return tuple(
        message
        for message in types_on(topic)
        if issubclass(message, Command) or owner_of(message) == principal
    )


def read_by(principal: str, topic: Topic) -> tuple[type[Message], ...]:
    """What a principal makes use of on a topic: a service what is in its table, others whatever they like."""
    if principal not in topic.readers:
        return ()
    handled = handled_by(principal)
    return tuple(message for message in types_on(topic) if handled is None or message in handled | HEARD)


def readers_of(message: type[Message]) -> tuple[str, ...]:
    """Who makes use of a type, in the order of the registry."""
    topic = TOPICS[message.TOPIC]
    return tuple(name for name in topic.readers if message in read_by(name, topic))


def principals() -> Sequence[str]:
    """Everybody who writes or reads: the services first, then the others by name."""
    others = {name for topic in TOPICS.values() for name in (*topic.writers, *topic.readers)} - {*SERVICES}
    return *SERVICES, *sorted(others)


def words_for(principal: str) -> str:
    """A principal as people call it."""
    return "the portal" if PORTAL in principal else principal
