"""Rules about approval read without a decision."""

from collections.abc import Iterable

from services.admin.adapters.rows.approval_rules import ApprovalRuleRows
from services.admin.domain.approval_rule import ApprovalRule
from shared.database.pool import Database

_SELECT = f"SELECT {', '.join(ApprovalRuleRows.columns)} FROM approval_rules WHERE id = ANY($1::text[])"  # noqa: S608


class ApprovalRuleReading:
    """Reads of rules."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all_of(self, ids: Iterable[str]) -> dict[str, ApprovalRule]:
        """Those that exist, by their ids."""
        reader = ApprovalRuleRows()
        found = [reader.from_row(row) for row in await self._database.fetch(_SELECT, list(ids))]
        return {rule.id: rule for rule in found}
