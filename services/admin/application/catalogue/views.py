"""How case types are shown."""

from typing import Any

from services.admin.application.views import View
from services.admin.domain.case_type import CaseType


class CaseTypeView(View):
    """The newest version of a case type."""

    case_type: str
    name_sv: str
    name_en: str
    active: bool
    question_form: dict[str, Any]
    answer_form: dict[str, Any]


class CaseTypeLine(View):
    """The newest version of a case type, without its forms."""

    case_type: str
    name_sv: str
    name_en: str
    active: bool


def case_type_view(case_type: CaseType) -> CaseTypeView:
    """Show the newest version of a case type."""
    return CaseTypeView(
        case_type=case_type.id,
        version=case_type.version,
        changed_by=case_type.changed_by,
        changed_at=case_type.changed_at,
        name_sv=case_type.content.name_sv,
        name_en=case_type.content.name_en,
        active=case_type.content.active,
        question_form=case_type.content.question_form,
        answer_form=case_type.content.answer_form,
    )
