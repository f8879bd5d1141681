"""The registry of topics says what the services do: who subscribes to what, who handles it, and who publishes it."""

import ast
from collections.abc import Iterator
from itertools import chain

import pytest

from shared.contracts.catalogue import BY_TYPE, EVENTS, MESSAGES, owner_of
from shared.contracts.message import Command, Message
from shared.contracts.service_parts import built, exists, handled_by
from shared.contracts.topics import PORTAL_COMMANDS_PATTERN, SERVICES, dead_letters
from shared.contracts.traffic import HEARD, PORTAL, TOPICS, read_by, types_on
from tests.architecture.tree import python_files

GRANTED_AHEAD: frozenset[tuple[str, str, str]] = frozenset()
"""Rights in the registry that nobody uses yet. Whoever begins removes the line; a right for nobody is one too many."""

every_service = pytest.mark.parametrize("service", [name for name in SERVICES if exists(name)])


@every_service
def test_a_service_subscribes_to_the_topics_that_it_may_read(service: str) -> None:
    """Dead letters are read by operators, with the service's own login, and never subscribed to."""
    may_read = {topic.name for topic in TOPICS.values() if service in topic.readers}

    assert subscribed_by(service) == may_read - {dead_letters(service).name} - ahead(service, "reads")


@every_service
def test_a_service_handles_something_of_every_topic_and_nothing_of_others(service: str) -> None:
    handled = (handled_by(service) or frozenset()) & {*MESSAGES}

    for topic in subscribed_by(service):
        assert set(types_on(TOPICS[topic])) & handled, f"{service} has no use for anything on {topic}"
    assert {message.TOPIC for message in handled} <= subscribed_by(service)


@every_service
def test_a_service_publishes_all_of_its_facts_and_nobody_else_s(service: str) -> None:
    made = set(made_in(service))
    facts = {message for message in EVENTS if owner_of(message) == service}

    assert facts <= made, "documented, and published by nobody"
    assert {message for message in made if owner_of(message) != service and message in EVENTS} == set()


@every_service
def test_a_service_sends_commands_only_where_it_may_write(service: str) -> None:
    sent = {m for m in made_in(service) if issubclass(m, Command) and owner_of(m) != service}
    granted = {
        message
        for topic in TOPICS.values()
        if service in topic.writers and topic.name not in ahead(service, "writes")
        for message in types_on(topic)
        if issubclass(message, Command)
    }

    assert sent == granted


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.TYPE)
def test_whatever_is_read_has_somebody_who_may_write_it(message: type[Message]) -> None:
    topic = TOPICS[message.TOPIC]

    assert topic.writers
    assert topic.readers
    if not issubclass(message, Command):
        assert topic.writers == (owner_of(message),)


@pytest.mark.parametrize(
    "command", [m for m in MESSAGES if issubclass(m, Command)], ids=lambda message: message.TYPE
)
def test_every_command_is_handled_by_who_owns_it(command: type[Message]) -> None:
    assert command in read_by(owner_of(command), TOPICS[command.TOPIC])


def ahead(service: str, verb: str) -> set[str]:
    """Topics that the service may read or write, and does not yet."""
    return {topic for name, does, topic in GRANTED_AHEAD if (name, does) == (service, verb)}


def subscribed_by(service: str) -> set[str]:
    """The topics that a running service listens to; a pattern stands for every portal's."""
    subscriptions = chain.from_iterable(built(service).subscribe(0))
    names = {name for subscription in subscriptions for name in subscription.subscriber.topic_names}
    return {name.replace(PORTAL_COMMANDS_PATTERN, f"intake.{PORTAL}.commands") for name in names}


def made_in(service: str) -> Iterator[type[Message]]:
    """The published types that a service's code makes objects of."""
    by_name = {message.__name__: message for message in BY_TYPE.values()}
    for path in python_files(f"services/{service}"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in by_name:
                    yield by_name[name]


def test_heartbeats_are_heard_without_a_line_in_any_table() -> None:
    for service in SERVICES:
        assert not (handled_by(service) or frozenset()) & HEARD
