"""A template of what caregivers send to citizens, published when a second person approved, if its place wants one."""

from dataclasses import dataclass
from datetime import datetime

from services.admin.domain.document import Document, Draft
from shared.contracts.events.admin import TemplatePublished
from shared.contracts.templates import TemplateContent
from shared.errors import Forbidden, Refused
from shared.faults import Fault

_OWN_WORK = Fault(
    "",
    "own_work",
    "Du har själv skrivit i utkastet eller lämnat in det. Be en kollega att godkänna det.",
    "You have written in the draft, or submitted it, yourself. Ask a colleague to approve it.",
)
_NOT_SUBMITTED = Fault(
    "",
    "not_submitted",
    "Utkastet väntar inte på godkännande. Lämna in det först.",
    "The draft does not wait for approval. Submit it first.",
)


@dataclass(slots=True, eq=False)
class Template(Document[TemplateContent]):
    """One template, as its newest version and its draft have it. `approved_by` is about the newest version."""

    approved_by: str = ""

    def version_key(self, version: int) -> str:
        """Apart from those of case types, which may have the same id."""
        return f"template:{self.id}/{version}"

    def approve(self, by: str, at: datetime) -> None:
        """Somebody who has had no hand in the draft lets it be published."""
        draft = self.awaiting()
        if by in draft.authors | {draft.submitted_by}:
            raise Forbidden(_OWN_WORK)
        self.approved_by = by
        self.publish_draft(by, at)

    def publish_alone(self, by: str, at: datetime) -> None:
        """Whoever writes it lets it be published, where nobody asks for a second person."""
        self.approved_by = ""
        self.publish_draft(by, at)

    def awaiting(self) -> Draft[TemplateContent]:
        """The draft that waits for approval. Raises Refused if there is none."""
        draft = self.drafted()
        if not draft.submitted_by:
            raise Refused(_NOT_SUBMITTED)
        return draft

    def published(self) -> TemplatePublished:
        """The newest version as neighbours read it."""
        return TemplatePublished(
            **dict(self.said()),
            template=self.id,
            owner=self.owner,
            approved_by=self.approved_by,
            version=self.version,
            at=self.changed_at,
        )
