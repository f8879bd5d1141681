"""How case types and templates are shown."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from services.admin.application.views import View
from services.admin.domain.document import Document, Draft, State
from shared.contracts.case_types import Owner

Values = dict[str, Any]


class DraftView(BaseModel):
    """A draft. Its number is its ETag."""

    revision: int
    state: Literal["draft", "awaiting_approval"]
    content: Values
    saved_by: str
    saved_at: datetime
    authors: list[str] = Field(description="Everybody who has had a hand in it")
    submitted_by: str = ""
    submitted_at: datetime | None = None


class DocumentLine(View):
    """The newest version without its content."""

    id: str
    owner: Owner
    state: State
    name_sv: str
    name_en: str
    draft_revision: int = Field(description="`If-Match` of acts on the draft, also where there is none")
    has_draft: bool


class DocumentView(DocumentLine):
    """The newest version."""

    content: Values | None = Field(
        description="What the newest published version says; null before the first"
    )


class VersionView(View):
    """One published version, which never changes."""

    id: str
    content: Values


class DifferenceView(BaseModel):
    """One difference between two versions."""

    path: str = Field(description="Where, such as question_form.item[supply].text")
    kind: Literal["added", "removed", "changed", "moved"]
    before: Any
    after: Any


class RemarkView(BaseModel):
    """Something to look at again. It stops nobody."""

    path: str
    code: str
    message: str


def document_line(document: Document[Any]) -> DocumentLine:
    """Show a document without what it says."""
    content = document.content if document.content is not None else document.drafted().content
    return DocumentLine(
        id=document.id,
        owner=document.owner,
        state=document.state,
        version=document.version,
        changed_by=document.changed_by,
        changed_at=document.changed_at,
        name_sv=content.name_sv,
        name_en=content.name_en,
        draft_revision=document.revision,
        has_draft=document.draft is not None,
    )


def document_view(document: Document[Any]) -> DocumentView:
    """Show a document."""
    content = document.content.model_dump(mode="json") if document.content is not None else None
    return DocumentView(**dict(document_line(document)), content=content)


def draft_view(document: Document[Any]) -> DraftView:
    """Show a draft. Raises Refused if there is none."""
    draft: Draft[Any] = document.drafted()
    return DraftView(
        revision=document.revision,
        state="awaiting_approval" if draft.submitted_by else "draft",
        content=draft.content.model_dump(mode="json"),
        saved_by=draft.saved_by,
        saved_at=draft.saved_at,
        authors=sorted(draft.authors),
        submitted_by=draft.submitted_by,
        submitted_at=draft.submitted_at,
    )
