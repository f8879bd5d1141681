"""An answered form as people read it: each question with its answer, in their language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.forms.form import Form
from shared.forms.item_types import QUESTION_TYPES
from shared.forms.items import Language, Question


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """`headings` are the groups above the question, outermost first; `answer` is None if there is none.

    Plain text as it was written, line breaks and all: whoever shows it as HTML escapes it. Several answers to
    one question stand on a line each.
    """

    link_id: str
    headings: tuple[str, ...]
    question: str
    answer: str | None


def render_answers(form: Form, response: Mapping[str, Any], language: Language) -> tuple[ShownAnswer, ...]:
    """All questions that were asked, in the order of the form: a hidden one was not.

    The response is one that this form's `check` has accepted.
    """
    answers = dict(_answers(response.get("item", ())))
    asked = form.visible(response)
    return tuple(
        ShownAnswer(
            question.link_id,
            tuple(group.text.in_language(language) for group in groups),
            question.text.in_language(language),
            _shown(question, answers.get(question.link_id, ()), language),
        )
        for groups, question in form.questions()
        if question.link_id in asked
    )


def _answers(items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    for item in items:
        if item.get("answer"):
            yield item["linkId"], item["answer"]
        yield from _answers(item.get("item", ()))


def _shown(question: Question, answers: Sequence[Mapping[str, Any]], language: Language) -> str | None:
    shown = QUESTION_TYPES[question.type].shown
    lines = [line for answer in answers if (line := shown(question, answer, language)).strip()]
    return "\n".join(lines) or None
