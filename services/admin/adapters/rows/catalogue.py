"""How case types become rows and back."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.catalogue import CASE_TYPES
from services.admin.domain.case_type import CaseType, Content
from shared.contracts.ids import CaseTypeId
from shared.database.rows import Rows


class CaseTypeRows(Rows[CaseTypeId, CaseType]):
    """Case types as their newest versions have them, locked."""

    table = CASE_TYPES
    columns = ("id", "name_sv", "name_en", "active", "question_form", "answer_form", *LAST_CHANGE)

    def from_row(self, row: Any) -> CaseType:
        id_, name_sv, name_en, active, question, answer, *rest = row
        return CaseType(id_, Content(name_sv, name_en, active, question, answer), *rest)

    def to_row(self, entity: CaseType) -> tuple[Any, ...]:
        content = entity.content
        forms = (content.question_form, content.answer_form)
        return (entity.id, content.name_sv, content.name_en, content.active, *forms, *last_change_of(entity))
