"""What a form consists of: questions with their options, in groups, in two languages."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["sv", "en"]

MOST_ITEMS = 200
MOST_LEVELS = 4
MOST_OPTIONS = 200
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
class Question:
    """Something to answer. `type` is a row of `QUESTION_TYPES`; `max_length` counts characters after NFC."""

    link_id: str
    text: Text
    type: str
    required: bool = False
    max_length: int | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with items under it. It takes no answer itself and is never empty (que-1)."""

    link_id: str
    text: Text
    items: tuple["Question | Group", ...]


Item: TypeAlias = Question | Group
