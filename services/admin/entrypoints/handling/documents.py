"""The lines that case types and templates both have: the same use cases on rows of their own."""

from typing import Any

from services.admin.adapters.work import AdminWork
from services.admin.application.documents.drafts import (
    copy_document,
    create_document,
    discard_draft,
    retire_document,
    roll_back_document,
    save_draft,
)
from services.admin.application.documents.kind import DocumentKind
from services.admin.application.documents.transfer import import_document
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import Handler, on, row, rows


def _place(arrival: Arrival, _: Any) -> list[str]:
    place: list[str] = body(arrival).place()
    return place


def _both(arrival: Arrival, _: Any) -> list[str]:
    command = body(arrival)
    return [command.id, command.source]


def document_lines(kind: DocumentKind) -> tuple[Handler, ...]:
    """The lines of one kind of document."""
    document, documents = row(kind.rows, "id"), rows(kind.rows, "id")
    clinics, its = rows("clinics", _place), kind.commands

    def earlier(arrival: Arrival, work: AdminWork) -> list[str]:
        command = body(arrival)
        found = getattr(work, kind.rows).get(command.id)
        return [found.version_key(command.to_version)] if found is not None else []

    return (
        on(its.create, create_document, actor=ACTOR, documents=documents, clinics=clinics),
        on(its.copy, copy_document, actor=ACTOR, documents=rows(kind.rows, _both), clinics=clinics),
        on(its.import_, import_document, actor=ACTOR, documents=documents, clinics=clinics),
        on(its.save, save_draft, actor=ACTOR, document=document),
        on(its.discard, discard_draft, actor=ACTOR, document=document),
        on(its.retire, retire_document, actor=ACTOR, document=document),
        on(
            its.roll_back,
            roll_back_document,
            actor=ACTOR,
            document=document,
            versions=rows("versions", earlier),
        ),
    )
