"""Commands about templates, beside those that every document has."""

from typing import ClassVar

from services.admin.application.documents.commands import DocumentCommand


class SubmitTemplate(DocumentCommand):
    """The draft is ready to be published, once a second person has approved it."""

    TYPE: ClassVar[str] = "admin.submit-template.v1"


class ApproveTemplate(DocumentCommand):
    """A second person approves the draft, which becomes the next version."""

    TYPE: ClassVar[str] = "admin.approve-template.v1"


class SendBackTemplate(DocumentCommand):
    """The draft is not approved like this."""

    TYPE: ClassVar[str] = "admin.send-back-template.v1"
