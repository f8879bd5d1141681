"""Publish a case type at once, as whoever keeps the national ones in files of their own does."""

from datetime import datetime

from services.admin.application.catalogue.commands import PublishCaseType
from services.admin.application.documents.owners import must_write, to_write
from services.admin.application.documents.views import DocumentView, document_view
from services.admin.application.faults import not_found
from services.admin.application.ports import Documents
from services.admin.domain.account import Account
from services.admin.domain.case_type import CaseType
from shared.contracts.case_types import NATIONALLY


def publish_case_type(
    command: PublishCaseType, actor: Account | None, documents: Documents, now: datetime
) -> DocumentView:
    """The next version, or the first of a national type, without a draft before it."""
    present = documents.get(command.id)
    if present is None:
        must_write(actor, NATIONALLY)
        if command.seen:
            raise not_found("id")
    document = CaseType(command.id) if present is None else to_write(actor, present)
    document.expect_version(command.seen)
    document.publish_content(command.wish.content(), command.actor, now)
    if present is None:
        documents.add(document)
    return document_view(document)
