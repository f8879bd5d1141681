"""A form as it will be seen, line by line, without being stored."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel

from services.admin.application.documents.views import RemarkView
from shared.forms import Display, Form, Group, Item, Language, Question


class PreviewLine(BaseModel):
    """One line. `level` is how deep it stands; `conditional`: shown for certain answers only."""

    level: int
    kind: Literal["heading", "question", "help", "information"]
    text: str
    answer_type: str = ""
    options: list[str] = []
    required: bool = False
    conditional: bool = False


class Preview(BaseModel):
    """What people will see, and what its author should look at again."""

    citizen: list[PreviewLine]
    caregiver: list[PreviewLine]
    remarks: list[RemarkView]


def form_lines(form: Form, language: Language, answers: Mapping[str, Any] | None = None) -> list[PreviewLine]:
    """Everything that the form can show; with answers, what it shows for these."""
    shown = None if answers is None else form.visible(answers)
    return list(_lines(form.items, language, shown, 0))


def text_line(text: str) -> list[PreviewLine]:
    """A text as one line, if there is one."""
    return [PreviewLine(level=0, kind="information", text=text)] if text else []


def _lines(
    items: Sequence[Item], language: Language, shown: frozenset[str] | None, level: int
) -> Iterator[PreviewLine]:
    for item in items:
        if shown is not None and item.link_id not in shown:
            continue
        yield _line(item, language, level)
        if isinstance(item, Group):
            yield from _lines(item.items, language, shown, level + 1)
        elif isinstance(item, Question) and item.help is not None:
            yield PreviewLine(level=level + 1, kind="help", text=item.help.text.in_language(language))


def _line(item: Item, language: Language, level: int) -> PreviewLine:
    text, conditional = item.text.in_language(language), item.shown_when is not None
    if isinstance(item, Question):
        return PreviewLine(
            level=level,
            kind="question",
            text=text,
            answer_type=item.type,
            options=[option.display.in_language(language) for option in item.options],
            required=item.required,
            conditional=conditional,
        )
    kind: Literal["heading", "information"] = "information" if isinstance(item, Display) else "heading"
    return PreviewLine(level=level, kind=kind, text=text, conditional=conditional)
