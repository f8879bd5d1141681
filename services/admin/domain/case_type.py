"""A case type: what citizens can ask for, with its forms. A change is a new version; the others never change."""

from dataclasses import dataclass

from services.admin.domain.document import Document
from shared.contracts.case_types import CaseTypeContent
from shared.contracts.events.admin import CaseTypePublished


@dataclass(slots=True, eq=False)
class CaseType(Document[CaseTypeContent]):
    """One case type, as its newest version and its draft have it."""

    def published(self) -> CaseTypePublished:
        """The newest version as neighbours read it."""
        return CaseTypePublished(
            **dict(self.said()),
            case_type=self.id,
            owner=self.owner,
            version=self.version,
            at=self.changed_at,
        )
