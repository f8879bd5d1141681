"""A template is published when a second person has approved it; where its place asks for none, at once."""

from datetime import datetime

from services.admin.application.documents.commands import PublishDraft
from services.admin.application.documents.drafts import drafting
from services.admin.application.documents.views import DocumentView, document_view
from services.admin.application.ports import ApprovalRules, Clinics
from services.admin.application.templates.commands import ApproveTemplate, SendBackTemplate, SubmitTemplate
from services.admin.domain.account import Account
from services.admin.domain.approval_rule import Approval, places_of, rule_id, what_counts
from services.admin.domain.template import Template
from shared.contracts.case_types import CaseTypeOwner, Owner
from shared.contracts.ids import ClinicId
from shared.errors import Refused
from shared.faults import Fault

_APPROVAL_NEEDED = Fault(
    "",
    "approval_needed",
    "Mallar här godkänns av en andra person. Lämna in utkastet och be en kollega att godkänna det.",
    "Templates here are approved by a second person. Submit the draft, and ask a colleague to approve it.",
)


def publish_template(
    command: PublishDraft,
    actor: Account | None,
    document: Template | None,
    clinics: Clinics,
    rules: ApprovalRules,
    now: datetime,
) -> DocumentView:
    """The draft becomes the next version at once, where nobody asks for a second person."""
    template: Template = drafting(command, actor, document)
    if approval_for(template.owner, clinics, rules).needed:
        raise Refused(_APPROVAL_NEEDED)
    template.publish_alone(command.actor, now)
    return document_view(template)


def approval_for(owner: Owner, clinics: Clinics, rules: ApprovalRules) -> Approval:
    """What counts about the templates of this owner."""
    clinic = clinics.get(ClinicId(owner.place)) if owner.kind is CaseTypeOwner.CLINIC else None
    region = clinic.region if clinic is not None else ""
    return what_counts(rules.get(rule_id(place)) for place in places_of(owner, region))


def submit_template(
    command: SubmitTemplate, actor: Account | None, document: Template | None, now: datetime
) -> DocumentView:
    """The draft waits for somebody else's approval. To change it takes it back."""
    template = drafting(command, actor, document)
    template.drafted()
    template.submit_draft(command.actor, now)
    return document_view(template)


def approve_template(
    command: ApproveTemplate, actor: Account | None, document: Template | None, now: datetime
) -> DocumentView:
    """The draft becomes the next version."""
    template: Template = drafting(command, actor, document)
    template.approve(command.actor, now)
    return document_view(template)


def send_back_template(
    command: SendBackTemplate, actor: Account | None, document: Template | None, now: datetime
) -> DocumentView:
    """The draft is its authors' again. Whoever submitted it may take it back like this, too."""
    template: Template = drafting(command, actor, document)
    template.awaiting()
    template.send_back_draft()
    return document_view(template)
