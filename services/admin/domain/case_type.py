"""A case type: its names and its two forms. A published version never changes; a change is a new version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.admin.domain.entity import NEVER, Entity
from shared.aggregate import Aggregate
from shared.contracts.events.admin import CaseTypePublished
from shared.contracts.ids import CaseTypeId

Questionnaire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What one version says. An inactive version ends the type: no new cases."""

    name_sv: str
    name_en: str
    active: bool
    question_form: Questionnaire
    answer_form: Questionnaire


@dataclass(slots=True, eq=False)
class CaseType(Entity):
    """One case type, as its newest version has it."""

    id: CaseTypeId
    content: Content
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def published(self) -> CaseTypePublished:
        """The newest version as neighbours read it."""
        return CaseTypePublished(
            case_type=self.id,
            version=self.version,
            at=self.changed_at,
            name_sv=self.content.name_sv,
            name_en=self.content.name_en,
            active=self.content.active,
            question_form=self.content.question_form,
            answer_form=self.content.answer_form,
        )
