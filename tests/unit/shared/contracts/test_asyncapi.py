"""The AsyncAPI document is whole: what it points to exists, and nothing that travels is left out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared.contracts.asyncapi import document
from shared.contracts.catalogue import MESSAGES
from shared.contracts.envelope import HEADER_NAMES, REQUIRED
from shared.contracts.topics import Cleanup
from shared.contracts.traffic import TOPICS

ID = re.compile(r"[\w.-]+")


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return document()


def test_the_top_has_what_version_3_requires_and_no_more(made: dict[str, Any]) -> None:
    allowed = {
        "asyncapi",
        "id",
        "info",
        "servers",
        "defaultContentType",
        "channels",
        "operations",
        "components",
    }

    assert made["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(made["info"])
    assert set(made) <= allowed


def test_every_reference_leads_to_something(made: dict[str, Any]) -> None:
    references = list(_references(made))

    assert references
    for reference in references:
        place: Any = made
        assert reference.startswith("#/")
        for step in reference[2:].split("/"):
            assert step in place, reference
            place = place[step]


def test_every_id_is_one(made: dict[str, Any]) -> None:
    for group in (made["channels"], made["operations"], *made["components"].values()):
        assert all(ID.fullmatch(name) for name in group)


def test_every_topic_is_a_channel_with_its_kafka_settings(made: dict[str, Any]) -> None:
    channels = {channel["address"]: channel for channel in made["channels"].values()}

    assert set(channels) == set(TOPICS)
    for name, topic in TOPICS.items():
        kafka = channels[name]["bindings"]["kafka"]
        assert kafka["partitions"] == topic.partitions
        assert kafka["topicConfiguration"]["cleanup.policy"] == [topic.cleanup.value]
        assert ("retention.ms" in kafka["topicConfiguration"]) is (topic.cleanup is Cleanup.DELETE)
        assert set(re.findall(r"\{(\w+)\}", name)) == set(channels[name].get("parameters", {}))


def test_every_type_is_a_message_on_its_channel(made: dict[str, Any]) -> None:
    for message in MESSAGES:
        described = made["components"]["messages"][message.__name__]
        channels = [c for c in made["channels"].values() if message.__name__ in c["messages"]]

        assert described["name"] == message.TYPE
        assert described["headers"]["allOf"][1]["properties"]["ce_type"] == {"const": message.TYPE}
        assert described["bindings"]["kafka"]["key"]["description"]
        assert [channel["address"] for channel in channels] == [message.TOPIC]


def test_the_envelope_is_the_one_that_is_read(made: dict[str, Any]) -> None:
    envelope = made["components"]["schemas"]["CloudEvent"]

    assert tuple(envelope["properties"]) == HEADER_NAMES
    assert tuple(envelope["required"]) == REQUIRED


def test_everybody_who_may_write_or_read_has_an_operation(made: dict[str, Any]) -> None:
    rights = {
        (principal.replace("portal-{portal_id}", "portal"), action, topic.name)
        for topic in TOPICS.values()
        for action, principals in (("send", topic.writers), ("receive", topic.readers))
        for principal in principals
    }
    operations = {
        (operation["tags"][0]["name"], operation["action"], _channel(made, operation)["address"])
        for operation in made["operations"].values()
    }

    assert operations == rights


def test_operations_speak_of_messages_of_their_channel(made: dict[str, Any]) -> None:
    for operation in made["operations"].values():
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def _channel(made: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    channel: dict[str, Any] = made["channels"][operation["channel"]["$ref"].removeprefix("#/channels/")]
    return channel


def _references(place: Any) -> Iterator[str]:
    if isinstance(place, dict):
        if isinstance(place.get("$ref"), str):
            yield place["$ref"]
        for name, value in place.items():
            if name != "examples":  # made-up bodies, not parts of the document
                yield from _references(value)
    elif isinstance(place, list):
        for value in place:
            yield from _references(value)
