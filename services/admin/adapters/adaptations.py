"""Adaptations of case types read without a decision."""

from collections.abc import Sequence

from services.admin.adapters.rows.adaptations import AdaptationRows
from services.admin.domain.adaptation import CaseTypeAdaptation
from shared.database.pool import Database

_SELECT = f"SELECT {', '.join(AdaptationRows.columns)} FROM adaptations WHERE id = ANY($1::text[])"  # noqa: S608


class AdaptationReading:
    """Reads of adaptations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all_of(self, ids: Sequence[str]) -> dict[str, CaseTypeAdaptation]:
        """Those that exist, by their ids."""
        reader = AdaptationRows()
        found = [reader.from_row(row) for row in await self._database.fetch(_SELECT, list(ids))]
        return {adaptation.id: adaptation for adaptation in found}
