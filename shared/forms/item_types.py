"""The types an item can have: which attributes it takes, and what counts as an answer to it.

A new type of question (open-choice, decimal, attachment) is a row in `QUESTION_TYPES` with its checker; a
type that asks nothing (display) is a row in `ITEM_TYPES`. A new attribute (repeats, enableWhen, minValue) is
a name in the rows that take it, a field of `Question`, and a line in `parse.py` and `export.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from shared.forms.characters import fits, is_unstorable
from shared.forms.items import Language, Question, Text

# What is wrong with the value of an answer, as the code of a fault; None if nothing is.
Checker: TypeAlias = Callable[[Any], str | None]

OBJECT = (dict, Mapping)  # dict first: the usual case is then decided without asking the abstract class
LIST = (list, tuple)

_SMALLEST, _GREATEST = -(2**31), 2**31 - 1  # FHIR's integer has 32 bits


@dataclass(frozen=True, slots=True)
class ItemType:
    """What an item may hold beside linkId, text and type."""

    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuestionType(ItemType):
    """`value` is the field of the answer, `expects` completes "answer with …", `longest` limits a text."""

    value: str
    checker: Callable[[Question], Checker]
    shown: Callable[[Question, Any, Language], str]
    expects: Text
    longest: int = 0


def longest_answer(question: Question) -> int:
    """How many characters the answer may have: what the form says, else what the type allows."""
    return question.max_length or QUESTION_TYPES[question.type].longest


def _text(question: Question) -> Checker:
    longest = longest_answer(question)
    blank = "required" if question.required else None

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "wrong_type"
        if not fits(value, longest):
            return "too_long"
        if is_unstorable(value):
            return "invalid_characters"
        return blank if not value or value.isspace() else None

    return check


def _choice(question: Question) -> Checker:
    displays = {option.code: (option.display.sv, option.display.en) for option in question.options}

    def check(value: Any) -> str | None:
        if not isinstance(value, OBJECT):
            return "wrong_type"
        code = value.get("code")
        if not isinstance(code, str):
            return "wrong_type"
        if code not in displays:
            return "not_an_option"
        if len(value) == 1:
            return None
        if len(value) > 2 or "display" not in value:
            return "unknown_field"
        # Other words beside the code could tell the reader something else than what was chosen.
        display = value["display"]
        return None if isinstance(display, str) and display in displays[code] else "not_an_option"

    return check


def _boolean(_: Question) -> Checker:
    return lambda value: None if isinstance(value, bool) else "wrong_type"


def _date(_: Question) -> Checker:
    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "wrong_type"
        try:
            # Python also reads 20260301 and 2026-W09-7, which FHIR doesn't.
            return None if date.fromisoformat(value).isoformat() == value else "invalid_date"
        except ValueError:
            return "invalid_date"

    return check


def _integer(_: Question) -> Checker:
    def check(value: Any) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "wrong_type"
        return None if _SMALLEST <= value <= _GREATEST else "out_of_range"

    return check


def _as_written(_: Question, value: Any, __: Language) -> str:
    return str(value)


def _yes_or_no(_: Question, value: Any, language: Language) -> str:
    yes, no = ("Yes", "No") if language == "en" else ("Ja", "Nej")
    return yes if value else no


def _display(question: Question, value: Any, language: Language) -> str:
    code = value["code"]
    return next((o.display.in_language(language) for o in question.options if o.code == code), str(code))


_ASKED = frozenset({"required"})
_WRITTEN = _ASKED | {"maxLength"}
_CHOSEN = _ASKED | {"answerOption"}

QUESTION_TYPES: dict[str, QuestionType] = {
    "string": QuestionType(_WRITTEN, "valueString", _text, _as_written, Text("text", "text"), longest=1_000),
    "text": QuestionType(_WRITTEN, "valueString", _text, _as_written, Text("text", "text"), longest=20_000),
    "choice": QuestionType(
        _CHOSEN, "valueCoding", _choice, _display, Text("ett av alternativen", "one of the options")
    ),
    "boolean": QuestionType(_ASKED, "valueBoolean", _boolean, _yes_or_no, Text("ja eller nej", "yes or no")),
    "date": QuestionType(
        _ASKED, "valueDate", _date, _as_written, Text("ett datum, ÅÅÅÅ-MM-DD", "a date, YYYY-MM-DD")
    ),
    "integer": QuestionType(
        _ASKED, "valueInteger", _integer, _as_written, Text("ett heltal", "a whole number")
    ),
}

ITEM_TYPES: dict[str, ItemType] = {"group": ItemType(frozenset({"item"})), **QUESTION_TYPES}
