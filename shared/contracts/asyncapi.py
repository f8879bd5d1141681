"""The whole of the messaging as one AsyncAPI 3.0 document: channels, messages, and who sends and receives what.

Sources: https://www.asyncapi.com/docs/reference/specification/v3.0.0 and its Kafka bindings, version 0.5.0.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from shared.contracts import asyncapi_messages
from shared.contracts.asyncapi_messages import BINDING, DEAD_LETTER, Json
from shared.contracts.catalogue import MESSAGES
from shared.contracts.message import Message
from shared.contracts.topics import SERVICES, Cleanup, Topic
from shared.contracts.traffic import PORTAL, TOPICS, principals, read_by, sent_by, types_on, words_for

_ABOUT = """\
Citizens' cases on their way to the clinics: what portals send, what the services tell each other, and what
staff back-ends may hear. Every message is a CloudEvent 1.0 in Kafka's binary mode. Within a version of a type
there are only additions: ignore fields that you don't know, and expect new values where values are listed.
"""


def document() -> Json:
    """The document, as JSON; what is in it follows from the contracts alone and is in a fixed order."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Vårdväxel",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {_channel_id(topic): _channel(topic) for topic in TOPICS.values()},
        "operations": dict(_operations()),
        "components": {
            "schemas": asyncapi_messages.schemas(MESSAGES),
            "messages": asyncapi_messages.messages(MESSAGES),
            "securitySchemes": {
                "scram": {
                    "type": "scramSha512",
                    "description": "One Kafka user per service and per portal; its name is the identity.",
                }
            },
        },
    }


def _server() -> Json:
    return {
        "host": "{servers}",
        "protocol": "kafka-secure",
        "description": "The brokers of an installation. A local one speaks SASL_PLAINTEXT, others SASL_SSL.",
        "variables": {"servers": {"description": "host:port, comma-separated", "default": "127.0.0.1:9092"}},
        "security": [{"$ref": "#/components/securitySchemes/scram"}],
    }


def _channel(topic: Topic) -> Json:
    about = {"portal_id": {"description": "Id of the portal: lower-case letters, digits and hyphens"}}
    return {
        "address": topic.name,
        "description": topic.description.replace(f"the portal {PORTAL}", "one portal"),
        **({"parameters": about} if PORTAL in topic.name else {}),
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _names(topic)},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "topicConfiguration": _configuration(topic),
                "bindingVersion": BINDING,
            }
        },
    }


def _configuration(topic: Topic) -> Json:
    kept = {"retention.ms": int(topic.retention / timedelta(milliseconds=1))}
    return {
        "cleanup.policy": [topic.cleanup.value],
        **({} if topic.cleanup is Cleanup.COMPACT else kept),
        "max.message.bytes": topic.max_bytes,
    }


def _operations() -> Iterator[tuple[str, Json]]:
    for principal in principals():
        for topic in TOPICS.values():
            for action, active, types in (
                ("send", principal in topic.writers, sent_by(principal, topic)),
                ("receive", principal in topic.readers, read_by(principal, topic)),
            ):
                if active:
                    id_ = f"{_plain(principal)}-{action}-{_channel_id(topic)}"
                    yield id_, _operation(principal, action, topic, types)


def _operation(principal: str, action: str, topic: Topic, types: Sequence[type[Message]]) -> Json:
    channel = _channel_id(topic)
    names = [message.__name__ for message in types] if types_on(topic) else [DEAD_LETTER]
    group = {"type": "string", "description": _group_of(principal)}
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "title": f"{words_for(principal)} {'sends to' if action == 'send' else 'reads'} {topic.name}",
        "tags": [{"name": _plain(principal)}],
        **(
            {"bindings": {"kafka": {"groupId": group, "bindingVersion": BINDING}}}
            if action == "receive"
            else {}
        ),
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
    }


def _group_of(principal: str) -> str:
    if principal in SERVICES:
        return f"Begins with {principal}"
    return f"{principal}, or {principal} and a dot and anything"


def _names(topic: Topic) -> list[str]:
    return [message.__name__ for message in types_on(topic)] or [DEAD_LETTER]


def _channel_id(topic: Topic) -> str:
    return _plain(topic.name)


def _plain(name: str) -> str:
    """AsyncAPI's ids take no braces: `{portal_id}` becomes `portal`."""
    return name.replace(f"portal-{PORTAL}", "portal").replace(PORTAL, "portal")
