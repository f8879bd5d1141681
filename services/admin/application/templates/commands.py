"""Commands about templates, beside those that every document has."""

from typing import ClassVar

from services.admin.application.commands import AdminCommand
from services.admin.application.documents.commands import DocumentCommand
from shared.contracts.case_types import CaseTypeOwner, Owner


class SubmitTemplate(DocumentCommand):
    """The draft is ready to be published, once a second person has approved it."""

    TYPE: ClassVar[str] = "admin.submit-template.v1"


class ApproveTemplate(DocumentCommand):
    """A second person approves the draft, which becomes the next version."""

    TYPE: ClassVar[str] = "admin.approve-template.v1"


class SendBackTemplate(DocumentCommand):
    """The draft is not approved like this."""

    TYPE: ClassVar[str] = "admin.send-back-template.v1"


class SetApprovalRule(AdminCommand):
    """Whether templates of a region or a clinic need a second person's approval."""

    TYPE: ClassVar[str] = "admin.set-approval-rule.v1"

    place: Owner
    expected_version: int
    needed: bool | None
    locked: bool = False

    def clinic(self) -> list[str]:
        """The clinic, if it is one."""
        return [self.place.place] if self.place.kind is CaseTypeOwner.CLINIC else []
