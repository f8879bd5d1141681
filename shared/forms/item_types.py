"""The types an item can have: which attributes it takes, and what counts as an answer to it.

A new type of question is a row in `QUESTION_TYPES` with its checker. A new attribute is a name in the rows that
take it, a field of `Question`, and a line in `attributes.py` and `export.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.forms import answers
from shared.forms.answers import Checker
from shared.forms.items import MOST_ANSWERS, Language, Operator, Question, Text
from shared.forms.values import exact


@dataclass(frozen=True, slots=True)
class ItemType:
    """What an item may hold beside linkId, text, type and its conditions."""

    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuestionType(ItemType):
    """A type that is answered.

    `checkers` by the field that carries the answer, `expects` completes "answer with …", `longest` limits a
    text, `operators` are those of conditions beside `exists`, `extensions` those it takes of `extensions.py`.
    """

    checkers: Mapping[str, Callable[[Question], Checker]]
    shown: Callable[[Question, Mapping[str, Any], Language], str]
    expects: Text
    longest: int = 0
    operators: tuple[Operator, ...] = ("=", "!=")
    extensions: tuple[str, ...] = ()


def longest_answer(question: Question) -> int:
    """How many characters the answer may have: what the form says, else what the type allows."""
    return question.max_length or QUESTION_TYPES[question.type].longest


def most_answers(question: Question) -> int:
    """How many answers the question may have."""
    return max(MOST_ANSWERS, len(question.options)) if question.repeats else 1


def _text(question: Question) -> Checker:
    return answers.text(longest_answer(question))


def _written(_: Question, answer: Mapping[str, Any], __: Language) -> str:
    return str(next(iter(answer.values())))


def _number(_: Question, answer: Mapping[str, Any], language: Language) -> str:
    number = f"{exact(answer['valueDecimal']):f}"
    return number if language == "en" else number.replace(".", ",")


def _yes_or_no(_: Question, answer: Mapping[str, Any], language: Language) -> str:
    yes, no = ("Yes", "No") if language == "en" else ("Ja", "Nej")
    return yes if answer["valueBoolean"] else no


def _option(question: Question, answer: Mapping[str, Any], language: Language) -> str:
    if "valueCoding" not in answer:
        return str(answer["valueString"])
    code = answer["valueCoding"]["code"]
    return next((o.display.in_language(language) for o in question.options if o.code == code), str(code))


def _file(_: Question, answer: Mapping[str, Any], language: Language) -> str:
    nameless = "A file without a name" if language == "en" else "En fil utan namn"
    return str(answer["valueAttachment"].get("title", "")).strip() or nameless


_ASKED = frozenset({"required", "item"})
_LISTED = _ASKED | {"repeats"}
_WRITTEN = _LISTED | {"maxLength"}
_MEASURED = _LISTED | {"extension"}
_CHOSEN = _LISTED | {"answerOption"}

_ORDERED: tuple[Operator, ...] = ("=", "!=", ">", "<", ">=", "<=")
_LIMITS = ("minValue", "maxValue")

QUESTION_TYPES: dict[str, QuestionType] = {
    "string": QuestionType(_WRITTEN, {"valueString": _text}, _written, Text("text", "text"), longest=1_000),
    "text": QuestionType(_WRITTEN, {"valueString": _text}, _written, Text("text", "text"), longest=20_000),
    "choice": QuestionType(
        _CHOSEN,
        {"valueCoding": answers.choice},
        _option,
        Text("ett av alternativen", "one of the options"),
    ),
    "open-choice": QuestionType(
        _CHOSEN | {"maxLength"},
        {"valueCoding": answers.choice, "valueString": _text},
        _option,
        Text("ett av alternativen eller text", "one of the options or text"),
        longest=1_000,
    ),
    "boolean": QuestionType(
        _ASKED, {"valueBoolean": answers.boolean}, _yes_or_no, Text("ja eller nej", "yes or no")
    ),
    "date": QuestionType(
        _MEASURED,
        {"valueDate": answers.date},
        _written,
        Text("ett datum, ÅÅÅÅ-MM-DD", "a date, YYYY-MM-DD"),
        operators=_ORDERED,
        extensions=_LIMITS,
    ),
    "integer": QuestionType(
        _MEASURED,
        {"valueInteger": answers.integer},
        _written,
        Text("ett heltal", "a whole number"),
        operators=_ORDERED,
        extensions=_LIMITS,
    ),
    "decimal": QuestionType(
        _MEASURED,
        {"valueDecimal": answers.decimal},
        _number,
        Text("ett tal", "a number"),
        operators=_ORDERED,
        extensions=_LIMITS,
    ),
    "attachment": QuestionType(
        _MEASURED,
        {"valueAttachment": answers.attachment},
        _file,
        Text("en bifogad fil", "an attached file"),
        operators=(),
        extensions=("mimeType", "maxSize"),
    ),
}

ITEM_TYPES: dict[str, ItemType] = {
    "group": ItemType(frozenset({"item"})),
    "display": ItemType(frozenset()),
    **QUESTION_TYPES,
}
