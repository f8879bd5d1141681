"""A template is published when a second person has approved it: one who has had no hand in it."""

from datetime import datetime

from services.admin.application.documents.drafts import drafting
from services.admin.application.documents.views import DocumentView, document_view
from services.admin.application.templates.commands import ApproveTemplate, SendBackTemplate, SubmitTemplate
from services.admin.domain.account import Account
from services.admin.domain.template import Template


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
