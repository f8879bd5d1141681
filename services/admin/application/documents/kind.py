"""What is different between case types and templates; all else about drafts and versions is the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.admin.application.documents.commands import DocumentCommands
from services.admin.application.documents.preview import Preview
from services.admin.application.wishes import Wish
from shared.forms import Language


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document. `noun` is its name in addresses, in files and in the types of its commands."""

    noun: str
    rows: str
    """Its stage of the unit of work."""
    commands: DocumentCommands
    wish: type[Wish]
    new: type[Wish]
    look: type[Wish]
    review: Callable[[Any, Language, Any], Preview]

    @property
    def path(self) -> str:
        """Where its routes are."""
        return f"/{self.noun}s"

    @property
    def format(self) -> str:
        """What an exported file says that it is."""
        return f"vardvaxel.{self.noun}.v1"
