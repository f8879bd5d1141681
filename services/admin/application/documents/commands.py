"""Commands about drafts and versions. Each kind of document has its own of each, since each has its own rows."""

from typing import Any, ClassVar

from services.admin.application.commands import AdminCommand
from services.admin.domain.document import Document
from shared.contracts.case_types import Owner
from shared.contracts.message import Slug


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


class PublishDocument(DocumentCommand):
    """This becomes the next version at once; the first one of a national document if there is none."""

    wish: Any


class RetireDocument(DocumentCommand):
    """No more new ones."""


class RollBackDocument(DocumentCommand):
    """An earlier version's content becomes the next version."""

    to_version: int
