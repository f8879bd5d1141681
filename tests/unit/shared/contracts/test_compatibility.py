"""Within a version there are only additions: each change that breaks is caught, and no addition is."""

from copy import deepcopy
from typing import Any

import pytest

from shared.contracts.compatibility import breaking_changes

Schema = dict[str, Any]

OLD: Schema = {
    "x-kind": "event",
    "x-topic": "intake.case.events",
    "x-key": "case_id",
    "type": "object",
    "$defs": {
        "Reason": {
            "type": "object",
            "properties": {"code": {"type": "string"}, "field": {"type": "string"}},
            "required": ["code"],
        },
        "Tree": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "below": {"$ref": "#/$defs/Tree"}},
        },
        "Act": {"enum": ["read", "list"], "type": "string"},
    },
    "properties": {
        "case_id": {"type": "string", "format": "uuid"},
        "version": {"type": "integer", "minimum": 1},
        "act": {"$ref": "#/$defs/Act"},
        "text": {"type": "string", "maxLength": 100, "minLength": 1, "pattern": "^a"},
        "language": {"type": "string", "default": "sv"},
        "reply_by": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}], "default": None},
        "reasons": {"type": "array", "items": {"$ref": "#/$defs/Reason"}, "maxItems": 9},
        "more": {"type": "object", "additionalProperties": {"type": "integer"}},
        "tree": {"$ref": "#/$defs/Tree"},
    },
    "required": ["case_id", "version", "act"],
}


def changed(path: str, value: Any = None, *, kind: str = "event") -> tuple[Schema, Schema]:
    """The old schema, and one that differs at a place; without a value the place is removed."""
    old, new = deepcopy(OLD), deepcopy(OLD)
    old["x-kind"] = new["x-kind"] = kind
    *way, last = path.split("/")
    place = new
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return old, new


@pytest.mark.parametrize("kind", ("event", "command"))
@pytest.mark.parametrize(
    ("path", "value", "told"),
    (
        ("properties/text", None, "text: the field is gone"),
        ("$defs/Reason/properties/field", None, "reasons[].field: the field is gone"),
        ("required", ["case_id", "version", "act", "text"], "text: is required now"),
        ("$defs/Reason/required", ["code", "field"], "reasons[].field: is required now"),
        ("properties/version/type", "string", "version: no longer takes integer"),
        ("properties/reply_by/anyOf", [{"type": "null"}], "reply_by: no longer takes string"),
        ("properties/case_id/format", "date", "case_id: format was uuid and is date"),
        ("properties/version/minimum", 2, "version: minimum was 1 and is 2"),
        ("properties/version/maximum", 9, "version: maximum was absent and is 9"),
        ("properties/text/maxLength", 50, "text: maxLength was 100 and is 50"),
        ("properties/text/minLength", 2, "text: minLength was 1 and is 2"),
        ("properties/text/pattern", "^b", "text: pattern was ^a and is ^b"),
        ("properties/reasons/maxItems", 8, "reasons: maxItems was 9 and is 8"),
        ("properties/reasons/uniqueItems", True, "reasons: uniqueItems was absent and is True"),
        ("$defs/Act/enum", ["read"], "act: no longer allows list"),
        ("properties/language/enum", ["sv", "en"], "language: no longer allows anything else"),
        ("properties/language/const", "sv", "language: no longer allows anything else"),
        ("properties/language/default", "en", "language: the default was 'sv' and is 'en'"),
        ("additionalProperties", False, "the body: unknown fields are refused now"),
        ("properties/more/additionalProperties", {"type": "string"}, "more.*: no longer takes integer"),
        ("$defs/Tree/properties/name", None, "tree.name: the field is gone"),
        ("x-topic", "intake.other.events", "the topic was intake.case.events and is intake.other.events"),
        ("x-key", "clinic_id", "the key was case_id and is clinic_id"),
    ),
)
def test_what_makes_old_messages_unreadable_breaks(path: str, value: Any, told: str, kind: str) -> None:
    assert breaking_changes(*changed(path, value, kind=kind))[0] == told


def test_a_new_field_that_must_be_there_breaks() -> None:
    old, new = changed("properties/new", {"type": "string"})
    new["required"].append("new")

    assert breaking_changes(old, new) == ["new: a new field is required"]


def test_a_fact_that_becomes_a_command_breaks() -> None:
    assert breaking_changes(*changed("x-kind", "command")) == ["the kind was event and is command"]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    (
        ("properties/text/maxLength", 200, "text: maxLength was 100 and is 200"),
        ("properties/text/pattern", None, "text: pattern was ^a and is absent"),
        ("properties/version/type", "number", "version: may now be number"),
        ("properties/case_id", {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]},
         "case_id: may now be null"),
        ("$defs/Act/enum", None, "act: may now be anything"),
    ),
)  # fmt: skip
def test_what_becomes_laxer_breaks_the_readers_of_an_event_and_no_sender_of_a_command(
    path: str, value: Any, told: str
) -> None:
    assert breaking_changes(*changed(path, value)) == [told]
    assert breaking_changes(*changed(path, value, kind="command")) == []


@pytest.mark.parametrize("kind", ("event", "command"))
@pytest.mark.parametrize(
    ("path", "value"),
    (
        ("properties/new", {"type": "string", "default": ""}),
        ("$defs/Reason/properties/new", {"type": "string"}),
        ("$defs/Act/enum", ["read", "list", "search"]),
        ("description", "Other words."),
        ("properties/text/description", "Other words."),
        ("required", ["case_id", "version"]),
    ),
)
def test_additions_and_other_words_break_nothing(path: str, value: Any, kind: str) -> None:
    assert breaking_changes(*changed(path, value, kind=kind)) == []


def test_a_definition_may_move_and_change_its_name() -> None:
    old, new = deepcopy(OLD), deepcopy(OLD)
    new["$defs"]["Deed"] = new["$defs"].pop("Act")
    new["properties"]["act"] = {"$ref": "#/$defs/Deed"}
    new["properties"]["reasons"]["items"] = new["$defs"].pop("Reason")

    assert breaking_changes(old, new) == []


def test_a_schema_is_compatible_with_itself() -> None:
    assert breaking_changes(OLD, OLD) == []
