"""Commands about templates."""

from typing import Any, ClassVar

from services.admin.application.documents.commands import (
    CopyDocument,
    CreateDocument,
    DiscardDraft,
    DocumentCommand,
    ImportDocument,
    RetireDocument,
    RollBackDocument,
    SaveDraft,
)
from services.admin.application.templates.wishes import TemplateWish
from services.admin.domain.document import Document
from services.admin.domain.template import Template


class CreateTemplate(CreateDocument):
    """A first draft of a template."""

    TYPE: ClassVar[str] = "admin.create-template.v1"
    DOCUMENT: ClassVar[type[Document[Any]]] = Template

    wish: TemplateWish


class CopyTemplate(CopyDocument):
    """A first draft that says what another template says."""

    TYPE: ClassVar[str] = "admin.copy-template.v1"
    DOCUMENT: ClassVar[type[Document[Any]]] = Template


class ImportTemplate(ImportDocument):
    """A draft from a file."""

    TYPE: ClassVar[str] = "admin.import-template.v1"
    DOCUMENT: ClassVar[type[Document[Any]]] = Template

    wish: TemplateWish | None


class SaveTemplateDraft(SaveDraft):
    """What the draft of a template shall say."""

    TYPE: ClassVar[str] = "admin.save-template-draft.v1"

    wish: TemplateWish


class DiscardTemplateDraft(DiscardDraft):
    """The draft of a template is not wanted any more."""

    TYPE: ClassVar[str] = "admin.discard-template-draft.v1"


class SubmitTemplate(DocumentCommand):
    """The draft is ready to be published, once a second person has approved it."""

    TYPE: ClassVar[str] = "admin.submit-template.v1"


class ApproveTemplate(DocumentCommand):
    """A second person approves the draft, which becomes the next version."""

    TYPE: ClassVar[str] = "admin.approve-template.v1"


class SendBackTemplate(DocumentCommand):
    """The draft is not approved like this."""

    TYPE: ClassVar[str] = "admin.send-back-template.v1"


class RetireTemplate(RetireDocument):
    """No more new cases from a template."""

    TYPE: ClassVar[str] = "admin.retire-template.v1"


class RollBackTemplate(RollBackDocument):
    """An earlier version of a template is in force again, as a new one."""

    TYPE: ClassVar[str] = "admin.roll-back-template.v1"
