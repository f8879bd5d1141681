"""The form of a case type: a small, strict subset of the FHIR R4 Questionnaire and QuestionnaireResponse.

    form = parse_form(questionnaire)                Form, or FormFaults with every fault in the form
    faults = form.check(response)                   () or what is wrong with the answers, never an exception
    form.visible(answers)                           which items to show, given the answers so far
    form.to_questionnaire()                         the form as JSON again
    lint_form(form)                                 what its author should look at again
    render_answers(form, response, "sv")            each question with its answer, for people to read

Swedish is the base language; English stands in the translation extension and may be missing. Forms and
answers are JSON as Python's decoders make it. Types of items: `item_types.py`. Limits: `items.py`. Conditions:
`conditions.py`.
"""

from shared.faults import Fault
from shared.forms.form import Form
from shared.forms.items import (
    Chosen,
    Condition,
    Display,
    Group,
    Item,
    Language,
    Option,
    Question,
    ShownWhen,
    Text,
)
from shared.forms.lint import lint_form
from shared.forms.parse import FormFaults, parse_form
from shared.forms.remarks import Remark
from shared.forms.render import ShownAnswer, render_answers

__all__ = [
    "Chosen",
    "Condition",
    "Display",
    "Fault",
    "Form",
    "FormFaults",
    "Group",
    "Item",
    "Language",
    "Option",
    "Question",
    "Remark",
    "ShownAnswer",
    "ShownWhen",
    "Text",
    "lint_form",
    "parse_form",
    "render_answers",
]
