"""What a form consists of: questions with their options, in groups, under conditions, in two languages."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["sv", "en"]
Operator: TypeAlias = Literal["exists", "=", "!=", ">", "<", ">=", "<="]
Behavior: TypeAlias = Literal["all", "any"]

MOST_ITEMS = 200
MOST_LEVELS = 4
MOST_OPTIONS = 200
MOST_CONDITIONS = 20
MOST_ANSWERS = 20  # to a question that repeats; a choice may have as many as it has options
LONGEST_QUESTION = 1_000
LONGEST_DISPLAY = 300
LONGEST_CODE = 64

# More help nobody, and each costs memory that a hostile sender doesn't pay for.
MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people: always Swedish, English where somebody has translated them."""

    sv: str
    en: str | None = None

    def in_language(self, language: Language) -> str:
        """The words in that language, or in Swedish where there is no translation."""
        return self.en if language == "en" and self.en is not None else self.sv


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers that a choice offers (Questionnaire.item.answerOption.valueCoding)."""

    code: str
    display: Text


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option as an answer, so that the code `yes` is never taken for the text “yes”."""

    code: str


Value: TypeAlias = bool | int | Decimal | date | str | Chosen
"""What was answered, as conditions and limits compare it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be true of the answer to an earlier question (Questionnaire.item.enableWhen)."""

    question: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """An item is shown when all its conditions hold, or any of them."""

    conditions: tuple[Condition, ...]
    behavior: Behavior = "all"


@dataclass(frozen=True, slots=True)
class Display:
    """Words that ask nothing: a piece of information, or the help to a question."""

    link_id: str
    text: Text
    shown_when: ShownWhen | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something to answer. `type` is a row of `QUESTION_TYPES`; `max_length` counts characters after NFC.

    `min_value` and `max_value` are inclusive and of the type of the answer; `max_size` is in bytes; no
    `mime_types` means all that the system takes.
    """

    link_id: str
    text: Text
    type: str
    required: bool = False
    max_length: int | None = None
    options: tuple[Option, ...] = ()
    repeats: bool = False
    min_value: Value | None = None
    max_value: Value | None = None
    mime_types: tuple[str, ...] = ()
    max_size: int | None = None
    help: Display | None = None
    shown_when: ShownWhen | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with items under it. It takes no answer itself and is never empty (que-1)."""

    link_id: str
    text: Text
    items: tuple["Question | Group | Display", ...]
    shown_when: ShownWhen | None = None


Item: TypeAlias = Question | Group | Display
