"""A form as the JSON of a FHIR R4 Questionnaire."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shared.forms.extensions import (
    HELP,
    ITEM_CONTROL,
    MAX_SIZE,
    MAX_VALUE,
    MIME_TYPE,
    MIN_VALUE,
    TRANSLATION,
)
from shared.forms.item_types import QUESTION_TYPES
from shared.forms.items import (
    Chosen,
    Condition,
    Display,
    Group,
    Item,
    Option,
    Question,
    ShownWhen,
    Text,
    Value,
)
from shared.forms.values import as_json


def to_questionnaire(items: Sequence[Item]) -> dict[str, Any]:
    """FHIR demands a status. It is always active here: whether a form is in use is its case type's matter."""
    return {
        "resourceType": "Questionnaire",
        "language": "sv",
        "status": "active",
        "item": [_item(item) for item in items],
    }


def _item(item: Item) -> dict[str, Any]:
    written = {"linkId": item.link_id, **_text("text", item.text)}
    if isinstance(item, Group):
        nested = [_item(inner) for inner in item.items]
        return {**written, "type": "group", **_shown_when(item.shown_when), "item": nested}
    if isinstance(item, Display):
        return {**written, "type": "display", **_shown_when(item.shown_when)}
    return {**written, "type": item.type, **_shown_when(item.shown_when), **_question(item)}


def _question(question: Question) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if extensions := [*_limits(question), *_file_limits(question)]:
        written["extension"] = extensions
    if question.required:
        written["required"] = True
    if question.repeats:
        written["repeats"] = True
    if question.max_length is not None:
        written["maxLength"] = question.max_length
    if question.options:
        written["answerOption"] = [_option(option) for option in question.options]
    if question.help is not None:
        written["item"] = [_item(question.help) | {"extension": [_help_control()]}]
    return written


def _shown_when(shown_when: ShownWhen | None) -> dict[str, Any]:
    if shown_when is None:
        return {}
    written = {"enableWhen": [_condition(condition) for condition in shown_when.conditions]}
    return written | ({"enableBehavior": shown_when.behavior} if len(shown_when.conditions) > 1 else {})


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "question": condition.question,
        "operator": condition.operator,
        f"answer{_kind(condition.value)}": _json(condition.value),
    }


def _limits(question: Question) -> list[Mapping[str, Any]]:
    (field, *_) = QUESTION_TYPES[question.type].checkers
    limits = ((MIN_VALUE, question.min_value), (MAX_VALUE, question.max_value))
    return [{"url": url, field: _json(value)} for url, value in limits if value is not None]


def _file_limits(question: Question) -> list[Mapping[str, Any]]:
    mime_types = [{"url": MIME_TYPE, "valueCode": mime_type} for mime_type in question.mime_types]
    size = question.max_size
    return [*mime_types, *([] if size is None else [{"url": MAX_SIZE, "valueDecimal": size}])]


def _help_control() -> dict[str, Any]:
    return {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [dict(HELP)]}}


def _kind(value: Value) -> str:
    kinds = {
        bool: "Boolean",
        int: "Integer",
        Decimal: "Decimal",
        date: "Date",
        str: "String",
        Chosen: "Coding",
    }
    return kinds[type(value)]


def _json(value: Value) -> Any:
    if isinstance(value, Decimal):
        return as_json(value)
    if isinstance(value, date):
        return value.isoformat()
    return {"code": value.code} if isinstance(value, Chosen) else value


def _option(option: Option) -> dict[str, Any]:
    return {"valueCoding": {"code": option.code, **_text("display", option.display)}}


def _text(field: str, text: Text) -> dict[str, Any]:
    if text.en is None:
        return {field: text.sv}
    translation = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text.en}]
    return {field: text.sv, f"_{field}": {"extension": [{"url": TRANSLATION, "extension": translation}]}}
