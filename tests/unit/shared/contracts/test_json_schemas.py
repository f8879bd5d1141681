"""A type's schema says what a body looks like and how it travels, the same at every run."""

import json
import subprocess
import sys
from typing import ClassVar

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pydantic import Field

from shared.contracts.catalogue import MESSAGES
from shared.contracts.events.intake import CaseReceived
from shared.contracts.json_schemas import key_of, schema_of
from shared.contracts.message import Event, Message


class ThingMade(Event):
    """Something
    was made."""

    TYPE: ClassVar[str] = "toy.thing-made.v1"
    KEY: ClassVar[str] = "thing"
    TOPIC: ClassVar[str] = "toy.thing.events"

    thing: str = Field(description="Which")
    size: int = Field(default=1, description="How big", ge=1)

    def key(self) -> str:
        """The thing and its size."""
        return f"{self.thing}/{self.size}"


def test_a_schema_says_how_the_type_travels_and_names_no_titles() -> None:
    assert schema_of(ThingMade) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:vardvaxel:schema:toy.thing-made.v1",
        "title": "ThingMade",
        "description": "Something was made.",
        "x-kind": "event",
        "x-topic": "toy.thing.events",
        "x-key": "The thing and its size.",
        "type": "object",
        "properties": {
            "thing": {"description": "Which", "type": "string"},
            "size": {"description": "How big", "type": "integer", "default": 1, "minimum": 1},
        },
        "required": ["thing"],
    }


def test_a_key_without_a_sentence_of_its_own_is_its_field() -> None:
    assert key_of(CaseReceived) == "case_id"


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.TYPE)
def test_every_schema_is_one(message: type[Message]) -> None:
    Draft202012Validator.check_schema(schema_of(message))


def test_schemas_are_the_same_in_every_process() -> None:
    program = (
        "import json; from shared.contracts.catalogue import MESSAGES;"
        "from shared.contracts.json_schemas import schema_of;"
        "print(json.dumps([schema_of(m) for m in MESSAGES]))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert json.loads(told.stdout) == [schema_of(message) for message in MESSAGES]
    assert told.stdout == json.dumps([schema_of(message) for message in MESSAGES]) + "\n"
