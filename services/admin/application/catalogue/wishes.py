"""How clients say what a case type shall be like."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from services.admin.application.wishes import Name, Wish


def _shallow(form: dict[str, Any]) -> dict[str, Any]:
    """Forms nest four levels of items, which is a dozen of JSON. What nests deeper only wears the machinery out."""
    level: list[Any] = [form]
    for _ in range(_DEEPEST):
        level = [part for value in level for part in (value.values() if isinstance(value, dict) else value)]
        level = [part for part in level if isinstance(part, dict | list)]
        if not level:
            return form
    raise ValueError("nests too deeply")


_DEEPEST = 30


Questionnaire = Annotated[dict[str, Any], AfterValidator(_shallow)]


class CaseTypeWish(Wish):
    """The next version of a case type, whole."""

    name_sv: Name = Field(description="Name in Swedish")
    name_en: Name = Field(description="Name in English")
    active: bool = Field(default=True, description="False: no new cases of this type")
    question_form: Questionnaire = Field(
        description="What the citizen fills in: a FHIR R4 Questionnaire, see docs/forms.md"
    )
    answer_form: Questionnaire = Field(description="What the caregiver fills in, in the same form")
