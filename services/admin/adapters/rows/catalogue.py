"""How case types become rows and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.catalogue import CASE_TYPES, TEMPLATES
from services.admin.domain.case_type import CaseType
from services.admin.domain.document import Document, Draft, Version
from services.admin.domain.template import Template
from shared.contracts.case_types import CaseTypeContent, Owner
from shared.contracts.templates import TemplateContent
from shared.database.pool import Connection
from shared.database.rows import Rows

D = TypeVar("D", bound=Document[Any])

_VERSIONS = """
SELECT id, version, changed_by, changed_at, state FROM history
WHERE kind IN ('CaseType', 'Template') AND id = ANY($1::text[])
"""


class DocumentRows(Rows[str, D]):
    """Documents, locked. A subclass names the table, and what the rows and their content become."""

    columns: ClassVar[Sequence[str]] = (
        "id",
        "owner_kind",
        "owner_place",
        "content",
        "draft",
        "revision",
        *LAST_CHANGE,
    )
    document: ClassVar[type[Document[Any]]]
    content: ClassVar[type[Any]]

    def from_row(self, row: Any) -> D:
        id_, kind, place, content, draft, revision, *rest = row
        said = None if content is None else self.content.model_validate(content)
        document: Any = self.document(
            id_, Owner(kind=kind, place=place), said, self._draft(draft), revision, *rest
        )
        return document  # type: ignore[no-any-return]

    def to_row(self, entity: D) -> tuple[Any, ...]:
        content, draft = entity.content, entity.draft
        return (
            entity.id,
            entity.owner.kind.value,
            entity.owner.place,
            None if content is None else content.model_dump(mode="json"),
            None if draft is None else _draft_as_json(draft),
            entity.revision,
            *last_change_of(entity),
        )

    def _draft(self, row: Any) -> Draft[Any] | None:
        if row is None:
            return None
        submitted_at = row["submitted_at"]
        return Draft(
            self.content.model_validate(row["content"]),
            row["saved_by"],
            datetime.fromisoformat(row["saved_at"]),
            frozenset(row["authors"]),
            row["submitted_by"],
            datetime.fromisoformat(submitted_at) if submitted_at else None,
        )


def _draft_as_json(draft: Draft[Any]) -> dict[str, Any]:
    return {
        "content": draft.content.model_dump(mode="json"),
        "saved_by": draft.saved_by,
        "saved_at": draft.saved_at.isoformat(),
        "authors": sorted(draft.authors),
        "submitted_by": draft.submitted_by,
        "submitted_at": draft.submitted_at.isoformat() if draft.submitted_at else None,
    }


class CaseTypeRows(DocumentRows[CaseType]):
    """Case types as their newest versions and their drafts have them."""

    table = CASE_TYPES
    document = CaseType
    content = CaseTypeContent


class TemplateRows(DocumentRows[Template]):
    """Templates as their newest versions and their drafts have them."""

    table = TEMPLATES
    columns = (*DocumentRows.columns, "approved_by")
    document = Template
    content = TemplateContent

    def to_row(self, entity: Template) -> tuple[Any, ...]:
        return (*super().to_row(entity), entity.approved_by)


class VersionRows:
    """Versions of case types and templates, by their keys. They never change, so nothing is locked or written."""

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._loaded: dict[str, Version] = {}

    def want(self, key: str) -> None:
        """Say that the batch needs this version."""
        if key not in self._loaded:
            self._wanted.add(key)

    async def load(self, connection: Connection) -> None:
        """Read all wanted versions in one query."""
        if self._wanted:
            wanted, self._wanted = list(self._wanted), set()
            found = (Version(*row) for row in await connection.fetch(_VERSIONS, wanted))
            self._loaded.update((version.id, version) for version in found)

    def get(self, key: str) -> Version | None:
        """The version, or None."""
        return self._loaded.get(key)

    async def write(self, connection: Connection) -> None:
        """Nothing."""
