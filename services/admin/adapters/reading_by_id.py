"""What is read without a decision, by ids alone: adaptations, rules about approval."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from shared.database.pool import Database
from shared.database.rows import Rows

E = TypeVar("E")


class ReadingById(Generic[E]):
    """Reads of one table. No locks."""

    def __init__(self, database: Database, rows: type[Rows[str, E]]) -> None:
        columns, key = ", ".join(rows.columns), rows.columns[0]
        self._select = f"SELECT {columns} FROM {rows.table.name} WHERE {key} = ANY($1::text[])"  # noqa: S608
        self._database = database
        self._rows = rows

    async def all_of(self, ids: Iterable[str]) -> dict[str, E]:
        """Those that exist, by their ids."""
        reader = self._rows()
        rows: list[Any] = await self._database.fetch(self._select, list(ids))
        found = [reader.from_row(row) for row in rows]
        return {reader.key_of(entity): entity for entity in found}
