"""Drafts and versions: who writes what, and how a draft becomes a version that never changes."""

from datetime import datetime
from typing import Any, TypeVar

from services.admin.application.documents.commands import (
    CopyDocument,
    CreateDocument,
    DiscardDraft,
    DocumentCommand,
    PublishDraft,
    RetireDocument,
    RollBackDocument,
    SaveDraft,
)
from services.admin.application.documents.owners import may_see, must_write, to_write
from services.admin.application.documents.views import DocumentView, document_view
from services.admin.application.faults import no_such_version, not_found
from services.admin.application.ports import Clinics, Documents, Versions
from services.admin.domain.account import Account
from services.admin.domain.document import Document
from shared.contracts.ids import ClinicId
from shared.errors import Conflict
from shared.faults import Fault

D = TypeVar("D", bound=Document[Any])

_EXISTS = Fault(
    "id",
    "already_exists",
    "Det id:t är upptaget. Välj ett annat, eller ändra den som finns.",
    "That id is taken. Choose another, or change what is there.",
)


def create_document(
    command: CreateDocument, actor: Account | None, documents: Documents, clinics: Clinics, now: datetime
) -> DocumentView:
    """A first draft, seen by nobody but its owner's administrators."""
    document = new_document(command, actor, documents, clinics)
    document.save_draft(command.wish.content(), command.actor, now)
    documents.add(document)
    return document_view(document)


def copy_document(
    command: CopyDocument, actor: Account | None, documents: Documents, clinics: Clinics, now: datetime
) -> DocumentView:
    """A first draft that says what another document says, the other's draft where it has no version."""
    document = new_document(command, actor, documents, clinics)
    source = documents.get(command.source)
    if actor is None or source is None or not may_see(actor, source):
        raise not_found("source")
    content = source.content if source.content is not None else source.drafted().content
    document.save_draft(content.model_copy(update={"active": True}), command.actor, now)
    documents.add(document)
    return document_view(document)


def save_draft(
    command: SaveDraft, actor: Account | None, document: Document[Any] | None, now: datetime
) -> DocumentView:
    """The draft says this from now on; what is published stays as it is."""
    document = drafting(command, actor, document)
    document.save_draft(command.wish.content(), command.actor, now)
    return document_view(document)


def discard_draft(
    command: DiscardDraft, actor: Account | None, document: Document[Any] | None, now: datetime
) -> DocumentView:
    """The draft is gone; what is published stays as it is."""
    document = drafting(command, actor, document)
    document.discard_draft()
    return document_view(document)


def publish_draft(
    command: PublishDraft, actor: Account | None, document: Document[Any] | None, now: datetime
) -> DocumentView:
    """The draft becomes the next version."""
    document = drafting(command, actor, document)
    document.publish_draft(command.actor, now)
    return document_view(document)


def retire_document(
    command: RetireDocument, actor: Account | None, document: Document[Any] | None, now: datetime
) -> DocumentView:
    """A last version, which ends it. What has begun with an earlier one goes on with that."""
    document = to_write(actor, document)
    document.expect_version(command.seen)
    document.retire(command.actor, now)
    return document_view(document)


def roll_back_document(
    command: RollBackDocument,
    actor: Account | None,
    document: Document[Any] | None,
    versions: Versions,
    now: datetime,
) -> DocumentView:
    """A new version with the content of an earlier one: nothing that was published is taken back."""
    document = to_write(actor, document)
    document.expect_version(command.seen)
    earlier = versions.get(document.version_key(command.to_version))
    if earlier is None:
        raise no_such_version("to_version")
    content = type(document.said()).model_validate(earlier.state)
    document.publish_content(content, command.actor, now)
    return document_view(document)


def new_document(
    command: CreateDocument, actor: Account | None, documents: Documents, clinics: Clinics
) -> Document[Any]:
    """A document that is not there yet. Raises Forbidden, NotFound for an unknown clinic, Conflict for a taken id."""
    must_write(actor, command.owner)
    if any(clinics.get(ClinicId(place)) is None for place in command.place()):
        raise not_found("owner.clinic_id")
    if documents.get(command.id) is not None:
        raise Conflict(_EXISTS)
    return command.DOCUMENT(command.id, command.owner)


def drafting(command: DocumentCommand, actor: Account | None, document: D | None) -> D:
    """The document, whose draft the actor saw as it is. Raises NotFound, Forbidden, Conflict."""
    found = to_write(actor, document)
    found.expect_revision(command.seen)
    return found
