"""The JSON Schema of each type of message, as it is kept in `schemas/`."""

import inspect
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from shared.contracts.message import Command, Message

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class WithoutFieldTitles(GenerateJsonSchema):
    """A field is known by its name; a title made of the same words says nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema_of(message: type[Message]) -> dict[str, Any]:
    """What a body of this type must look like. `x-kind`, `x-topic` and `x-key` say how it travels.

    It describes what is accepted: a field with a default may be missing in old messages, and stands in every new one.
    """
    body = message.model_json_schema(schema_generator=WithoutFieldTitles)
    return {
        "$schema": DIALECT,
        "$id": f"urn:vardvaxel:schema:{message.TYPE}",
        "title": message.__name__,
        "description": summary_of(message),
        "x-kind": "command" if issubclass(message, Command) else "event",
        "x-topic": message.TOPIC,
        "x-key": key_of(message),
        **{name: value for name, value in body.items() if name not in ("title", "description")},
    }


def key_of(message: type[Message]) -> str:
    """What the Kafka key is: the name of a field, or the sentence over the type's own `key`."""
    own = inspect.getdoc(message.key) if message.key is not Message.key else None
    return own if own and own != inspect.getdoc(Message.key) else message.KEY


def summary_of(message: type[Message]) -> str:
    """The sentence over the class."""
    return " ".join((message.__doc__ or "").split())
