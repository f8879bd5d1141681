"""A form as the JSON of a FHIR R4 Questionnaire."""

from collections.abc import Sequence
from typing import Any

from shared.forms.items import Group, Item, Option, Text

# https://hl7.org/fhir/R4/extension-translation.html
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


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
        return {**written, "type": "group", "item": [_item(nested) for nested in item.items]}
    written["type"] = item.type
    if item.required:
        written["required"] = True
    if item.max_length is not None:
        written["maxLength"] = item.max_length
    if item.options:
        written["answerOption"] = [_option(option) for option in item.options]
    return written


def _option(option: Option) -> dict[str, Any]:
    return {"valueCoding": {"code": option.code, **_text("display", option.display)}}


def _text(field: str, text: Text) -> dict[str, Any]:
    if text.en is None:
        return {field: text.sv}
    translation = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text.en}]
    return {field: text.sv, f"_{field}": {"extension": [{"url": TRANSLATION, "extension": translation}]}}
