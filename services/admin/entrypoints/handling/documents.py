"""The lines that case types and templates both have: the same use cases on rows of their own."""

from typing import Any

from services.admin.adapters.work import AdminWork
from services.admin.application.documents.commands import (
    CopyDocument,
    CreateDocument,
    DiscardDraft,
    ImportDocument,
    RetireDocument,
    RollBackDocument,
    SaveDraft,
)
from services.admin.application.documents.drafts import (
    copy_document,
    create_document,
    discard_draft,
    retire_document,
    roll_back_document,
    save_draft,
)
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


def document_lines(
    stage: str,
    *,
    create: type[CreateDocument],
    copy: type[CopyDocument],
    import_: type[ImportDocument],
    save: type[SaveDraft],
    discard: type[DiscardDraft],
    retire: type[RetireDocument],
    roll_back: type[RollBackDocument],
) -> tuple[Handler, ...]:
    """The lines of one kind of document, whose rows are this stage of the unit of work."""
    document, documents, clinics = row(stage, "id"), rows(stage, "id"), rows("clinics", _place)

    def earlier(arrival: Arrival, work: AdminWork) -> list[str]:
        command = body(arrival)
        found = getattr(work, stage).get(command.id)
        return [found.version_key(command.to_version)] if found is not None else []

    return (
        on(create, create_document, actor=ACTOR, documents=documents, clinics=clinics),
        on(copy, copy_document, actor=ACTOR, documents=rows(stage, _both), clinics=clinics),
        on(import_, import_document, actor=ACTOR, documents=documents, clinics=clinics),
        on(save, save_draft, actor=ACTOR, document=document),
        on(discard, discard_draft, actor=ACTOR, document=document),
        on(retire, retire_document, actor=ACTOR, document=document),
        on(
            roll_back,
            roll_back_document,
            actor=ACTOR,
            document=document,
            versions=rows("versions", earlier),
        ),
    )
