"""Commands about drafts and versions. Each kind of document has its own of each, since each has its own rows."""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import create_model

from services.admin.application.commands import AdminCommand
from services.admin.domain.document import Document
from shared.contracts.case_types import Owner
from shared.contracts.message import Slug

C = TypeVar("C", bound="DocumentCommand")


class DocumentCommand(AdminCommand):
    """About one document. `seen` is the version that the actor saw, or the draft's number where it is about a draft."""

    DOCUMENT: ClassVar[type[Document[Any]]]

    id: Slug
    seen: int = 0


class CreateDocument(DocumentCommand):
    """A first draft."""

    owner: Owner
    wish: Any

    def place(self) -> list[str]:
        """The clinic whose it shall be, if it shall be a clinic's."""
        return [self.owner.place] if self.owner.place.startswith("SE") else []


class CopyDocument(CreateDocument):
    """A first draft with what another document says."""

    wish: Any = None
    source: Slug


class ImportDocument(CreateDocument):
    """A draft from a file. `report` says what was taken of it."""

    report: dict[str, Any]
    dry_run: bool


class SaveDraft(DocumentCommand):
    """What the draft shall say."""

    wish: Any


class DiscardDraft(DocumentCommand):
    """The draft is not wanted any more."""


class PublishDraft(DocumentCommand):
    """The draft becomes the next version."""


class RetireDocument(DocumentCommand):
    """No more new ones."""


class RollBackDocument(DocumentCommand):
    """An earlier version's content becomes the next version."""

    to_version: int


@dataclass(frozen=True, slots=True)
class DocumentCommands:
    """What can be asked about one kind of document."""

    create: type[CreateDocument]
    copy: type[CopyDocument]
    import_: type[ImportDocument]
    save: type[SaveDraft]
    discard: type[DiscardDraft]
    publish: type[PublishDraft]
    retire: type[RetireDocument]
    roll_back: type[RollBackDocument]


def commands_about(noun: str, document: type[Document[Any]]) -> DocumentCommands:
    """The commands of one kind of document, such as `admin.save-case-type-draft.v1`."""

    def its(command: type[C], act: str) -> type[C]:
        own = create_model(command.__name__, __base__=command, __module__=__name__, __doc__=command.__doc__)
        own.TYPE, own.DOCUMENT = f"admin.{act.format(noun)}.v1", document
        return own

    return DocumentCommands(
        create=its(CreateDocument, "create-{}"),
        copy=its(CopyDocument, "copy-{}"),
        import_=its(ImportDocument, "import-{}"),
        save=its(SaveDraft, "save-{}-draft"),
        discard=its(DiscardDraft, "discard-{}-draft"),
        publish=its(PublishDraft, "publish-{}-draft"),
        retire=its(RetireDocument, "retire-{}"),
        roll_back=its(RollBackDocument, "roll-back-{}"),
    )
