"""The messages of the AsyncAPI document: envelope, body, key and an example each."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from pydantic.json_schema import models_json_schema

from shared.contracts.catalogue import owner_of
from shared.contracts.json_schemas import WithoutFieldTitles, key_of, summary_of
from shared.contracts.message import Message
from shared.contracts.samples_on_file import Sample, samples_of

Json: TypeAlias = dict[str, Any]

BINDING = "0.5.0"
DEAD_LETTER = "DeadLetter"
ENVELOPE = "CloudEvent"


def schemas(types: Iterable[type[Message]]) -> Json:
    """The envelope, and every body with its parts."""
    template = "#/components/schemas/{model}"
    models = [(message, "validation") for message in types]
    _, made = models_json_schema(models, ref_template=template, schema_generator=WithoutFieldTitles)  # type: ignore[arg-type]
    return {ENVELOPE: _envelope(), DEAD_LETTER: _dead_letter_headers(), **dict(sorted(made["$defs"].items()))}


def messages(types: Iterable[type[Message]]) -> Json:
    """Every message by the name of its class, and the one that stands for all that could not be taken."""
    return {DEAD_LETTER: _dead_letter(), **{message.__name__: _message(message) for message in types}}


def _message(message: type[Message]) -> Json:
    of_this_type = {"type": "object", "properties": {"ce_type": {"const": message.TYPE}}}
    key = {"type": "string", "description": key_of(message)}
    examples = [_example(sample) for sample in samples_of(message.TYPE)[:1]]
    return {
        "name": message.TYPE,
        "title": message.__name__,
        "summary": summary_of(message),
        "tags": [{"name": owner_of(message)}],
        "contentType": "application/json",
        "headers": {"allOf": [{"$ref": f"#/components/schemas/{ENVELOPE}"}, of_this_type]},
        "payload": {"$ref": f"#/components/schemas/{message.__name__}"},
        "correlationId": {"location": "$message.header#/correlation_id"},
        "bindings": {"kafka": {"key": key, "bindingVersion": BINDING}},
        **({"examples": examples} if examples else {}),
    }


def _example(sample: Sample) -> Json:
    return {"name": sample.name, "headers": sample.headers, "payload": sample.value}


def _envelope() -> Json:
    def text(description: str, **more: Any) -> Json:
        return {"type": "string", "description": description, **more}

    return {
        "type": "object",
        "description": "The headers of every message: CloudEvents 1.0 in Kafka's binary mode, UTF-8.",
        "properties": {
            "content-type": {"const": "application/json"},
            "ce_specversion": {"const": "1.0"},
            "ce_id": text("The message's id. The same id again is the same message", maxLength=512),
            "ce_type": text("Owner, name and version", maxLength=512),
            "ce_source": text("Who sent it; trusted is only the topic that it came by", maxLength=512),
            "ce_time": text("When it was made, with a zone", format="date-time"),
            "ce_subject": text("What it is about: the key", maxLength=512),
            "correlation_id": text("The id of the message that a whole story began with", maxLength=512),
            "causation_id": text("The id of the message that caused this one", maxLength=512),
            "traceparent": text("W3C Trace Context", maxLength=512),
        },
        "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time"],
    }


def _dead_letter() -> Json:
    return {
        "name": DEAD_LETTER,
        "title": DEAD_LETTER,
        "summary": "A message as it came, which this service could not take.",
        "contentType": "application/octet-stream",
        "headers": {"$ref": f"#/components/schemas/{DEAD_LETTER}"},
        "bindings": {"kafka": {"bindingVersion": BINDING}},
    }


def _dead_letter_headers() -> Json:
    described = {
        "dead_reason": "Why it was given up",
        "dead_topic": "The topic that it came by",
        "dead_partition": "The partition there",
        "dead_offset": "The offset there",
        "dead_handler": "The use case that gave up, or empty",
        "dead_attempts": "How often it was tried",
        "dead_headers": "Its own headers as JSON, in base64; intake's are sealed",
    }
    return {
        "type": "object",
        "description": "Headers of a dead letter; it has no envelope of its own.",
        "properties": {name: {"type": "string", "description": words} for name, words in described.items()},
        "required": sorted(described),
    }
