"""Case types or templates read without a decision: lists as far as somebody sees, single ones, versions."""

from dataclasses import dataclass
from typing import Any

from services.admin.adapters.rows.catalogue import DocumentRows
from services.admin.domain.document import Document, Version
from shared.database.pool import Database

# What `may_see` of owners.py says, for a whole page at once.
_LIST = """
SELECT {columns} FROM {table} WHERE id > $1 AND ($2
    OR version > 0 AND (owner_kind <> 'clinic' OR owner_place = ANY($3::text[]))
    OR owner_kind = 'region' AND owner_place = ANY($4::text[])
    OR owner_kind = 'clinic' AND owner_place = ANY($5::text[]))
ORDER BY id LIMIT $6
"""
_ONE = "SELECT {columns} FROM {table} WHERE id = $1"
_VERSIONS = """
SELECT id, version, changed_by, changed_at, state FROM history
WHERE kind = $1 AND id = ANY(SELECT $2 || n FROM generate_series($3::bigint, $4::bigint) n) ORDER BY version
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees: everything; what belongs to these clinics; drafts of these regions and clinics."""

    everything: bool
    clinics: frozenset[str]
    writes_for_regions: frozenset[str]
    writes_at: frozenset[str]


class DocumentReading:
    """Reads of one kind of document."""

    def __init__(self, database: Database, rows: type[DocumentRows[Any]]) -> None:
        self._database = database
        self._rows = rows
        names = {"columns": ", ".join(rows.columns), "table": rows.table.name}
        self._list, self._one = _LIST.format(**names), _ONE.format(**names)

    async def page(self, sight: Sight, after: str, limit: int) -> list[Document[Any]]:
        """What somebody sees, in the order of the ids, after this one."""
        seen = (
            sight.everything,
            sorted(sight.clinics),
            sorted(sight.writes_for_regions),
            sorted(sight.writes_at),
        )
        reader = self._rows()
        return [reader.from_row(row) for row in await self._database.fetch(self._list, after, *seen, limit)]

    async def one(self, id_: str) -> Document[Any] | None:
        """The document with this id."""
        reader = self._rows()
        found = [reader.from_row(row) for row in await self._database.fetch(self._one, id_)]
        return found[0] if found else None

    async def versions(self, document: Document[Any], first: int, last: int) -> list[Version]:
        """Published versions from `first` to `last`, oldest first."""
        prefix = document.version_key(0).removesuffix("0")
        kind = type(document).__name__
        last = min(last, document.version)
        return [
            Version(*row) for row in await self._database.fetch(_VERSIONS, kind, prefix, max(first, 1), last)
        ]
