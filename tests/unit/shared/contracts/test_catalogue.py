"""Every type keeps the rules that names, topics and fields of messages follow."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts.catalogue import BY_TYPE, COMMANDS, EVENTS, MESSAGES, owner_of, version_of
from shared.contracts.commands.intake import SubmitCase
from shared.contracts.json_schemas import schema_of
from shared.contracts.message import Command, Event, Message
from shared.contracts.topics import SERVICES
from shared.contracts.traffic import TOPICS

SAYS_NOTHING_ABOUT_ANYBODY = frozenset(
    "case_type clinic_id portal_id by holder former_holder staff_id code".split()
)
"""Texts that facts about cases and mails may carry: ids and codes. Whoever adds one says so here."""
ABOUT_CASES = ("intake.case.events", "routing.case.events", "notify.notification.events")

every_message = pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.TYPE)


def test_no_class_is_forgotten_and_no_type_is_taken_twice() -> None:
    assert len(BY_TYPE) == len(MESSAGES) == len(set(MESSAGES))
    assert set(_leaves(Event)) <= {*EVENTS}
    assert set(_leaves(Command)) <= {*COMMANDS}


@every_message
def test_a_type_is_its_owner_its_name_and_its_version(message: type[Message]) -> None:
    owner = message.__module__.rsplit(".", 1)[1]
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", message.__name__).lower()
    stem, version = version_of(message.TYPE)

    assert owner in SERVICES
    assert re.fullmatch(rf"{owner}\.{re.sub(r'-v[0-9]+$', '', name)}", stem)
    assert re.fullmatch(r"v[1-9][0-9]*", version)


@every_message
def test_a_type_travels_on_a_topic_of_its_owner(message: type[Message]) -> None:
    kind = "commands" if issubclass(message, Command) else "events"

    assert message.TOPIC in TOPICS
    assert message.TOPIC.split(".")[0] == owner_of(message)
    assert message.TOPIC.rsplit(".", 1)[1] in (kind, "outcomes")


@every_message
def test_readers_of_facts_are_tolerant_and_of_commands_strict(message: type[Message]) -> None:
    strict = schema_of(message).get("additionalProperties") is False

    assert strict is issubclass(message, Command)
    assert message.model_config["frozen"]
    assert message.model_config["hide_input_in_errors"]


@every_message
def test_every_field_is_described(message: type[Message]) -> None:
    schema = schema_of(message)
    parts = {"": schema, **schema.get("$defs", {})}
    wrong = [
        f"{part}.{name}" for part, of in parts.items() for name, field in _fields(of) if not _described(field)
    ]

    assert not wrong
    assert schema["description"].endswith((".", ")"))


@pytest.mark.parametrize("message", [m for m in EVENTS if m.TOPIC in ABOUT_CASES], ids=lambda m: m.TYPE)
def test_facts_about_cases_carry_ids_codes_and_decisions_only(message: type[Message]) -> None:
    schema = schema_of(message)
    free = {name for name, field in _fields(schema) if _is_free_text(field)}

    assert free <= SAYS_NOTHING_ABOUT_ANYBODY


def test_an_hsa_id_is_trimmed_and_compared_in_upper_case() -> None:
    command = SubmitCase.model_validate({**_a_case(), "clinic_id": " se9999999999-bjork1 "})

    assert command.clinic_id == "SE9999999999-BJORK1"


@pytest.mark.parametrize(
    "wrong", ("SE999999999-A", "SE9999999999-", "SE9999999999-Å", f"SE9999999999-{'A' * 19}")
)
def test_what_is_no_hsa_id_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="clinic_id"):
        SubmitCase.model_validate({**_a_case(), "clinic_id": wrong})


def test_what_was_sent_is_not_repeated_in_an_error() -> None:
    with pytest.raises(ValidationError) as caught:
        SubmitCase.model_validate({**_a_case(), "citizen_name": "Tolvan" * 100})

    assert "Tolvan" not in str(caught.value)


def _a_case() -> dict[str, Any]:
    return {
        "case_id": "019cad4b-6f2e-7c31-9a54-2f8e1b7d9c06",
        "clinic_id": "SE9999999999-BJORK1",
        "case_type": "renew-prescription",
        "citizen": {"kind": "personnummer", "value": "191212121212"},
        "form": {"item": []},
    }


def _leaves(parent: type[Message]) -> Iterator[type[Message]]:
    """Classes with a type of their own, as far as they are published language."""
    for child in parent.__subclasses__():
        if "TYPE" in vars(child) and child.__module__.startswith("shared.contracts"):
            yield child
        yield from _leaves(child)


def _fields(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(schema.get("properties", {}).items())


def _described(field: dict[str, Any]) -> bool:
    return bool(str(field.get("description", "")).strip())


def _is_free_text(field: dict[str, Any]) -> bool:
    options = field.get("anyOf", [field])
    return any(o.get("type") == "string" and "format" not in o and "enum" not in o for o in options) or any(
        o.get("type") in ("object", "array") for o in options
    )
