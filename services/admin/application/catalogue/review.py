"""A case type as people will see it, and what its author should look at again."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from services.admin.application.documents.preview import Preview, form_lines, text_line
from services.admin.application.documents.texts import remarks_on_text
from services.admin.application.documents.views import RemarkView
from shared.contracts.case_types import CaseTypeContent
from shared.forms import Language, Remark, lint_form, parse_form


def remarks_on_case_type(content: CaseTypeContent) -> Iterator[Remark]:
    """Missing translations and help, texts that ask for too much. None of it stops a publication."""
    yield from remarks_on_text("description", content.description)
    for name, questionnaire in (
        ("question_form", content.question_form),
        ("answer_form", content.answer_form),
    ):
        for found in lint_form(parse_form(questionnaire)):
            yield replace(found, path=f"{name}.{found.path}")
    for index, answer in enumerate(content.standard_answers):
        yield from remarks_on_text(f"standard_answers.{index}.title", answer.title)
        yield from remarks_on_text(f"standard_answers.{index}.text", answer.text)


def preview_case_type(
    content: CaseTypeContent, language: Language, answers: Mapping[str, Any] | None
) -> Preview:
    """Both forms line by line, with the remarks."""
    return Preview(
        citizen=[
            *text_line(content.description.in_language(language)),
            *form_lines(parse_form(content.question_form), language, answers),
        ],
        caregiver=form_lines(parse_form(content.answer_form), language),
        remarks=[remark_view(found, language) for found in remarks_on_case_type(content)],
    )


def remark_view(found: Remark, language: Language) -> RemarkView:
    """Show a remark."""
    return RemarkView(path=found.path, code=found.code, message=found.en if language == "en" else found.sv)
