"""A template as citizens will see it, and what its author should look at again."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from services.admin.application.documents.preview import Preview, form_lines, text_line
from services.admin.application.documents.texts import remarks_on_text
from services.admin.application.documents.views import RemarkView
from shared.contracts.templates import TemplateContent
from shared.contracts.texts import filled_in
from shared.forms import Language, Remark, lint_form, parse_form

TEXTS = ("subject", "sender", "purpose", "body", "contact")
_ALWAYS = ("subject", "sender", "purpose")
_SAY_WHO = (
    "Tala om för invånaren vad det gäller, vem som skriver och varför.",
    "Tell the citizen what it is about, who writes and why.",
)


def remarks_on_template(content: TemplateContent) -> Iterator[Remark]:
    """Missing blocks, translations and help; texts that ask for too much. None of it stops a publication."""
    for name in TEXTS:
        text = getattr(content, name)
        if name in _ALWAYS and not text.sv:
            yield Remark("missing_block", name, *_SAY_WHO)
        yield from remarks_on_text(name, text)
    if content.form is not None:
        for found in lint_form(parse_form(content.form)):
            yield replace(found, path=f"form.{found.path}")


def preview_template(
    content: TemplateContent, language: Language, answers: Mapping[str, Any] | None
) -> Preview:
    """What the citizen reads, with fallbacks in place of what is not known yet, and prompts still open."""
    texts = (filled_in(getattr(content, name).in_language(language), {}) for name in TEXTS)
    form = [] if content.form is None else form_lines(parse_form(content.form), language, answers)
    return Preview(
        citizen=[*(line for text in texts for line in text_line(text)), *form],
        caregiver=[],
        remarks=[
            RemarkView(path=it.path, code=it.code, message=it.en if language == "en" else it.sv)
            for it in remarks_on_template(content)
        ],
    )
