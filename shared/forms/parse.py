"""Read a FHIR R4 Questionnaire strictly: what this system doesn't understand, it refuses."""

import re
from collections.abc import Mapping
from typing import Any

from shared.errors import Refused
from shared.faults import Fault
from shared.forms.export import TRANSLATION
from shared.forms.form import Form
from shared.forms.item_types import ITEM_TYPES, LIST, QUESTION_TYPES
from shared.forms.items import (
    LONGEST_CODE,
    LONGEST_DISPLAY,
    LONGEST_QUESTION,
    MOST_ITEMS,
    MOST_LEVELS,
    MOST_OPTIONS,
    Group,
    Item,
    Option,
    Question,
    Text,
)
from shared.forms.place import Place

# Narrower than FHIR's string, so that a linkId can stand in a path, an HTML id and a log.
_LINK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_CODE = re.compile(r"\S+(\s\S+)*")  # FHIR R4, datatype code

_EVERY_ITEM = frozenset({"linkId", "text", "_text", "type"})
_EVERY_ATTRIBUTE = frozenset[str]().union(*(item_type.attributes for item_type in ITEM_TYPES.values()))


class FormFaults(Refused):
    """The form is refused; `faults` say where and why."""


def parse_form(questionnaire: Mapping[str, Any]) -> Form:
    """The form in a Questionnaire: {"resourceType": "Questionnaire", "language": "sv", "item": [{…}, …]}.

    Optionally with "status": "active". An item is {"linkId", "text", "type"} and what its type takes:
    "required", "maxLength", "answerOption": [{"valueCoding": {"code", "display"}}], "item". Texts are
    Swedish; English stands in the translation extension on "_text" and "_display", if at all.

    Raises FormFaults with every fault found, at most 100, each with its path, such as
    `item[2].answerOption[0].valueCoding.code`, or `questionnaire` for the whole.

    Rules from https://hl7.org/fhir/R4/questionnaire.html: que-1 (a group has items), que-2 (linkIds are
    unique). Ours: only groups nest, a choice has its own options, maxLength only on texts, no required on
    groups, no unknown field, and the limits in `items.py`.
    """
    faults: list[Fault] = []
    items = _Reading().form(Place(questionnaire, "", faults))
    if faults:
        raise FormFaults(*faults)
    return Form(items)


class _Reading:
    """One questionnaire being read: which linkIds it has used, and how many items."""

    def __init__(self) -> None:
        self._link_ids: set[str] = set()
        self._count = 0

    def form(self, top: Place) -> tuple[Item, ...]:
        if not top.is_object():
            return ()
        top.only({"resourceType", "language", "status", "item"})
        for name, value in (("resourceType", "Questionnaire"), ("language", "sv")):
            if (place := top.required(name)) is not None:
                place.constant(value)
        if top.has("status"):
            top.at("status").constant("active")
        return self._items(top, level=1)

    def _items(self, holder: Place, level: int) -> tuple[Item, ...]:
        place = holder.required("item")
        if place is None:
            return ()
        if level > MOST_LEVELS:
            place.refuse("too_deep", most=MOST_LEVELS)
            return ()
        items = []
        for entry in place.each():
            self._count += 1
            if self._count > MOST_ITEMS:
                if self._count == MOST_ITEMS + 1:
                    entry.refuse("too_many_items", most=MOST_ITEMS)
                break
            if (item := self._item(entry, level)) is not None:
                items.append(item)
        return tuple(items)

    def _item(self, place: Place, level: int) -> Item | None:
        if not place.is_object():
            return None
        link_id = self._link_id(place)
        text = _text(place, "text", LONGEST_QUESTION)
        type_ = _type(place)
        if type_ is None:
            return None
        if type_ == "group":
            return Group(link_id, text, self._items(place, level + 1))
        return _question(place, link_id, text, type_)

    def _link_id(self, holder: Place) -> str:
        place = holder.required("linkId")
        if place is None or not (link_id := place.text(LONGEST_CODE)):
            return ""
        if _LINK_ID.fullmatch(link_id) is None:
            place.refuse("invalid_link_id")
        elif link_id in self._link_ids:
            place.refuse("duplicate_link_id")
        self._link_ids.add(link_id)
        return link_id


def _type(holder: Place) -> str | None:
    place = holder.required("type")
    if place is None or not (type_ := place.text(LONGEST_CODE)):
        return None
    if type_ not in ITEM_TYPES:
        place.refuse("wrong_value", expects=Text(", ".join(ITEM_TYPES)))
        return None
    taken = _EVERY_ITEM | ITEM_TYPES[type_].attributes
    holder.only(taken | _EVERY_ATTRIBUTE)
    for name in sorted(_EVERY_ATTRIBUTE - taken):
        if holder.has(name):
            holder.at(name).refuse("field_not_for_type", type=type_)
    return type_


def _question(place: Place, link_id: str, text: Text, type_: str) -> Question:
    kind = QUESTION_TYPES[type_]
    required = place.has("required") and place.at("required").flag()
    limited = "maxLength" in kind.attributes and place.has("maxLength")
    max_length = place.at("maxLength").number(1, kind.longest) if limited else None
    options = _options(place) if "answerOption" in kind.attributes else ()
    return Question(link_id, text, type_, required, max_length, options)


def _options(holder: Place) -> tuple[Option, ...]:
    place = holder.required("answerOption")
    options: dict[str, Option] = {}
    for entry in place.each(MOST_OPTIONS) if place else ():
        if not entry.is_object():
            continue
        entry.only({"valueCoding"})
        coding = entry.required("valueCoding")
        if coding is None or not coding.is_object():
            continue
        coding.only({"code", "display", "_display"})
        code = coding.required("code")
        display = _text(coding, "display", LONGEST_DISPLAY)
        if code is None or not (value := code.text(LONGEST_CODE)):
            continue
        if _CODE.fullmatch(value) is None:
            code.refuse("invalid_code")
        elif value in options:
            code.refuse("duplicate_option")
        options[value] = Option(value, display)
    return tuple(options.values())


def _text(holder: Place, name: str, longest: int) -> Text:
    place = holder.required(name)
    swedish = place.text(longest) if place else ""
    return Text(swedish, _translation(holder.at(f"_{name}"), longest) if holder.has(f"_{name}") else None)


def _translation(place: Place, longest: int) -> str | None:
    """The English in {"extension": [{"url": TRANSLATION, "extension": [lang, content]}]}, and no other."""
    if not place.is_object():
        return None
    place.only({"extension"})
    translation = _extensions(place.required("extension"), {TRANSLATION: "extension"})
    parts = _extensions(translation.get(TRANSLATION), {"lang": "valueCode", "content": "valueString"})
    if lang := parts.get("lang"):
        lang.constant("en")
    content = parts.get("content")
    return content.text(longest) if content else None


def _extensions(place: Place | None, values: Mapping[str, str]) -> dict[str, Place]:
    """The values of a list of extensions by url; `values` says in which field each url has its value."""
    urls: set[str] = set()
    found: dict[str, Place] = {}
    if place is None:
        return found
    for entry in place.each(len(values)):
        url = entry.required("url") if entry.is_object() else None
        if url is None:
            continue
        if not isinstance(url.value, str) or url.value not in values or url.value in urls:
            url.refuse("wrong_value", expects=Text(", ".join(values)))
            continue
        urls.add(url.value)
        entry.only({"url", values[url.value]})
        if value := entry.required(values[url.value]):
            found[url.value] = value
    if isinstance(place.value, LIST) and 0 < len(place.value) < len(values):
        place.refuse("incomplete", expects=Text(", ".join(values)))
    return found
