"""Read a FHIR R4 Questionnaire strictly: what this system doesn't understand, it refuses."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.errors import Refused
from shared.faults import Fault
from shared.forms.attributes import read_file_limits, read_limits, read_options
from shared.forms.extensions import read_help_control, read_text
from shared.forms.form import Form
from shared.forms.item_types import ITEM_TYPES, QUESTION_TYPES
from shared.forms.items import (
    LONGEST_CODE,
    LONGEST_QUESTION,
    MOST_ITEMS,
    MOST_LEVELS,
    Display,
    Group,
    Item,
    Question,
    Text,
)
from shared.forms.place import Place
from shared.forms.read_conditions import Earlier, read_conditions

# Narrower than FHIR's string, so that a linkId can stand in a path, an HTML id and a log.
_LINK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_HELP = frozenset({"linkId", "text", "_text", "type", "extension"})
_EVERY_ITEM = frozenset({"linkId", "text", "_text", "type", "enableWhen", "enableBehavior"})
_EVERY_ATTRIBUTE = frozenset[str]().union(*(item_type.attributes for item_type in ITEM_TYPES.values()))


class FormFaults(Refused):
    """The form is refused; `faults` say where and why."""


def parse_form(questionnaire: Mapping[str, Any]) -> Form:
    """The form in a Questionnaire: {"resourceType": "Questionnaire", "language": "sv", "item": [{…}, …]}.

    Optionally with "status": "active". An item is {"linkId", "text", "type"}, "enableWhen" with
    "enableBehavior" if it has conditions, and what its type takes: `ITEM_TYPES`, docs/forms.md. Texts are
    Swedish; English stands in the translation extension on "_text" and "_display", if at all.

    Raises FormFaults with every fault found, at most 100, each with its path, such as
    `item[2].answerOption[0].valueCoding.code`, or `questionnaire` for the whole.

    Rules from https://hl7.org/fhir/R4/questionnaire.html: que-1 (a group has items), que-2 (linkIds are
    unique), que-7 and que-12 (conditions). Ours: only groups nest and they never repeat, a choice has its own
    options, maxLength only on texts, no required on groups, a condition looks back to a question, so that
    there are no cycles, no unknown field, and the limits in `items.py`.
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
        self._earlier = Earlier()
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
        items = self._items(top, level=1)
        self._earlier.close()
        return items

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
        text = read_text(place, "text", LONGEST_QUESTION)
        type_ = _type(place)
        shown_when = read_conditions(place, link_id, self._earlier) if type_ else None
        self._earlier.passed(link_id)
        if type_ is None:
            return None
        if type_ == "group":
            return Group(link_id, text, self._items(place, level + 1), shown_when)
        if type_ == "display":
            return Display(link_id, text, shown_when)
        help_ = self._help(place) if place.has("item") else None
        question = _question(place, Question(link_id, text, type_, help=help_, shown_when=shown_when))
        self._earlier.passed(link_id, question)
        return question

    def _help(self, question: Place) -> Display | None:
        """FHIR's way to help with a question: a display under it that says of itself that it is help."""
        help_ = None
        for place in question.at("item").each(1):
            if not place.is_object():
                continue
            if place.has("type") and place.at("type").value != "display":
                place.at("type").refuse("only_help")
                continue
            place.only(_HELP)
            place.required("type")
            help_ = Display(self._link_id(place), read_text(place, "text", LONGEST_QUESTION))
            self._earlier.passed(help_.link_id)
            read_help_control(place.required("extension"))
        return help_

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


def _question(place: Place, question: Question) -> Question:
    """The question with all that its type takes."""
    kind = QUESTION_TYPES[question.type]
    limited = "maxLength" in kind.attributes and place.has("maxLength")
    extended = kind.extensions if place.has("extension") else ()
    least, most = read_limits(place, question.type) if "minValue" in extended else (None, None)
    mime_types, max_size = read_file_limits(place) if "maxSize" in extended else ((), None)
    return replace(
        question,
        required=place.has("required") and place.at("required").flag(),
        max_length=place.at("maxLength").number(1, kind.longest) if limited else None,
        options=read_options(place) if "answerOption" in kind.attributes else (),
        repeats="repeats" in kind.attributes and place.has("repeats") and place.at("repeats").flag(),
        min_value=least,
        max_value=most,
        mime_types=mime_types,
        max_size=max_size,
    )
